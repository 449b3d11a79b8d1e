import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSql, type Sql } from "../../src/connectors/sql.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { testDatabase } from "../support/postgres.ts";

interface Database {
  worker: { cpr: string };
}

let url: string;
let lmra: Sql<Database>;
beforeAll(async () => {
  url = await testDatabase();
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query("create table worker (cpr text primary key); insert into worker values ('850100017')");
  await owner.end();
  lmra = createSql<Database>({ agency: "LMRA" as AgencyCode, url, timeoutMs: 300 });
});
afterAll(() => lmra.close());

describe("a PostgreSQL agency", () => {
  it("answers typed questions", async () => {
    expect(await lmra.ask((db) => db.selectFrom("worker").selectAll().execute())).toEqual([
      { cpr: "850100017" },
    ]);
  });

  it.each([
    ["a slow statement", "AGENCY_TIMEOUT", sql`select pg_sleep(30)`],
    ["a mistake", "AGENCY_BAD_REPLY", sql`select '850100017'::date`],
    ["a write", "AGENCY_BAD_REPLY", sql`insert into worker values ('850100017')`],
  ])("turns %s into %s without a word of it", async (_, code, statement) => {
    const error = await lmra.ask((db) => statement.execute(db)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, detail: { agency: "LMRA" } });
    expect((error as Error).message).not.toContain("850100017");
  });

  it("is unavailable when it is not there, and answers again when it is", async () => {
    const gone = createSql<Database>({ agency: "LMRA" as AgencyCode, url: "postgresql://u:p@127.0.0.1:1/x" });
    const question = gone.ask((db) => db.selectFrom("worker").selectAll().execute());
    await expect(question).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
    await gone.close();
    await lmra.ask((db) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(db)).catch(() => {});
    expect(await lmra.ask((db) => db.selectFrom("worker").select("cpr").execute())).toHaveLength(1);
  });
});
