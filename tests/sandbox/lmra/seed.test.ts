import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedDatabase } from "../../../sandbox/database/agency-database.ts";
import { SQL_AGENCIES, seedSqlAgencies } from "../../../sandbox/sql.ts";
import { createWorld, SEED, type World } from "../../../sandbox/synth/world.ts";
import type { PostgresServer } from "../../../src/connectors/embedded-postgres.ts";
import { testPostgres } from "../../support/postgres.ts";

const world: World = createWorld({ seed: SEED, scale: "tiny" });
let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await testPostgres();
  for (const { name } of SQL_AGENCIES) await postgres.ensureDatabase(name);
});

const clients: pg.Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.end())));

async function query(database: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: postgres.url(database) });
  clients.push(client);
  await client.connect();
  return (await client.query(text)).rows;
}

const url = (database: string) => postgres.url(database);

describe("seeding", () => {
  it("fills every agency's database, once, even when asked twice at the same time", async () => {
    await Promise.all([seedSqlAgencies({ urlOf: url, world }), seedSqlAgencies({ urlOf: url, world })]);
    for (const database of SQL_AGENCIES) {
      expect(await seedDatabase(database, url(database.name), world)).toBe(false);
      for (const { table, rows } of database.rows(world)) {
        const [{ n }] = (await query(database.name, `select count(*)::int as n from "${table}"`)) as [
          { n: number },
        ];
        expect([table, n]).toEqual([table, [...rows].length]);
      }
    }
  });

  it("refuses rows of another seed and leaves them as they are", async () => {
    const [database] = SQL_AGENCIES;
    const other = createWorld({ seed: 1, scale: "tiny" });
    await expect(seedDatabase(database!, url(database!.name), other)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/holds rows of `seed 20250730, scale tiny.*not of `seed 1,/),
    });
    expect(await seedDatabase(database!, url(database!.name), world)).toBe(false);
  });

  it("leaves nothing behind when it fails half-way, and succeeds the next time", async () => {
    const [database] = SQL_AGENCIES;
    await postgres.ensureDatabase("broken");
    const broken = {
      ...database!,
      rows: (of: World) => [
        ...database!.rows(of),
        { table: "worker", columns: ["permit_no"], rows: [["again"]] },
      ],
    };
    await expect(seedDatabase(broken, url("broken"), world)).rejects.toThrow(/null value/);
    expect(await query("broken", "select from pg_tables where schemaname = 'public'")).toEqual([]);
    expect(await seedDatabase(database!, url("broken"), world)).toBe(true);
  });

  it("passes on what goes wrong while a row is made", async () => {
    const [database] = SQL_AGENCIES;
    await postgres.ensureDatabase("unmade");
    const rows = {
      *[Symbol.iterator]() {
        yield ["x"];
        throw new RangeError("no such row");
      },
    };
    const unmade = { ...database!, rows: () => [{ table: "contract", columns: ["permit_no"], rows }] };
    await expect(seedDatabase(unmade, url("unmade"), world)).rejects.toThrow("no such row");
  });
});
