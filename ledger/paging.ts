/**
 * Keyset paging: a cursor is the order keys of a row, so that paging neither repeats nor skips when rows are added.
 *
 * Cursor   base64url of JSON `[order, ...keys]`; opaque to the gateway, which seals it for one reader. A cursor of
 *          another order, or one that was edited, is BAD_CURSOR.
 * Bounds   0 to 100 rows a page (BAD_USER_INPUT beyond); one row more is read to know whether there is a next page.
 */
import { GatewayError } from "../src/kernel/errors.ts";

const MAX_PAGE = 100;

type OrderKey = string | number;

export interface Connection<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** The wanted number of rows, checked. */
export function pageSize(first: number | null | undefined, preset: number): number {
  const size = first ?? preset;
  if (size < 0 || size > MAX_PAGE)
    throw new GatewayError("BAD_USER_INPUT", `\`first\` must be 0 to ${MAX_PAGE}`);
  return size;
}

/** `rows` holds up to `size` + 1 rows. */
export function connection<Row>(
  rows: readonly Row[],
  size: number,
  isFirstPage: boolean,
  cursorOf: (row: Row) => string,
): Connection<Row> {
  const edges = rows.slice(0, size).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: !isFirstPage,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

export const encodeCursor = (order: string, keys: readonly OrderKey[]): string =>
  Buffer.from(JSON.stringify([order, ...keys])).toString("base64url");

/** The keys of a cursor that `encodeCursor` made for the same order, with keys like `sample`. */
export function decodeCursor<Keys extends readonly OrderKey[]>(
  order: string,
  sample: Keys,
  cursor: string,
): Keys {
  const [its, ...keys] = parse(cursor);
  const alike =
    its === order && keys.length === sample.length && keys.every((key, i) => typeof key === typeof sample[i]);
  if (!alike) throw new GatewayError("BAD_CURSOR", "`after` is no cursor of this list");
  return keys as unknown as Keys;
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
