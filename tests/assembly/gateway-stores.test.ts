/** The list of the gateway's stores holds all that is migrated, and each migration lets the version before serve beside it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { expect, it } from "vitest";
import {
  appliedMigrations,
  GATEWAY_STORES,
  migrateStores,
  STORE_TABLES,
  unknownMigrations,
} from "../../src/assembly/gateway-stores.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { dumpTables, filledTables, loadTables } from "../../src/connectors/table-dump.ts";
import { testDatabase } from "../support/postgres.ts";

it("is complete", () => {
  const files = ["src", "resolvers"].flatMap((folder) =>
    readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(PACKAGE_ROOT, folder, name), "utf8")),
  );
  const components = files.flatMap((text) =>
    [...text.matchAll(/\bmigrate\([^()]*?,\s*"([\w-]+)"/g)].map(([, component]) => component),
  );
  expect(components.length).toBeGreaterThan(4);
  expect(components.toSorted()).toEqual(Object.keys(GATEWAY_STORES).toSorted());
});

/** What takes something from a version that does not know of it. */
const TAKES = /\b(drop|rename|truncate|delete|update)\b|\balter column\b|\bset not null\b/i;

it("has migrations that only add, after the first of each store", () => {
  for (const [component, migrations] of Object.entries(GATEWAY_STORES)) {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
    for (const { number, sql } of migrations)
      if (number > 1)
        expect({ component, number, takes: TAKES.exec(sql)?.[0] }).toEqual({ component, number });
  }
  expect("alter table x drop column y").toMatch(TAKES);
});

it("knows every table that it makes, dumps them, and loads them into another database as they were", async () => {
  const [from, to] = await Promise.all([filled(), fresh()]);
  const { rows } = await from.query<{ table: string }>(
    `select schemaname || '.' || tablename as table from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') and tablename <> 'schema_migration'`,
  );
  expect(rows.map(({ table }) => table).toSorted()).toEqual([...STORE_TABLES].toSorted());

  const dumped: { table: string; lines: string[] }[] = [];
  const dump = async (pool: pg.Pool, into: typeof dumped) =>
    dumpTables(pool, STORE_TABLES, async ({ table, rows: its }) => {
      const lines: string[] = [];
      for await (const line of its) lines.push(line);
      into.push({ table, lines });
    });
  await dump(from, dumped);
  expect(dumped.find(({ table }) => table === "public.object_link")?.lines).toHaveLength(1_201);
  expect(await filledTables(to, STORE_TABLES)).toEqual([]);
  const tables = async function* () {
    for (const { table, lines } of dumped)
      yield {
        table,
        rows: (async function* () {
          yield* lines;
        })(),
      };
  };
  await loadTables(to, tables());
  const again: typeof dumped = [];
  await dump(to, again);
  expect(again).toEqual(dumped);
  expect(await filledTables(to, STORE_TABLES)).toContain("public.object_link");
  await Promise.all([from.end(), to.end()]);
});

it("refuses a database that a newer version has been at, and leaves it as it is", async () => {
  const pool = await fresh();
  const applied = await appliedMigrations(pool);
  expect(unknownMigrations(applied)).toEqual([]);
  await pool.query("insert into schema_migration values ('links', 99, 'of_tomorrow', 'x')");
  await expect(migrateStores(pool)).rejects.toMatchObject({ code: "DATA_DIRECTORY_NEWER" });
  expect(unknownMigrations(await appliedMigrations(pool))).toEqual([
    { component: "links", number: 99, name: "of_tomorrow" },
  ]);
  await pool.end();
});

async function fresh(): Promise<pg.Pool> {
  const pool = createPool({ url: await testDatabase(), connections: 2 });
  await migrateStores(pool);
  return pool;
}

/** Bytes, instants to the microsecond, texts that need escaping. */
async function filled(): Promise<pg.Pool> {
  const pool = await fresh();
  await pool.query(`
    insert into object_link (uid, type, agency, member, key_type, key_mac, key_sealed, confidence, method, linked_by, evidence)
    select 'u' || n, 'Person', 'IGA', 'm', 'k', decode(lpad(to_hex(n), 8, '0'), 'hex'), 's', 0.1, 'x', E'"\\\n\u0639', null
    from generate_series(0, 1200) n`);
  return pool;
}
