/**
 * Pages through the gateway: by keyset, no row repeated or skipped; cursors sealed, and good for one member, one purpose, one
 * filter and one day.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AMAN } from "../../sandbox/synth/members.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { send } from "../support/http.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
let ahead = 0;
let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({ clock: { now: () => Date.now() + ahead } });
});
afterAll(() => on?.close());

const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const screener: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
const society: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly endCursor: string | null;
    readonly startCursor: string | null;
  };
}
const PAGE = "{ edges { cursor node { id } } pageInfo { hasNextPage startCursor endCursor } }";
const workers = (more = ""): string =>
  `query($first: Int, $after: String) { workers(first: $first, after: $after ${more}) ${PAGE} }`;
const cases = (more = ""): string =>
  `query($first: Int, $after: String) { cases(first: $first, after: $after ${more}) ${PAGE} }`;

async function page(reader: Reader, query: string, variables: object): Promise<Page> {
  const reply = await on.ask(reader, query, { ...variables });
  expect(reply.errors).toEqual([]);
  return Object.values(reply.data ?? {})[0] as Page;
}

async function all(reader: Reader, query: string, first: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { edges, pageInfo }: Page = await page(reader, query, { first, after });
    expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null);
    expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
    if (pageInfo.hasNextPage) expect(edges).toHaveLength(first);
    ids.push(...edges.map(({ node }) => node.id));
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
  return ids;
}

describe("going through", () => {
  it.each([
    ["workers", inspector, workers()],
    ["workers by unpaid months", inspector, workers("orderBy: UNPAID_MONTHS_DESC")],
    ["workers by end of permit", inspector, workers("orderBy: PERMIT_VALID_UNTIL_ASC")],
    ["cases", screener, cases()],
    ["cases, oldest first", screener, cases("orderBy: OPENED_AT_ASC")],
    ["cases by risk", screener, cases("orderBy: RISK_LEVEL_DESC")],
    ["a society's cases", society, cases()],
    ["a society's cases by risk", society, cases("orderBy: RISK_LEVEL_DESC")],
  ])("%s shows each row once, whatever the size of a page", async (_, reader, query) => {
    const whole = await all(reader, query, 100);
    expect(whole.length).toBeGreaterThan(0);
    expect(new Set(whole).size).toBe(whole.length);
    for (const first of whole.length > 50 ? [37] : [1, 3])
      expect(await all(reader, query, first)).toEqual(whole);
  });
});

describe("a cursor", () => {
  const code = async (
    reader: Reader,
    query: string,
    after: string,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const { result, calls } = await on.watch(() => on.ask(reader, query, { first: 2, after }, headers));
    const { RTC: _certificates, ...agencies } = calls;
    return { codes: result.errors.map(({ extensions }) => extensions.code), agencies, text: result.text };
  };
  const REFUSED = { codes: ["BAD_CURSOR"], agencies: {} };
  const endOf = async (reader: Reader, query: string): Promise<string> =>
    (await page(reader, query, { first: 2 })).pageInfo.endCursor ?? "";

  it("is sealed: it holds no key, no number, no date that can be read", async () => {
    const { edges } = await page(screener, cases(), { first: 20 });
    for (const { cursor } of edges) {
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toMatch(/OPENED|20\d\d-|[0-9a-f]{8}-/);
    }
    expect(new Set(edges.map(({ cursor }) => cursor)).size).toBe(edges.length);
  });

  it("is good for the list that gave it", async () => {
    expect(await code(inspector, workers(), await endOf(inspector, workers()))).toMatchObject({ codes: [] });
  });

  it.each([
    ["another filter", inspector, workers(), inspector, workers("filter: { sector: [F] }")],
    ["another order", inspector, workers(), inspector, workers("orderBy: UNPAID_MONTHS_DESC")],
    ["another list", screener, cases(), inspector, workers()],
    ["another member", society, cases(), { ...society, member: AMAN }, cases()],
    ["another agency", screener, cases(), society, cases()],
    ["another purpose", screener, cases(), { ...screener, purpose: "VOLUNTARY_RETURN" }, cases()],
  ] as const)("of %s is refused before anybody is asked", async (_, giver, from, taker, to) => {
    expect(await code(taker, to, await endOf(giver, from))).toMatchObject(REFUSED);
  });

  it("of another value of a filter's variable is refused", async () => {
    const query = `query($first: Int, $after: String, $n: [PermitStatus!]) { workers(first: $first, after: $after, filter: { permitStatus: $n }) ${PAGE} }`;
    const { pageInfo } = await page(inspector, query, { first: 2, n: ["ACTIVE"] });
    const again = await on.ask(inspector, query, { first: 2, n: ["ACTIVE"], after: pageInfo.endCursor });
    expect(again.errors).toEqual([]);
    const other = await on.ask(inspector, query, { first: 2, n: ["EXPIRED"], after: pageInfo.endCursor });
    expect(other.errors[0]?.extensions.code).toBe("BAD_CURSOR");
  });

  it("that was edited, cut, lengthened or made up is refused", async () => {
    const cursor = await endOf(inspector, workers());
    const flipped = `${cursor.startsWith("A") ? "B" : "A"}${cursor.slice(1)}`;
    const raw = Buffer.from('["WORK_PERMIT_NO_ASC","LW-1"]').toString("base64url");
    for (const bad of [
      flipped,
      cursor.slice(0, -4),
      `${cursor}AAAA`,
      `${cursor}=`,
      raw,
      "",
      " ",
      "x",
      "0".repeat(5_000),
    ])
      expect({ bad, ...(await code(inspector, workers(), bad)) }).toMatchObject({ bad, ...REFUSED });
    const arabic = await code(inspector, workers(), flipped, { "accept-language": "ar" });
    expect(arabic.text).toContain("المؤشر ليس من هذه القائمة");
  });

  it("runs out after a day", async () => {
    const after = await endOf(inspector, workers());
    const ask = async () => {
      const iat = Math.floor((Date.now() + ahead) / 1_000);
      const { staffId: staff, member } = on.cast.firstWithWork(inspector.role);
      const token = await on.mint({ role: inspector.role, member, staff, claims: { iat, exp: iat + 600 } });
      const headers = { authorization: `Bearer ${token}`, "x-purpose": inspector.purpose };
      return (
        await send(on, {
          headers,
          body: JSON.stringify({ query: workers(), variables: { first: 2, after } }),
        })
      ).codes;
    };
    ahead = DAY_MS - 60_000;
    expect(await ask()).toEqual([]);
    ahead = DAY_MS + 1_000;
    expect(await ask()).toEqual(["BAD_CURSOR"]);
    ahead = 0;
  });
});
