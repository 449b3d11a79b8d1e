/**
 * Loaders of one request: however many objects ask, each kind of question is one statement.
 *
 * `listLoader` gives every row of a key, in the order of the statement; `rowLoader` the one row, or null.
 */
import DataLoader from "dataloader";

type Read<Row> = (keys: readonly string[]) => Promise<readonly Row[]>;

export function listLoader<Row>(
  read: Read<Row>,
  keyOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> {
  return new DataLoader(async (keys) => {
    const rows = Map.groupBy(await read(keys), keyOf);
    return keys.map((key) => rows.get(key) ?? []);
  });
}

export function rowLoader<Row>(read: Read<Row>, keyOf: (row: Row) => string): DataLoader<string, Row | null> {
  return mapLoader(async (keys) => new Map((await read(keys)).map((row) => [keyOf(row), row])));
}

export function mapLoader<Value>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): DataLoader<string, Value | null> {
  return new DataLoader(async (keys) => {
    const values = await read(keys);
    return keys.map((key) => values.get(key) ?? null);
  });
}

/** Makes a value at first use of a key and keeps it: loaders that nobody asks are not made. */
export function memo<Key, Value>(
  make: (key: Key) => Value,
  nameOf: (key: Key) => unknown,
): (key: Key) => Value {
  const made = new Map<unknown, Value>();
  return (key) => {
    const name = nameOf(key);
    const value = made.get(name) ?? make(key);
    made.set(name, value);
    return value;
  };
}
