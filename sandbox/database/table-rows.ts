/** How a table of the world becomes a table of an agency: for each column, where its value comes from. */
import type { SparseTable, Table } from "../synth/tables.ts";
import type { CopiedTable, Value } from "./copy.ts";

export function tableOf<Row>(
  table: string,
  source: Table<Row> | SparseTable<Row> | Iterable<Row>,
  columns: Readonly<Record<string, (row: Row) => Value>>,
): CopiedTable {
  const sources = Object.values(columns);
  return {
    table,
    columns: Object.keys(columns),
    rows: Iterator.from(source).map((row) => sources.map((from) => from(row))),
  };
}
