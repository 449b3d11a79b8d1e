import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nccSubgraph } from "../../../resolvers/ncc/index.ts";
import { readerUrl } from "../../../sandbox/database/agency-database.ts";
import { NCC_DATABASE } from "../../../sandbox/ncc/rows.ts";
import { openSqlAgency, type SqlAgency } from "../../support/sql-agencies.ts";

let ncc: SqlAgency;
beforeAll(async () => {
  ncc = await openSqlAgency(NCC_DATABASE, nccSubgraph);
});
afterAll(() => ncc.close());

const NGO = "BH/NGO/MWPS/assist";
const OWNERSHIP = `
  own(reader: { agency: NGO, address: "${NGO}", role: "NGO.legal", staff: "s", purpose: REDRESS })
  inRows(reader: { agency: EXT, address: "UN/EXT/UNODC/stats", role: "EXT.intlObserver", staff: "s", purpose: STATISTICS_REPORTING })`;
const TABLE = "code year method cells { keys value mark }";

const codeOf = (address: string) => ncc.world.members.find((member) => member.address === address)!.agency;
const tables = () =>
  [...ncc.world.ncc.releasedTables].map(({ code, year, method, cells }) => ({ code, year, method, cells }));
const inOrder = <Row extends { readonly code: string; readonly year: number }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => (a.code + a.year < b.code + b.year ? -1 : 1));

describe("released tables", () => {
  it("are all shown, or those of a code and years", async () => {
    const data = await ncc.ask(`{
      all: releasedTables { ${TABLE} }
      one: releasedTables(code: "T-02", years: [2023, 2024, 1900]) { ${TABLE} }
      none: releasedTables(years: []) { code } }`);
    const all = inOrder(tables());
    expect(data).toEqual({
      all,
      one: all.filter(({ code, year }) => code === "T-02" && year >= 2023),
      none: [],
    });
    expect(all.length).toBeGreaterThan(3);
  });
});

describe("recommendations and reports", () => {
  it("recommendations show what the committee's rows say, whose they are and who may see them", async () => {
    const rows = [...ncc.world.ncc.recommendations];
    const found = await ncc.entities(
      "Recommendation",
      rows.map(({ number }) => number),
      `uid source text { ar en } assignees { address code } status evidence { code year } ${OWNERSHIP}`,
    );
    const shown = rows.map(({ number, published, assignees, ...row }) => ({
      uid: number,
      ...row,
      assignees: assignees.map((address) => ({ address, code: codeOf(address) })),
      own: assignees.includes(NGO),
      inRows: published,
    }));
    expect(found).toEqual(shown);
    expect(new Set(shown.map(({ own }) => own)).size).toBe(2);
  });

  it("reports are found by kind and period, with the tables they cite, in two statements", async () => {
    const all = tables();
    for (const { number, kind, period, status, assignees, tables: cited } of ncc.world.ncc.reports) {
      ncc.statements.length = 0;
      const data = await ncc.ask(
        `query ($kind: ReportKind!, $period: DateRangeInput!) { nationalReport(kind: $kind, period: $period) {
           uid kind period { from until } status tables { ${TABLE} } ${OWNERSHIP} } }`,
        { kind, period },
      );
      expect(data["nationalReport"]).toEqual({
        uid: number,
        kind,
        period,
        status,
        tables: cited.flatMap((ref) =>
          all.filter(({ code, year }) => code === ref.code && year === ref.year),
        ),
        own: assignees.includes(NGO),
        inRows: status === "FILED",
      });
      expect(ncc.statements).toHaveLength(2);
    }
    expect(await ncc.ask('{ nationalReport(kind: R01, period: { from: "1999-01-01" }) { uid } }')).toEqual({
      nationalReport: null,
    });
  });

  it("reports are entities, all by two statements", async () => {
    const keys = [...ncc.world.ncc.reports].map(({ number }) => number);
    ncc.statements.length = 0;
    const found = await ncc.entities("NationalReport", [...keys, "NR-none"], "uid tables { code }");
    expect(found.map((report) => (report as { uid: string } | null)?.uid)).toEqual([...keys, undefined]);
    expect(ncc.statements).toHaveLength(2);
  });

  it("lists and steps come later", async () => {
    const { errors } = await ncc.reply("{ recommendations { uid } }");
    expect(errors).toMatchObject([{ path: ["recommendations"], code: "NOT_IMPLEMENTED" }]);
    const step = await ncc.reply('mutation { fileReport(id: "NR-0001") { __typename } }');
    expect(step.errors).toMatchObject([{ code: "NOT_IMPLEMENTED" }]);
  });
});

describe("the assistance fund", () => {
  it("lists grants of a case and keeps payments of awards apart", async () => {
    const rows = [...ncc.world.ncc.fund];
    const cases = Map.groupBy(rows, ({ caseRef }) => caseRef);
    expect(new Set(rows.map(({ kind }) => kind)).size).toBe(2);
    const shown = ({ ref: uid, source, amount, paidOn }: (typeof rows)[number]) => ({
      uid,
      source,
      amount,
      paidOn,
    });
    const payment = "uid source amount { amount currency } paidOn";
    ncc.statements.length = 0;
    expect(
      await ncc.entities("Case", [...cases.keys(), "FND-none"], `uid fundGrants { ${payment} }`),
    ).toEqual([
      ...[...cases].map(([uid, payments]) => ({
        uid,
        fundGrants: payments.filter(({ kind }) => kind === "grant").map(shown),
      })),
      null,
    ]);
    expect(ncc.statements).toHaveLength(1);
    expect(
      await ncc.entities(
        "Compensation",
        rows.map(({ ref }) => ref),
        payment,
      ),
    ).toEqual(rows.map(shown));
  });
});

describe("row-level security", () => {
  it("shows rows to the gateway's purpose and to no other reader", async () => {
    const rowsFor = async (purpose: string | null) => {
      const client = new pg.Client({ connectionString: readerUrl(ncc.url) });
      await client.connect();
      if (purpose !== null) await client.query("select set_config('ihala.purpose', $1, false)", [purpose]);
      const seen: boolean[] = [];
      for (const table of ["recommendation", "report", "release_table", "fund_payment"])
        seen.push((await client.query(`select from ${table}`)).rowCount! > 0);
      await client.end();
      return seen;
    };
    expect(await rowsFor(null)).toEqual([false, false, false, false]);
    expect(await rowsFor("IMMIGRATION_ENFORCEMENT")).toEqual([false, false, false, false]);
    expect(await rowsFor("NRM_LOOKUP")).toEqual([true, true, true, true]);
  });
});
