/**
 * The database of one agency that keeps its rows in PostgreSQL: made and filled once, from the synthetic world.
 *
 * Once    everything happens in one transaction, under a lock; an interrupted start leaves nothing and repeats itself.
 * Marker  `sandbox_seed` says from which seed, scale and definitions the rows came. Equal: nothing is done. Different:
 *         CONFIG_INVALID, and the database stays as it is.
 * Reader  the gateway comes by `readerUrl`, as a role that may read these tables and nothing else.
 */
import { createHash } from "node:crypto";
import pg from "pg";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { World } from "../synth/world.ts";
import { type CopiedTable, copyRows } from "./copy.ts";

export interface AgencyDatabase {
  readonly name: string;
  /** Statements that make the tables, and those that follow when the rows are in. */
  readonly tables: string;
  readonly indexes: string;
  readonly rows: (world: World) => readonly CopiedTable[];
}

/** Raise it when a world of the same seed and scale gets other rows. */
export const GENERATOR_VERSION = 1;
const READER_ROLE = "ihala_reader";

/** Any number that no other program locks in these databases. */
const SEED_LOCK = 7_310_442;
const MARKER =
  "create table if not exists sandbox_seed (mark text primary key, seeded_at timestamptz default now())";

/** Roles belong to the whole server: another database may be seeded at this moment. */
const READER = `
  do $$ begin
    create role ${READER_ROLE} nologin;
  exception when duplicate_object or unique_violation then null;
  end $$;
  do $$ begin
    if not pg_has_role(current_user, '${READER_ROLE}', 'set') then grant ${READER_ROLE} to current_user; end if;
  end $$`;

/** The same database for the gateway: sessions work as the reader. */
export function readerUrl(url: string): string {
  const address = new URL(url);
  address.searchParams.set("options", `-c role=${READER_ROLE}`);
  return address.href;
}

/** True when rows were written, false when they were there. */
export async function seedDatabase(database: AgencyDatabase, url: string, world: World): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: "ihala-sandbox" });
  client.on("error", () => {}); // a lost connection fails the statement that needs it
  await client.connect();
  try {
    await client.query("begin");
    const missing = await isMissing(client, database, world);
    if (missing) await fill(client, database, world);
    await client.query("commit");
    return missing;
  } finally {
    await client.end();
  }
}

async function isMissing(client: pg.Client, database: AgencyDatabase, world: World): Promise<boolean> {
  await client.query("select pg_advisory_xact_lock($1)", [SEED_LOCK]);
  await client.query(MARKER);
  const { rows } = await client.query<{ readonly mark: string }>("select mark from sandbox_seed");
  const [there] = rows;
  const wanted = markOf(database, world);
  if (there && there.mark !== wanted)
    throw new GatewayError(
      "CONFIG_INVALID",
      `database \`${database.name}\` holds rows of \`${there.mark}\`, not of \`${wanted}\`: use another data directory or drop the database`,
    );
  return there === undefined;
}

async function fill(client: pg.Client, database: AgencyDatabase, world: World): Promise<void> {
  await client.query(READER);
  await client.query(database.tables);
  for (const table of database.rows(world)) await copyRows(client, table);
  await client.query(database.indexes);
  await client.query(`grant select on all tables in schema public to ${READER_ROLE}`);
  await client.query(`revoke select on sandbox_seed from ${READER_ROLE}`);
  await client.query("insert into sandbox_seed (mark) values ($1)", [markOf(database, world)]);
  await client.query("analyze");
}

function markOf({ tables, indexes }: AgencyDatabase, { seed, scale, canary }: World): string {
  const definitions = createHash("sha256").update(tables).update(indexes).digest("hex").slice(0, 12);
  return `seed ${seed}, scale ${scale}${canary ? ", canary" : ""}, generator ${GENERATOR_VERSION}, tables ${definitions}`;
}
