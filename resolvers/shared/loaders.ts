/**
 * Loaders of one request: whatever the rows of a page ask for by key becomes one statement.
 *
 * Rows    come in any order; a key without a row gives null, or an empty list. Keys travel as one array parameter, so
 *         the text of a statement never varies.
 */
import DataLoader from "dataloader";
import { type RawBuilder, sql } from "kysely";

type Keys = readonly string[];

export type OneByKey<Row> = DataLoader<string, Row | null>;
export type ManyByKey<Row> = DataLoader<string, readonly Row[]>;

export function oneByKey<Row>(
  read: (keys: Keys) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): OneByKey<Row> {
  return new DataLoader(async (keys) => {
    const rows = new Map((await read(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });
}

export function manyByKey<Row>(
  read: (keys: Keys) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): ManyByKey<Row> {
  return new DataLoader(async (keys) => {
    const rows = Map.groupBy(await read(keys), keyOf);
    return keys.map((key) => rows.get(key) ?? []);
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

/** `any($1)`: one parameter, whatever the number of values. */
export const anyOf = (values: readonly string[]): RawBuilder<string> => sql<string>`any(${values})`;
