/**
 * A client's budget is one, by whatever way it asks: what is left is said with every answer, and when it is used up nobody is
 * asked, nothing is recorded, and other clients notice nothing.
 */
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { AMAN, MWPS } from "../../sandbox/synth/members.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

/** 22 values that could be read. */
const QUERY = "{ cases(first: 10) { edges { node { nrmNumber } } } }";
const ENOUGH_FOR = 2;

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({
    env: {
      IHALA_LIMITS_MAX_COST_PER_CLIENT: "60",
      IHALA_LIMITS_MAX_COST_PER_AGENCY: "50",
      IHALA_LIMITS_COST_WINDOW_SECONDS: "36000",
      IHALA_SERVER_BATCH_SIZE: "3",
    },
  });
});
afterAll(() => on?.close());

interface Told {
  readonly status: number | null;
  readonly headers: Headers;
  readonly errors: readonly { readonly extensions: Readonly<Record<string, unknown>> }[];
}

async function overHttp(reader: Reader, init: RequestInit & { readonly search?: string }): Promise<Response> {
  const { search = "", ...rest } = init;
  return fetch(`${on.url}/graphql${search}`, {
    ...rest,
    headers: {
      accept: "application/graphql-response+json",
      ...(rest.body ? { "content-type": "application/json" } : {}),
      ...rest.headers,
      ...(await credentials(reader)),
    },
  });
}

const credentials = async (reader: Reader) => ({
  authorization: `Bearer ${await on.token(reader)}`,
  "x-purpose": reader.purpose,
});

async function told(response: Response): Promise<Told> {
  const text = await response.text();
  const { errors = [] } = JSON.parse(/^data: (\{.*\})$/m.exec(text)?.[1] ?? text) as Partial<Told>;
  return { status: response.status, headers: response.headers, errors };
}

async function overWebSocket(reader: Reader): Promise<Told> {
  const client = createClient({
    url: `${on.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: await credentials(reader),
  });
  try {
    const { value } = await client.iterate({ query: QUERY }).next();
    return { status: null, headers: new Headers(), errors: value?.errors ?? [] } as Told;
  } catch (errors) {
    return { status: null, headers: new Headers(), errors: errors as Told["errors"] };
  } finally {
    await client.dispose();
  }
}

const WAYS: readonly (readonly [string, Reader, (reader: Reader) => Promise<Told>])[] = [
  [
    "by POST",
    { role: "NGO.caseworker", purpose: "SHELTER_CARE", member: MWPS },
    async (reader) =>
      told(await overHttp(reader, { method: "POST", body: JSON.stringify({ query: QUERY }) })),
  ],
  [
    "by GET",
    { role: "NGO.caseworker", purpose: "SHELTER_CARE", member: AMAN },
    async (reader) => told(await overHttp(reader, { search: `?query=${encodeURIComponent(QUERY)}` })),
  ],
  [
    "by Server-Sent Events",
    { role: "PPO.prosecutor", purpose: "PROSECUTION" },
    async (reader) =>
      told(
        await overHttp(reader, {
          method: "POST",
          body: JSON.stringify({ query: QUERY }),
          headers: { accept: "text/event-stream" },
        }),
      ),
  ],
  ["over WebSocket", { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" }, overWebSocket],
];

const LEFT = /^"client";r=(\d+);t=\d+, "agency";r=(\d+);t=\d+$/;

describe.each(WAYS)("%s", (_, reader, ask) => {
  it("is told what is left, and refused when nothing is", async () => {
    for (let n = 1; n <= ENOUGH_FOR; n += 1) {
      const { result, calls } = await on.watch(() => ask(reader));
      expect(result.errors).toEqual([]);
      expect(calls["ledger"]).toBe(1);
      if (result.status === null) continue;
      const [, client, agency] = LEFT.exec(result.headers.get("ratelimit") ?? "") ?? [];
      expect([Number(client), Number(agency)]).toEqual([60 - 22 * n, 50 - 22 * n]);
      expect(result.headers.get("ratelimit-policy")).toBe(
        '"client";q=60;qu="cost";w=36000, "agency";q=50;qu="cost";w=36000',
      );
    }
    const before = (await on.records()).length;
    const { result, calls } = await on.watch(() => ask(reader));
    expect(result.errors.map(({ extensions }) => extensions["code"])).toEqual(["BUDGET_EXHAUSTED"]);
    expect(result.errors[0]?.extensions["retryAfterSeconds"]).toBeGreaterThan(1_000);
    const { RTC: _certificates, ...agencies } = calls;
    expect(agencies).toEqual({});
    expect(await on.records()).toHaveLength(before);
    if (result.status === null) return;
    expect(result.status).toBe(429);
    expect(Number(result.headers.get("retry-after"))).toBe(result.errors[0]?.extensions["retryAfterSeconds"]);
    expect(result.headers.get("ratelimit")).toMatch(LEFT);
  });

  it("nor by any other way", async () => {
    for (const [, , other] of WAYS)
      expect((await other(reader)).errors.map(({ extensions }) => extensions["code"])).toEqual([
        "BUDGET_EXHAUSTED",
      ]);
  });
});

it("each question of a batch is paid for", async () => {
  const judge: Reader = { role: "CRT.judge", purpose: "ADJUDICATION" };
  const body = JSON.stringify([{ query: QUERY }, { query: QUERY }, { query: QUERY }]);
  const response = await overHttp(judge, { method: "POST", body });
  const answers = (await response.json()) as Partial<Told>[];
  // They run beside each other: any of them may be the one too many.
  expect(answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions["code"]))).toEqual([
    "BUDGET_EXHAUSTED",
  ]);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(1_000);
  expect(response.status).toBe(200);
  expect(response.headers.get("ratelimit")).toMatch(/^"client";r=16;/);
});

it("what costs more than a full budget is refused as too large, in both languages", async () => {
  const reader: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
  const dear = QUERY.replace("10", "30");
  const { result, calls } = await on.watch(async () => [
    await on.ask(reader, dear),
    await on.ask(reader, dear, {}, { "accept-language": "ar" }),
  ]);
  expect(result.map(({ errors }) => errors[0]?.message)).toEqual([
    "the document exceeds the limit of 60 for `cost`",
    "المستند يتجاوز الحد 60 لـ `cost`",
  ]);
  expect(calls).not.toHaveProperty("ledger");
  expect((await on.ask(reader, QUERY)).errors).toEqual([]);
});

it("limits may change while the gateway runs, and what was used stays used", {
  timeout: 120_000,
}, async () => {
  const reader: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
  await on.ask(reader, QUERY);
  expect((await on.ask(reader, QUERY)).errors[0]?.extensions.code).toBe("BUDGET_EXHAUSTED");
  const { limits } = on.config;
  await on.reload({ ...on.config, limits: { ...limits, costWindowSeconds: 1 } });
  await expect.poll(async () => (await on.ask(reader, QUERY)).errors).toEqual([]);
});
