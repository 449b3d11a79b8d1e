/**
 * The rows of some tables of a database, out of it and into it, each as PostgreSQL itself writes it in JSON: no value passes
 * through a number or a date of ours.
 *
 * Out     one consistent state (`repeatable read`), while others write; tables that others refer to come first.
 * In      into tables that are there and empty, all in one transaction: either every row is in, or none.
 * Bounds  memory for `ROWS_AT_ONCE` rows.
 */
import type pg from "pg";

export interface DumpedTable {
  /** With its schema, quoted as SQL wants it. */
  readonly table: string;
  /** One JSON object a row. */
  readonly rows: AsyncIterable<string>;
}

const ROWS_AT_ONCE = 500;
const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as table, c.oid::text as oid,
         array(select distinct f.confrelid::text from pg_constraint f
               where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
    and format('%I.%I', n.nspname, c.relname) = any($1)
  order by 1`;

/** Calls `write` for one table after the other; its rows are there while it runs. */
export async function dumpTables(
  pool: pg.Pool,
  tables: ReadonlySet<string>,
  write: (table: DumpedTable) => Promise<void>,
): Promise<void> {
  await transaction(pool, "begin isolation level repeatable read, read only", async (client) => {
    for (const table of await ordered(client, tables)) await write({ table, rows: rowsOf(client, table) });
  });
}

async function* rowsOf(client: pg.PoolClient, table: string): AsyncGenerator<string> {
  await client.query(`declare dump no scroll cursor for select row_to_json(t)::text as row from ${table} t`);
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${ROWS_AT_ONCE} from dump`);
    if (rows.length === 0) break;
    for (const { row } of rows) yield row;
  }
  await client.query("close dump");
}

/** The tables that hold rows already; nothing may be loaded beside them. */
export async function filledTables(pool: pg.Pool, tables: ReadonlySet<string>): Promise<readonly string[]> {
  return transaction(pool, "begin read only", async (client) => {
    const filled: string[] = [];
    for (const table of await ordered(client, tables)) {
      const { rows } = await client.query<{ is: boolean }>(`select exists (select from ${table}) as is`);
      if (rows[0]?.is) filled.push(table);
    }
    return filled;
  });
}

/** In the order of a dump. Rejects for a table that is not there. */
export async function loadTables(pool: pg.Pool, tables: AsyncIterable<DumpedTable>): Promise<void> {
  await transaction(pool, "begin", async (client) => {
    for await (const { table, rows } of tables) {
      let waiting: string[] = [];
      const insert = async () => {
        await client.query(
          `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`,
          [`[${waiting.join(",")}]`],
        );
        waiting = [];
      };
      for await (const row of rows) if (waiting.push(row) >= ROWS_AT_ONCE) await insert();
      if (waiting.length > 0) await insert();
    }
    await followCounters(client);
  });
}

/** Numbers that tables give out go on after the last one that was given. */
async function followCounters(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; counter: string }>(`
    select format('%I.%I', n.nspname, c.relname) as table, format('%I', a.attname) as column,
           pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as counter
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null`);
  for (const { table, column, counter } of rows)
    await client.query(`select setval($1, max(${column})) from ${table} having max(${column}) is not null`, [
      counter,
    ]);
}

/** Those that others refer to first. */
async function ordered(client: pg.PoolClient, tables: ReadonlySet<string>): Promise<readonly string[]> {
  const { rows } = await client.query<{ table: string; oid: string; needs: string[] }>(TABLES, [[...tables]]);
  const first: typeof rows = [];
  while (first.length < rows.length) {
    const done = new Set(first.map(({ oid }) => oid));
    const next = rows.filter(({ oid, needs }) => !done.has(oid) && needs.every((need) => done.has(need)));
    if (next.length === 0) throw new Error("tables refer to each other in a circle");
    first.push(...next);
  }
  return first.map(({ table }) => table);
}

async function transaction<Result>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
