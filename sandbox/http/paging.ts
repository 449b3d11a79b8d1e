/**
 * Pages of a list: `{"items": [...], "next": cursor or null}`. Cursors are opaque and mean a place in that list.
 *
 * Errors  400 for a cursor of no page or a limit outside 1 to the page size.
 */
import { type Answer, ok, Refusal } from "./answer.ts";

export interface PageRequest {
  readonly cursor: string | null;
  readonly limit: number;
}

export function page(rows: readonly object[], { cursor, limit }: PageRequest): Answer {
  const from = cursor === null ? 0 : placeOf(cursor);
  const until = from + limit;
  const next = until < rows.length ? Buffer.from(`at:${until}`).toString("base64url") : null;
  return ok({ items: rows.slice(from, until), next });
}

export function limitOf(text: string | null, most: number): number {
  if (text === null) return most;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw new Refusal(400, `\`limit\` is 1 to ${most}`);
  return limit;
}

function placeOf(cursor: string): number {
  const [, at] = /^at:(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  if (at === undefined) throw new Refusal(400, "a cursor of no page");
  return Number(at);
}
