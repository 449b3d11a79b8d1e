/**
 * Pages by keyset: the next page begins after the last row's order values, so that none repeats or is skipped while
 * rows come and go, and page 1,000 costs what page 1 costs.
 *
 * Order   one or more columns in one direction, the last of them unique; an index serves them.
 * Cursor  base64url of JSON: name of the order, values of the row. The gateway seals it before anybody sees it.
 * Errors  BAD_CURSOR for one of another order or no cursor at all; LIMIT_EXCEEDED beyond 100 rows.
 */
import { type SelectQueryBuilder, sql } from "kysely";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { PageInfo } from "./values.ts";

export const MAX_PAGE = 100;

export interface Order {
  readonly name: string;
  /** `table.column`. */
  readonly columns: readonly string[];
  readonly direction: "asc" | "desc";
}

export interface PageRequest {
  readonly order: Order;
  readonly first: number;
  readonly after: string | null;
}

type Values = readonly (string | number)[];

/** What a paged row carries beside its own columns. */
export interface Placed {
  readonly at: Values;
}

export interface Page<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: PageInfo;
}

/** A count that the caller may choose, within bounds. */
export function bounded(name: string, wanted: number | null | undefined, usual: number): number {
  const count = wanted ?? usual;
  if (count > MAX_PAGE)
    throw new GatewayError("LIMIT_EXCEEDED", `\`${name}\` is ${MAX_PAGE} at most`, {
      params: { limit: MAX_PAGE },
    });
  if (count < 0) throw new GatewayError("BAD_USER_INPUT", `\`${name}\` must not be negative`);
  return count;
}

/** Adds the order, the place and one row more than the page holds, which says whether there is a next one. */
export function keyset<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  { order, first, after }: PageRequest,
): SelectQueryBuilder<DB, TB, O & Placed> {
  const columns = order.columns.map((column) => sql.ref(column));
  const place = after === null ? null : readCursor(order, after);
  let paged = query
    .select(sql<Values>`json_build_array(${sql.join(columns)})`.as("at"))
    .limit(first + 1) as unknown as SelectQueryBuilder<DB, TB, O & Placed>;
  for (const column of columns) paged = paged.orderBy(column, order.direction);
  if (!place) return paged;
  const beyond = sql.raw(order.direction === "asc" ? ">" : "<");
  return paged.where(sql<boolean>`(${sql.join(columns)}) ${beyond} (${sql.join(place)})`);
}

export function pageOf<Row, Node>(
  rows: readonly (Row & Placed)[],
  { order, first, after }: PageRequest,
  node: (row: Row) => Node,
): Page<Node> {
  const edges = rows.slice(0, first).map((row) => ({ cursor: writeCursor(order, row.at), node: node(row) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const writeCursor = ({ name }: Order, values: Values): string =>
  Buffer.from(JSON.stringify([name, ...values])).toString("base64url");

function readCursor({ name, columns }: Order, cursor: string): Values {
  const [order, ...values] = tryRead(cursor);
  if (order !== name || values.length !== columns.length || !values.every(isScalar))
    throw new GatewayError("BAD_CURSOR", "`after` is no cursor of this list and order");
  return values;
}

function tryRead(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const isScalar = (value: unknown): value is string | number =>
  typeof value === "string" || typeof value === "number";
