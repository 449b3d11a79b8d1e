import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lmraSubgraph } from "../../../resolvers/lmra/index.ts";
import { readerUrl } from "../../../sandbox/database/agency-database.ts";
import { LMRA_DATABASE } from "../../../sandbox/lmra/rows.ts";
import { READER } from "../../support/rest-agencies.ts";
import { openSqlAgency, type SqlAgency } from "../../support/sql-agencies.ts";

let lmra: SqlAgency;
beforeAll(async () => {
  lmra = await openSqlAgency(LMRA_DATABASE, lmraSubgraph);
});
afterAll(() => lmra.close());

const EVERYTHING = `
  uid permitStatus person { mobilePhone worker { uid } } leftWorkReport { filedOn }
  contract { hoursPerWeek } wagePayments { period } complaints { number worker { uid } }
  previousEmployers { employer { name } }
  employer { name inspections { result } riskSignals { rule employer { name } } }`;

async function statementsOf(ask: () => Promise<unknown>): Promise<readonly string[]> {
  lmra.statements.length = 0;
  await ask();
  return lmra.statements.map(({ text }) => text);
}

describe("a page of workers with all that hangs on them", () => {
  it("costs the same statements for 100 workers as for ten", async () => {
    const page = (first: number) => () =>
      lmra.ask(`query ($first: Int) { workers(first: $first) { edges { node { ${EVERYTHING} } } } }`, {
        first,
      });
    const [ten, hundred] = [await statementsOf(page(10)), await statementsOf(page(100))];
    expect(hundred.map(tableOf).toSorted()).toEqual(ten.map(tableOf).toSorted());
    expect(hundred.map(tableOf).toSorted()).toEqual([
      ...[
        "complaint",
        "contract",
        "employer",
        "employer",
        "inspection",
        "left_work",
        "permit",
        "risk_signal",
      ],
      ...["wage_month", "worker", "worker"],
    ]);
  });

  it("costs one statement a kind of row for entities too", async () => {
    const keys = [...lmra.world.lmra.workers].map(({ permitNo }) => permitNo);
    const texts = await statementsOf(() =>
      lmra.entities("Worker", keys, "permitStatus contract { hoursPerWeek }"),
    );
    expect(texts.map(tableOf).toSorted()).toEqual(["contract", "worker"]);
  });

  it("costs nothing for what is not asked", async () => {
    const texts = await statementsOf(() => lmra.ask("{ workers { edges { node { uid } } } }"));
    expect(texts.map(tableOf)).toEqual(["worker"]);
  });
});

describe("what the database is told", () => {
  it("is the question and a purpose, whoever asks", async () => {
    const { permitNo } = lmra.world.lmra.workers.row(0);
    lmra.statements.length = 0;
    await lmra.entities("Worker", [permitNo], EVERYTHING);
    const told = JSON.stringify(lmra.statements);
    for (const word of [
      READER.staff,
      READER.member,
      READER.role,
      READER.purpose,
      READER.requestId,
      READER.issue!,
    ])
      expect(told).not.toContain(word);
  });

  it("names neither reader nor purpose of use in the session", async () => {
    await lmra.ask("{ workers { edges { node { uid } } } }");
    const client = new pg.Client({ connectionString: lmra.url });
    await client.connect();
    const { rows } = await client.query(
      `select distinct application_name as name from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    await client.end();
    expect(rows).toEqual([{ name: "ihala" }]);
  });

  it("is asked by a role that reads the tables and nothing else", async () => {
    const subgraph = lmraSubgraph({ url: readerUrl(lmra.url) });
    const run = (text: string) =>
      subgraph.sql.ask(
        async (db) => (await db.executeQuery<Record<string, unknown>>({ ...RAW, sql: text })).rows,
      );
    expect(
      await run(
        "select current_setting('ihala.purpose') as purpose, current_user as who, current_setting('transaction_read_only') as ro",
      ),
    ).toEqual([{ purpose: "NRM_LOOKUP", who: "ihala_reader", ro: "on" }]);
    for (const text of ["delete from worker", "select * from sandbox_seed", "create table mine (n integer)"])
      await expect(run(text)).rejects.toMatchObject({ code: "AGENCY_BAD_REPLY" });
    await subgraph.close();
  });

  it("a database that is gone is an agency out of reach", async () => {
    const subgraph = lmraSubgraph({ url: "postgresql://postgres@127.0.0.1:1/lmra" });
    await expect(subgraph.context({} as never).workers.load("LW-1")).rejects.toMatchObject({
      code: "AGENCY_UNAVAILABLE",
    });
    await subgraph.close();
  });
});

const RAW = {
  query: { kind: "RawNode", sqlFragments: [], parameters: [] },
  parameters: [],
  queryId: { queryId: "raw" },
} as const;

const tableOf = (text: string): string => /from "(\w+)"/.exec(text)?.[1] ?? text;
