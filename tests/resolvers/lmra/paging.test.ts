import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lmraSubgraph } from "../../../resolvers/lmra/index.ts";
import { LMRA_DATABASE } from "../../../sandbox/lmra/rows.ts";
import type { LmraWorkerRow } from "../../../sandbox/synth/types.ts";
import { openSqlAgency, type SqlAgency } from "../../support/sql-agencies.ts";

let lmra: SqlAgency;
beforeAll(async () => {
  lmra = await openSqlAgency(LMRA_DATABASE, lmraSubgraph);
});
afterAll(() => lmra.close());

interface Filter {
  readonly permitStatus?: readonly string[];
  readonly permitType?: readonly string[];
  readonly sector?: readonly string[];
  readonly employer?: string;
  readonly unpaidMonthsAtLeast?: number;
}
interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly uid: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const PAGE = "edges { cursor node { uid } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

async function page(variables: object): Promise<Page> {
  const query = `query ($filter: WorkerFilter, $orderBy: WorkerOrder, $first: Int, $after: String) {
    workers(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { ${PAGE} } }`;
  return (await lmra.ask(query, variables as Record<string, unknown>))["workers"] as Page;
}

async function walk(variables: object): Promise<{ readonly keys: string[]; readonly pages: Page[] }> {
  const pages: Page[] = [];
  for (let after: string | null = null; ; ) {
    const next: Page = await page({ ...variables, after });
    pages.push(next);
    if (!next.pageInfo.hasNextPage) break;
    after = next.pageInfo.endCursor;
  }
  return { keys: pages.flatMap(({ edges }) => edges.map(({ node }) => node.uid)), pages };
}

const matches = (row: LmraWorkerRow, filter: Filter): boolean =>
  (filter.permitStatus?.includes(row.permitStatus) ?? true) &&
  (filter.permitType?.includes(row.permitType) ?? true) &&
  (filter.sector?.includes(row.sector) ?? true) &&
  (filter.employer === undefined || row.employerNo === filter.employer) &&
  (filter.unpaidMonthsAtLeast === undefined || row.unpaidMonths >= filter.unpaidMonthsAtLeast);

const ORDERS = ["WORK_PERMIT_NO_ASC", "PERMIT_VALID_UNTIL_ASC", "UNPAID_MONTHS_DESC"] as const;
const inOrder: Readonly<Record<string, (a: LmraWorkerRow, b: LmraWorkerRow) => boolean>> = {
  WORK_PERMIT_NO_ASC: (a, b) => a.permitNo < b.permitNo,
  PERMIT_VALID_UNTIL_ASC: (a, b) => a.permitUntil <= b.permitUntil,
  UNPAID_MONTHS_DESC: (a, b) => a.unpaidMonths >= b.unpaidMonths,
};

const some = (values: readonly string[]) => fc.subarray([...values]);
const filters = fc.record(
  {
    permitStatus: some(["ACTIVE", "EXPIRED", "LEFT_WORK", "GRACE"]),
    permitType: some(["EMPLOYER_SPONSORED", "DOMESTIC", "LABOUR_REGISTRATION", "NONE"]),
    sector: some(["F", "G", "T", "N"]),
    unpaidMonthsAtLeast: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: [] },
);

