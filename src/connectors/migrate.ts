/**
 * Numbered forward migrations of one component in one database.
 *
 * In      migrations numbered 1, 2, 3 … without gaps; each is applied once, in a transaction of its own.
 * Locks   two processes that migrate at once wait for each other (advisory lock).
 * Errors  DATA_DIRECTORY_NEWER when the database has migrations that this version does not know;
 *         CONFIG_INVALID when one that was applied has changed since.
 */
import { createHash } from "node:crypto";
import type pg from "pg";
import { GatewayError } from "../kernel/errors.ts";

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** Any number that no other program locks in our databases. */
const MIGRATION_LOCK = 4_819_137;

const REGISTER = `
  create table if not exists schema_migration (
    component text not null,
    number integer not null,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default now(),
    primary key (component, number)
  )`;

export async function migrate(
  pool: pg.Pool,
  component: string,
  migrations: readonly Migration[],
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query(REGISTER);
    const applied = await appliedTo(client, component);
    for (const { number, name } of applied.values()) {
      if (!migrations.some((known) => known.number === number))
        throw new GatewayError(
          "DATA_DIRECTORY_NEWER",
          `database has migration ${component} ${number} (${name})`,
        );
    }
    for (const migration of migrations) await apply(client, component, migration, applied);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    client.release();
  }
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

async function appliedTo(client: pg.PoolClient, component: string): Promise<ReadonlyMap<number, Applied>> {
  const sql = "select number, name, sha256 from schema_migration where component = $1 order by number";
  const { rows } = await client.query<Applied>(sql, [component]);
  return new Map(rows.map((row) => [row.number, row]));
}

async function apply(
  client: pg.PoolClient,
  component: string,
  { number, name, sql }: Migration,
  applied: ReadonlyMap<number, Applied>,
): Promise<void> {
  const sha256 = createHash("sha256").update(sql).digest("hex");
  const before = applied.get(number);
  if (before?.sha256 === sha256) return;
  if (before)
    throw new GatewayError("CONFIG_INVALID", `migration ${component} ${number} (${name}) was changed`);
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      "insert into schema_migration (component, number, name, sha256) values ($1, $2, $3, $4)",
      [component, number, name, sha256],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
