/**
 * Fills an empty ledger with the synthetic world, once.
 *
 * In      URL of the database (created, may be empty: it is migrated here) and the world; only its EPC tables are read.
 * Out     true when rows were written, false when the same world is there already.
 * Errors  CONFIG_INVALID when the database holds another world: it is never mixed and never overwritten.
 * Cost    one statement per table for 500 cases; `tiny` well below a second. All in one transaction.
 */
import type pg from "pg";
import type { World } from "../sandbox/synth/world.ts";
import { migrate } from "../src/connectors/migrate.ts";
import { GatewayError } from "../src/kernel/errors.ts";
import { openPool } from "./database.ts";
import { LEDGER_MIGRATIONS } from "./migrations/index.ts";
import { contentRows } from "./seed-content.ts";
import { facilityRow, personRow, spineRows, type TableRows } from "./seed-spine.ts";

export type LedgerWorld = Pick<World, "seed" | "scale" | "canary" | "members" | "epc">;

/** Version of the mapping in `seed-*.ts`; a database seeded by another version is another world. */
const MAPPING_VERSION = 2;
const CASES_A_BATCH = 500;
const SEED_LOCK = 4_819_138;

export async function seedLedger(databaseUrl: string, world: LedgerWorld): Promise<boolean> {
  const pool = openPool({ url: databaseUrl, connections: 1 });
  try {
    await migrate(pool, "ledger", LEDGER_MIGRATIONS);
    const client = await pool.connect();
    try {
      await client.query("begin");
      await client.query("set local statement_timeout = 0");
      await client.query("select pg_advisory_xact_lock($1)", [SEED_LOCK]);
      const fresh = await claim(client, world);
      if (fresh) await write(client, world);
      await client.query("commit");
      return fresh;
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
  } finally {
    await pool.end();
  }
}

async function claim(client: pg.PoolClient, { seed, scale, canary }: LedgerWorld): Promise<boolean> {
  const generator = `${MAPPING_VERSION}${canary ? "-canary" : ""}`;
  const { rows } = await client.query<{ seed: string; scale: string; generator: string }>(
    "select seed, scale, generator from seed_marker",
  );
  const [there] = rows;
  if (!there) {
    await client.query("insert into seed_marker (seed, scale, generator) values ($1, $2, $3)", [
      seed,
      scale,
      generator,
    ]);
    return true;
  }
  if (Number(there.seed) === seed && there.scale === scale && there.generator === generator) return false;
  if (Number(there.seed) === seed && there.scale === scale)
    throw new GatewayError(
      "CONFIG_INVALID",
      "the ledger was seeded by another version: begin with an empty data directory",
    );
  throw new GatewayError(
    "CONFIG_INVALID",
    `the ledger was seeded with \`${there.scale}\` of seed ${there.seed}, not \`${scale}\` of ${seed}`,
  );
}

async function write(client: pg.PoolClient, { members, epc }: LedgerWorld): Promise<void> {
  await insert(client, {
    member: members.map(({ address, agency }) => ({ address, agency })),
    facility: [...epc.facilities].map(facilityRow),
    person: [...epc.persons].map(personRow),
  });
  const court = members.find(({ agency }) => agency === "CRT")?.address;
  for (const cases of batches(epc.spine)) await insert(client, spineRows(cases, court ?? ""));
  for (const cases of batches(epc.content)) await insert(client, contentRows(cases));
}

function* batches<Row>(rows: Iterable<Row>): Iterable<readonly Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === CASES_A_BATCH) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

/** Tables in the order given, which is that of their references. Rows of a table have the same columns. */
async function insert(client: pg.PoolClient, tables: TableRows): Promise<void> {
  for (const [table, rows] of Object.entries(tables)) {
    const [first] = rows;
    if (!first) continue;
    const columns = Object.keys(first).join(", ");
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  }
}
