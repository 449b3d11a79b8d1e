/**
 * Loaders of one request: whatever the rows of a page ask for by key becomes one statement.
 *
 * Rows    come in any order; a key without a row gives null, or an empty list. Keys travel as one array parameter, so
 *         the text of a statement never varies.
 */
import DataLoader from "dataloader";
import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Sql } from "../../src/connectors/sql.ts";

export type OneByKey<Found> = DataLoader<string, Found | null>;
export type ManyByKey<Found> = DataLoader<string, readonly Found[]>;

type TableOf<Database> = keyof Database & string;
type ColumnOf<Database, Table extends TableOf<Database>> = keyof Database[Table] & string;

export interface Wanted<Database, Table extends TableOf<Database>> {
  readonly table: Table;
  /** Column that holds the key. */
  readonly key: ColumnOf<Database, Table>;
}

export interface WantedLatest<Database, Table extends TableOf<Database>> extends Wanted<Database, Table> {
  /** Columns in which rows of one key are ordered; an index begins with the key and goes on with them. */
  readonly order: readonly ColumnOf<Database, Table>[];
  readonly last: number;
  readonly where?: RawBuilder<boolean>;
}

/** The row of each key. */
export function oneByKey<Database, Table extends TableOf<Database>, Found>(
  database: Sql<Database>,
  { table, key }: Wanted<Database, Table>,
  record: (row: Selectable<Database[Table]>) => Found,
): OneByKey<Found> {
  return new DataLoader(async (keys) => {
    const rows = await ask<Database, Table>(
      database,
      sql`select * from ${sql.table(table)} where ${sql.ref(key)} = any(${keys}::text[])`,
    );
    const found = new Map(rows.map((row) => [String(row[key as keyof typeof row]), record(row)]));
    return keys.map((wanted) => found.get(wanted) ?? null);
  });
}

/** The latest rows of each key, oldest first. */
export function latestByKey<Database, Table extends TableOf<Database>, Found>(
  database: Sql<Database>,
  { table, key, order, last, where = sql<boolean>`true` }: WantedLatest<Database, Table>,
  record: (row: Selectable<Database[Table]>) => Found,
): ManyByKey<Found> {
  const newestFirst = sql.join(order.map((column) => sql`${sql.ref(column)} desc`));
  const oldestFirst = sql.join(order.map((column) => sql.ref(`latest.${column}`)));
  return new DataLoader(async (keys) => {
    const rows = await ask<Database, Table>(
      database,
      sql`select latest.* from unnest(${keys}::text[]) as wanted(key)
          cross join lateral (
            select * from ${sql.table(table)}
            where ${sql.ref(key)} = wanted.key and ${where}
            order by ${newestFirst} limit ${last}
          ) latest
          order by ${oldestFirst}`,
    );
    const found = Map.groupBy(rows, (row) => String(row[key as keyof typeof row]));
    return keys.map((wanted) => found.get(wanted)?.map(record) ?? []);
  });
}

/** One loader for each way of asking (a `last`, a period), made when first asked that way. */
export function byArguments<Arguments, Loader>(
  make: (args: Arguments) => Loader,
): (args: Arguments) => Loader {
  const made = new Map<string, Loader>();
  return (args) => {
    const name = JSON.stringify(args);
    const loader = made.get(name) ?? make(args);
    made.set(name, loader);
    return loader;
  };
}

/** One of the values, which travel as one parameter. */
export const oneOf = (column: string, values: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} = any(${values}::text[])`;

async function ask<Database, Table extends TableOf<Database>>(
  database: Sql<Database>,
  statement: RawBuilder<unknown>,
): Promise<readonly Selectable<Database[Table]>[]> {
  const { rows } = await database.ask((db) => statement.execute(db));
  return rows as readonly Selectable<Database[Table]>[];
}
