/**
 * What a table of the synthetic world is: row i is a pure function of (seed, table, i), so that any agency can make
 * its own rows alone, in any order.
 *
 * Table        dense: `row(i)` exists for 0 ≤ i < `count`.
 * SparseTable  `count` slots, some of them empty (a worker without a complaint): `row(i)` is then undefined.
 * Errors       `row(i)` outside 0 … count − 1 throws a RangeError.
 */
export interface Table<Row> extends Iterable<Row> {
  readonly name: string;
  readonly count: number;
  row(i: number): Row;
}
export interface SparseTable<Row> extends Iterable<Row> {
  readonly name: string;
  /** Slots, not rows. */
  readonly count: number;
  row(i: number): Row | undefined;
}

export function table<Row>(name: string, count: number, row: (i: number) => Row): Table<Row> {
  return {
    name,
    count,
    row: (i) => row(within(name, count, i)),
    *[Symbol.iterator]() {
      for (let i = 0; i < count; i++) yield row(i);
    },
  };
}

export function sparseTable<Row>(
  name: string,
  count: number,
  row: (i: number) => Row | undefined,
): SparseTable<Row> {
  return {
    name,
    count,
    row: (i) => row(within(name, count, i)),
    *[Symbol.iterator]() {
      for (let i = 0; i < count; i++) {
        const found = row(i);
        if (found !== undefined) yield found;
      }
    },
  };
}

function within(name: string, count: number, i: number): number {
  if (!Number.isInteger(i) || i < 0 || i >= count)
    throw new RangeError(`table ${name} has rows 0 to ${count - 1}, not ${i}`);
  return i;
}