describe("pages of workers", () => {
  it("repeat nobody and skip nobody, whatever filter, order and size", async () => {
    const workers = [...lmra.world.lmra.workers];
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.constantFrom(undefined, ...ORDERS),
        fc.integer({ min: 7, max: 100 }),
        async (filter, orderBy, first) => {
          const { keys, pages } = await walk({ filter, first, orderBy });
          const expected = workers.filter((row) => matches(row, filter)).map(({ permitNo }) => permitNo);
          expect(keys.toSorted()).toEqual(expected.toSorted());
          for (const { edges } of pages.slice(0, -1)) expect(edges).toHaveLength(first);
          const compare = inOrder[orderBy ?? ""];
          const rows = keys.map((key) => workers.find(({ permitNo }) => permitNo === key)!);
          if (compare)
            for (const [i, row] of rows.slice(1).entries()) expect(compare(rows[i]!, row)).toBe(true);
        },
      ),
      { numRuns: 60, examples: ORDERS.map((orderBy): [object, typeof orderBy, number] => [{}, orderBy, 7]) },
    );
  });

  it("say where they begin and end", async () => {
    const { pages } = await walk({ first: 90 });
    expect(pages.map(({ pageInfo }) => [pageInfo.hasPreviousPage, pageInfo.hasNextPage])).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
    for (const { edges, pageInfo } of pages) {
      expect(pageInfo.startCursor).toBe(edges[0]!.cursor);
      expect(pageInfo.endCursor).toBe(edges.at(-1)!.cursor);
    }
    const none = await page({ filter: { permitStatus: [] } });
    expect(none).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it("filter by permit number and employer", async () => {
    const { permitNo, employerNo } = lmra.world.lmra.workers.row(5);
    expect((await walk({ filter: { workPermitNo: permitNo } })).keys).toEqual([permitNo]);
    const colleagues = [...lmra.world.lmra.workers].filter((row) => row.employerNo === employerNo);
    expect((await walk({ filter: { employer: employerNo } })).keys.toSorted()).toEqual(
      colleagues.map((row) => row.permitNo),
    );
  });

  it("say nothing by their usual order", async () => {
    const { keys } = await walk({ first: 100 });
    expect(keys).not.toEqual(keys.toSorted());
  });
});

describe("bounds", () => {
  it.each([
    ["more than 100 rows", { first: 101 }, "LIMIT_EXCEEDED"],
    ["fewer than none", { first: -1 }, "BAD_USER_INPUT"],
    ["something that is no cursor", { after: "x" }, "BAD_CURSOR"],
    [
      "a cursor with too little in it",
      { after: Buffer.from('["SHUFFLED"]').toString("base64url") },
      "BAD_CURSOR",
    ],
  ])("refuse %s", async (_, variables, code) => {
    const { errors } = await lmra.reply(
      "query ($first: Int, $after: String) { workers(first: $first, after: $after) { edges { cursor } } }",
      variables,
    );
    expect(errors).toMatchObject([{ path: ["workers"], code }]);
  });

  it("refuse a cursor of another order", async () => {
    const { pageInfo } = await page({ first: 1 });
    const { errors } = await lmra.reply(
      "query ($after: String) { workers(orderBy: WORK_PERMIT_NO_ASC, after: $after) { edges { cursor } } }",
      { after: pageInfo.endCursor },
    );
    expect(errors).toMatchObject([{ code: "BAD_CURSOR" }]);
  });

  it("refuse more than 100 of a list", async () => {
    const { errors } = await lmra.reply(
      "{ workers(first: 1) { edges { node { complaints(last: 101) { uid } } } } }",
    );
    expect(errors).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
  });
});

describe("pages of employers", () => {
  it("repeat nobody and skip nobody, by every filter", async () => {
    const employers = [...lmra.world.lmra.employers];
    const { crNumber, name, area } = employers[0]!;
    const cases = [
      [{}, employers],
      [{ crNumber }, employers.filter((row) => row.crNumber === crNumber)],
      [{ name }, employers.filter((row) => row.name === name)],
      [{ area }, employers.filter((row) => row.area === area)],
      [{ kind: ["HOUSEHOLD"] }, employers.filter((row) => row.kind === "HOUSEHOLD")],
    ] as const;
    for (const [filter, expected] of cases) {
      const keys: string[] = [];
      for (let after: string | null = null; ; ) {
        const data = await lmra.ask(
          `query ($filter: EmployerFilter, $after: String) { employers(filter: $filter, first: 7, after: $after) { ${PAGE} } }`,
          { filter, after },
        );
        const { edges, pageInfo } = data["employers"] as Page;
        keys.push(...edges.map(({ node }) => node.uid));
        if (!pageInfo.hasNextPage) break;
        after = pageInfo.endCursor;
      }
      expect(keys.toSorted()).toEqual(expected.map(({ employerNo }) => employerNo).toSorted());
    }
  });
});
