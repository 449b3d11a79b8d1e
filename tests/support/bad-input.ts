/**
 * Bad input over HTTP against the whole deployment: each kind has its code, its status and a message that says what is
 * wrong, in English and in Arabic; no agency is asked, nothing is recorded, and nothing of the inside is told.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Deployment, type DeploymentOptions, type Reader, startDeployment } from "./deployment.ts";
import { expectNothingInside, type RawRequest, send } from "./http.ts";

export interface BadInput {
  readonly name: string;
  readonly request: (on: Deployment) => Promise<RawRequest>;
  readonly status: number;
  readonly code: string;
  readonly english: RegExp;
  readonly arabic: RegExp;
}

export const bad = (
  name: string,
  request: BadInput["request"],
  [status, code]: readonly [number, string],
  english: RegExp,
  arabic: RegExp,
): BadInput => ({ name, request, status, code, english, arabic });

export const care: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
export const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };

export const json = (query: string, variables: object = {}): string => JSON.stringify({ query, variables });
export const HARMLESS = json("{ agencies { code } }");

export const headersOf = async (on: Deployment, reader: Reader): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await on.token(reader)}`,
  "x-purpose": reader.purpose,
});

/** A question of a reader, in good form apart from what it asks. */
export const asked =
  (reader: Reader, query: string, variables: object = {}): BadInput["request"] =>
  async (on) => ({ headers: await headersOf(on, reader), body: json(query, variables) });

/** What is said of a body in another form. */
export const MEDIA = [
  /must be `application\/json` in UTF-8, uncompressed/,
  /يجب أن يكون متن الطلب بصيغة `application\/json`/,
] as const;
/** What an Arabic refusal of the transport begins with. */
export const HTTP_AR = /^الطلب لا يوافق بروتوكول GraphQL عبر HTTP: /;

/** What is expected of a limit's messages. */
export const limited = (most: number, limit: string) =>
  [new RegExp(`limit of ${most} for \`${limit}\``), new RegExp(`الحد ${most} لـ \`${limit}\``)] as const;

/** A deployment of its own, which is given back for what is permitted, and one test for each input. */
export function refuses(
  inputs: readonly BadInput[],
  options: () => Promise<DeploymentOptions> = async () => ({}),
): () => Deployment {
  let on: Deployment;
  beforeAll(async () => {
    on = await startDeployment(await options());
  });
  afterAll(() => on?.close());

  it.each(inputs)("$name: $code", async ({ request, status, code, english, arabic }) => {
    const raw = await request(on);
    const before = (await on.records()).length;
    const { result, calls } = await on.watch(async () => [
      await send(on, raw),
      await send(on, { ...raw, headers: { ...raw.headers, "accept-language": "ar-BH, en;q=0.5" } }),
    ]);
    for (const [i, words] of [english, arabic].entries()) {
      const reply = result[i]!;
      expect({ status: reply.status, codes: [...new Set(reply.codes)] }).toEqual({ status, codes: [code] });
      expect(reply.body.errors?.[0]?.message).toMatch(words);
      expect(reply.body).not.toHaveProperty("data");
      expect(reply.headers).toMatchObject({
        "content-language": i === 0 ? "en" : "ar",
        "cache-control": "no-store",
        "x-ihala-mode": "sandbox",
      });
      expectNothingInside(reply.text);
    }
    // Certificates belong to knowing who asks.
    const { RTC: _certificates, ...agencies } = calls;
    expect(agencies).toEqual({});
    expect(await on.records()).toHaveLength(before);
  });
  return () => on;
}
