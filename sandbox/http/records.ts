/**
 * Records that an agency gives out by its own key, one by one or in batches.
 *
 * GET  <path>/{key}      the record; 404, or 403 for one that this agency keeps to itself.
 * POST <path>:batch      `{"keys": [...]}`, at most 100, each once; answers `{"items": [{key, status, record}]}` in the
 *                        order of the keys, with a status of its own for each.
 */
import { type Answer, ok, Refusal } from "./answer.ts";
import type { Keyed } from "./keyed.ts";
import { type Call, type Route, route } from "./route.ts";

export interface Records<Row> {
  readonly path: string;
  readonly rows: Keyed<Row>;
  /** The row in the agency's own field names. */
  readonly write: (row: Row) => object;
}

interface Item {
  readonly key: string;
  readonly status: 200 | 403 | 404;
  readonly record: object | null;
}

export const MAX_KEYS = 100;

export function records<Row>({ path, rows, write }: Records<Row>): readonly Route[] {
  const source: Source = {
    find: (key) => written(rows.get(key), write),
    stranger: () => written(rows.first(), write),
  };
  return [
    route(`GET ${path}/{key}`, (call) => one(source, call)),
    route(`POST ${path}:batch`, (call) => many(source, call)),
  ];
}

interface Source {
  readonly find: (key: string) => object | undefined;
  /** Some record, for a lying agency to give instead. */
  readonly stranger: () => object | undefined;
}

const written = <Row>(row: Row | undefined, write: (row: Row) => object) =>
  row === undefined ? undefined : write(row);

function one(source: Source, call: Call): Answer {
  const { status, record } = itemOf(source, call, call.params["key"] ?? "");
  if (status === 404) throw new Refusal(404, "no such record");
  if (status === 403) throw new Refusal(403, "this record is not given out");
  return ok(call.faults.lying === "records" ? source.stranger() : record);
}

function many(source: Source, call: Call): Answer {
  const items = keysOf(call.body, "keys").map((key) => itemOf(source, call, key));
  return ok({ items: told(source, call, items) });
}

function itemOf({ find }: Source, { faults }: Call, key: string): Item {
  if (faults.refused.has(key)) return { key, status: 403, record: null };
  const record = find(key);
  return record ? { key, status: 200, record } : { key, status: 404, record: null };
}

/** The items, or what a lying agency makes of them: each then has the record of another. */
function told({ stranger }: Source, { faults }: Call, items: readonly Item[]): readonly Item[] {
  if (faults.lying === "order") return items.toReversed();
  if (faults.lying === null) return items;
  return items.map((item, at) => {
    const other = items[(at + 1) % items.length]?.record;
    return { ...item, record: (items.length > 1 ? other : stranger()) ?? null };
  });
}

/** A list of at most 100 keys in a body, each once. */
export function keysOf(body: unknown, name: string): readonly string[] {
  const keys = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
  const good = Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === "string");
  if (!good || new Set(keys).size < keys.length)
    throw new Refusal(400, `\`${name}\` is a list of different keys`);
  if (keys.length > MAX_KEYS) throw new Refusal(400, `at most ${MAX_KEYS} keys`);
  return keys;
}
