/** A15: every way in meets the same limits, the same decisions and the same record: as text, by GET, in a batch, by hash. */
import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { headersOf, inspector } from "../support/bad-input.ts";
import { type Deployment, startDeployment } from "../support/deployment.ts";
import { type RawReply, type RawRequest, send } from "../support/http.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({ env: { IHALA_SERVER_BATCH_SIZE: "3" } });
});
afterAll(() => on?.close());

const byHash = (query: string) => ({ persistedQuery: { version: 1, sha256Hash: hash("sha256", query) } });

interface Way {
  readonly name: string;
  /** How many questions go out. */
  readonly questions: number;
  request(query: string): RawRequest;
  /** The answer to each. */
  bodies(reply: RawReply): readonly RawReply["body"][];
}

const one = ({ body }: RawReply) => [body];
const post = (body: unknown): RawRequest => ({ body: JSON.stringify(body) });
const get = (parameters: Record<string, string>): RawRequest => ({
  method: "GET",
  search: `?${new URLSearchParams(parameters)}`,
});

const WAYS: readonly Way[] = [
  { name: "as text", questions: 1, request: (query) => post({ query }), bodies: one },
  { name: "over GET", questions: 1, request: (query) => get({ query }), bodies: one },
  {
    name: "in a batch",
    questions: 3,
    request: (query) => post([{ query }, { query }, { query }]),
    bodies: ({ body }) => body as unknown as readonly RawReply["body"][],
  },
  {
    name: "as text, registered by hash",
    questions: 1,
    request: (query) => post({ query, extensions: byHash(query) }),
    bodies: one,
  },
];

const ask = async ({ request }: Way, query: string): Promise<RawReply> => {
  const raw = request(query);
  return send(on, { ...raw, headers: await headersOf(on, inspector) });
};

const deep = `{ ${"workers { edges { node { person {".repeat(3)} id ${"} } } }".repeat(3)} }`;
const aliases = `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: agencies { code }`).join(" ")} }`;
const tokens = `{${" a".repeat(2_001)}}`;
const bomb = `{ ...f13 } fragment f0 on Query { agencies { code } } ${Array.from(
  { length: 13 },
  (_, i) => `fragment f${i + 1} on Query { ...f${i} ...f${i} }`,
).join(" ")}`;

describe.each(WAYS)("a document $name", (way) => {
  it.each([
    ["too deep", deep],
    ["of too many aliases", aliases],
    ["of too many tokens", tokens],
    ["that is a fragment bomb", bomb],
  ])("%s is refused, and nobody is asked", async (_, query) => {
    const before = (await on.records()).length;
    const { result, calls } = await on.watch(() => ask(way, query));
    const codes = way.bodies(result).map(({ errors }) => errors?.map(({ extensions }) => extensions.code));
    expect(codes).toEqual(Array.from({ length: way.questions }, () => ["LIMIT_EXCEEDED"]));
    expect(result.status).toBe(400);
    const { RTC: _certificates, ...agencies } = calls;
    expect(agencies).toEqual({});
    expect(await on.records()).toHaveLength(before);
  });

  it("is decided and recorded as every other", async () => {
    const query = "{ workers(first: 2) { edges { node { workPermitNo person { nameLatin { full } } } } } }";
    const expected = await ask(WAYS[0]!, query);
    expect(JSON.stringify(expected.body.data)).toContain("workPermitNo");
    const before = (await on.records()).length;
    const reply = await ask(way, query);
    expect(way.bodies(reply)).toEqual(Array.from({ length: way.questions }, () => expected.body));
    const records = (await on.records()).slice(before - 1);
    expect(records).toHaveLength(1 + way.questions);
    const [first, ...others] = records.map(({ reader, operationHash, withheldCount, subjects }) => ({
      ...{ reader, operationHash, withheldCount, subjects },
    }));
    for (const other of others) expect(other).toEqual(first);
  });
});

it("a registered document is its reader's alone, and is decided for whoever asks", async () => {
  const query = "query Registered { agencies { code } }";
  const [mine, theirs] = [
    await headersOf(on, inspector),
    await headersOf(on, { role: "NGO.caseworker", purpose: "SHELTER_CARE" }),
  ];
  const alone = post({ extensions: byHash(query) });
  const full = post({ query, extensions: byHash(query) });
  expect((await send(on, { ...full, headers: mine })).status).toBe(200);
  expect((await send(on, { ...alone, headers: mine })).status).toBe(200);
  expect((await send(on, { ...alone, headers: theirs })).codes).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
});
