/** Questions about a register of 50,000 workers are answered from indexes, never by reading everybody. */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lmraSubgraph } from "../../../resolvers/lmra/index.ts";
import { LMRA_DATABASE } from "../../../sandbox/lmra/rows.ts";
import { openSqlAgency, type SqlAgency } from "../../support/sql-agencies.ts";

let lmra: SqlAgency;
let client: pg.Client;
beforeAll(async () => {
  lmra = await openSqlAgency(LMRA_DATABASE, lmraSubgraph, { scale: "demo" });
  client = new pg.Client({ connectionString: lmra.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await lmra.close();
});

interface Node {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly Node[];
}

const nodes = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

/** How the database goes about the latest statements. */
async function steps(): Promise<readonly Node[]> {
  const found: Node[] = [];
  for (const { text, parameters } of lmra.statements) {
    const { rows } = await client.query({ text: `explain (format json) ${text}`, values: [...parameters] });
    const [{ Plan }] = rows[0]["QUERY PLAN"] as [{ readonly Plan: Node }];
    found.push(...nodes(Plan));
  }
  return found;
}

/** Tables that they read from end to end. */
const scanned = async (): Promise<readonly string[]> =>
  (await steps()).flatMap((node) => (node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? ""] : []));

/** The value that the fewest workers have. */
async function rarest(column: string): Promise<string> {
  const { rows } = await client.query(
    `select ${column} as value from worker group by 1 order by count(*), 1 limit 1`,
  );
  return rows[0].value;
}

const FILTERS = [
  ["nothing", {}],
  ["a permit number", { workPermitNo: "LW-000000007" }],
  ["a common status", { permitStatus: ["ACTIVE"] }],
  ["rare states", { permitStatus: ["EXPIRED", "LEFT_WORK"] }],
  ["a permit type", { permitType: ["DOMESTIC"] }],
  ["a sector", { sector: ["F"] }],
  ["an employer", { employer: "EMP-0000003" }],
  ["months unpaid", { unpaidMonthsAtLeast: 2 }],
  [
    "all at once",
    { permitStatus: ["ACTIVE"], permitType: ["DOMESTIC"], sector: ["T"], unpaidMonthsAtLeast: 1 },
  ],
] as const;
const ORDERS = [null, "WORK_PERMIT_NO_ASC", "PERMIT_VALID_UNTIL_ASC", "UNPAID_MONTHS_DESC"] as const;

describe("workers by index", () => {
  it.each(FILTERS.flatMap(([name, filter]) => ORDERS.map((orderBy) => ({ name, orderBy, filter }))))(
    "$name, ordered by $orderBy, first page and next",
    async ({ filter, orderBy }) => {
      const query = `query ($filter: WorkerFilter, $orderBy: WorkerOrder, $after: String) {
        workers(filter: $filter, orderBy: $orderBy, first: 5, after: $after) { pageInfo { endCursor } } }`;
      lmra.statements.length = 0;
      const { workers } = (await lmra.ask(query, { filter, orderBy })) as {
        readonly workers: { readonly pageInfo: { readonly endCursor: string | null } };
      };
      await lmra.ask(query, { filter, orderBy, after: workers.pageInfo.endCursor });
      expect(await scanned()).toEqual([]);
    },
  );
});

describe("each way of choosing workers", () => {
  it.each([
    ["permit_no", (value: string) => ({ workPermitNo: value })],
    ["permit_status", (value: string) => ({ permitStatus: [value] })],
    ["permit_type", (value: string) => ({ permitType: [value] })],
    ["sector", (value: string) => ({ sector: [value] })],
    ["employer_no", (value: string) => ({ employer: value })],
    ["unpaid_months", () => ({ unpaidMonthsAtLeast: 4 })],
  ] as const)("%s has an index of its own", async (column, filterOf) => {
    const filter = filterOf(await rarest(column));
    lmra.statements.length = 0;
    await lmra.ask(
      "query ($filter: WorkerFilter) { workers(filter: $filter, first: 100) { edges { cursor } } }",
      {
        filter,
      },
    );
    expect((await steps()).map((node) => node["Index Cond"] ?? "").join()).toContain(column);
  });

  it.each(ORDERS)("%s comes from an index in order, at any depth", async (orderBy) => {
    const query = `query ($orderBy: WorkerOrder, $after: String) {
      workers(orderBy: $orderBy, first: 100, after: $after) { pageInfo { endCursor } } }`;
    const page = (await lmra.ask(query, { orderBy })) as {
      readonly workers: { readonly pageInfo: { readonly endCursor: string } };
    };
    lmra.statements.length = 0;
    await lmra.ask(query, { orderBy, after: page.workers.pageInfo.endCursor });
    const kinds = (await steps()).map((node) => node["Node Type"]);
    expect(kinds.filter((kind) => kind.includes("Sort"))).toEqual([]);
    expect((await steps()).some((node) => node["Index Cond"])).toBe(true);
  });
});

describe("employers by index", () => {
  it.each([
    {},
    { crNumber: "0000003-1" },
    { name: "Nobody" },
    { area: "Manama" },
    { kind: ["RECRUITMENT_AGENCY"] },
    { kind: ["ESTABLISHMENT", "HOUSEHOLD"] },
  ])("%j", async (filter) => {
    lmra.statements.length = 0;
    await lmra.ask("query ($filter: EmployerFilter) { employers(filter: $filter) { edges { cursor } } }", {
      filter,
    });
    expect(await scanned()).toEqual([]);
  });
});

describe("what hangs on workers and employers", () => {
  it("comes by index", async () => {
    lmra.statements.length = 0;
    await lmra.ask(`{ workers(first: 20) { edges { node {
      person { worker { uid } } leftWorkReport { filedOn } contract { hoursPerWeek }
      wagePayments(period: { from: "2025-01-01" }) { period } complaints { number } previousEmployers { reason }
      employer { name inspections { result } riskSignals { rule } } } } } }`);
    expect(lmra.statements.length).toBeGreaterThan(8);
    // A few hundred rows are read faster than an index.
    expect((await scanned()).filter((table) => !["left_work", "risk_signal"].includes(table))).toEqual([]);
  });
});
