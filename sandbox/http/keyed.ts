/**
 * Rows of a table found by key, or by each of several keys. Only places are kept: a row is made again when asked for.
 *
 * Cost  one pass over the table when it is made; a string and a number a row are kept.
 */
import type { SparseTable, Table } from "../synth/tables.ts";

export interface Keyed<Row> {
  get(key: string): Row | undefined;
  /** Any row. */
  first(): Row | undefined;
}

export function keyed<Row>(
  table: Table<Row> | SparseTable<Row>,
  keysOf: (row: Row) => string | readonly string[],
): Keyed<Row> {
  const places = new Map<string, number>();
  for (let i = 0; i < table.count; i++) {
    const row = table.row(i);
    if (row !== undefined) for (const key of [keysOf(row)].flat()) places.set(key, i);
  }
  const at = (i: number | undefined) => (i === undefined ? undefined : table.row(i));
  return { get: (key) => at(places.get(key)), first: () => at(places.values().next().value) };
}
