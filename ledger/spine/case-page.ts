/**
 * Cases as lists: only those that may exist for the reader, so that pages are full; filtered and ordered by indexes.
 *
 * Whoever filters, orders otherwise than by default, or asks by number sees cases of readable header only.
 * Dates of a filter are days in Bahrain, both ends included. One statement a page.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { LedgerContext } from "../context.ts";
import { anyOf, type LedgerDatabase } from "../database.ts";
import { readableHeaders, visibleCases } from "../facts/visible.ts";
import { type Connection, connection, decodeCursor, encodeCursor, pageSize } from "../paging.ts";
import type { CaseFilter } from "./case-filter.ts";
import type { CaseRow } from "./loaders.ts";

export interface CasePageArguments {
  readonly filter?: CaseFilter | null;
  readonly orderBy: string;
  readonly first?: number | null;
  readonly after?: string | null;
}

const DEFAULT_PAGE = 20;
/** What a list is in unless told: no reading of the header. */
export const DEFAULT_ORDER = "OPENED_AT_DESC";
const TIME_ZONE = "Asia/Bahrain";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

interface Order {
  readonly direction: "asc" | "desc";
  readonly columns: readonly ("openedAt" | "riskRank" | "uid")[];
}
const NEWEST_FIRST: Order = { direction: "desc", columns: ["openedAt", "uid"] };
const ORDERS: Readonly<Record<string, Order>> = {
  OPENED_AT_DESC: NEWEST_FIRST,
  OPENED_AT_ASC: { direction: "asc", columns: ["openedAt", "uid"] },
  RISK_LEVEL_DESC: { direction: "desc", columns: ["riskRank", "openedAt", "uid"] },
};
/** What a key of each column looks like. */
const SAMPLES = { openedAt: "", riskRank: 0, uid: "" } as const;
const CASTS = { openedAt: sql`timestamptz`, riskRank: sql`smallint`, uid: sql`text` };

export async function casePage(
  context: LedgerContext,
  { filter, orderBy, first, after }: CasePageArguments,
): Promise<Connection<CaseRow>> {
  const size = pageSize(first, DEFAULT_PAGE);
  const order = ORDERS[orderBy] ?? NEWEST_FIRST;
  let query = caseFiles(context.db).where(visibleCases(context));
  const asked = [...conditions(filter ?? {})];
  if (asked.length > 0 || orderBy !== DEFAULT_ORDER) query = query.where(readableHeaders(context));
  for (const condition of asked) query = query.where(condition);
  if (after) query = query.where(beyond(order, keysOf(orderBy, order, after)));
  for (const column of order.columns) query = query.orderBy(`c.${column}`, order.direction);
  const rows = await query.limit(size + 1).execute();
  const cursorOf = (row: CaseRow) =>
    encodeCursor(
      orderBy,
      order.columns.map((column) => row[column] as string | number),
    );
  return connection(rows, size, !after, cursorOf);
}

/** One case, if it may exist for the reader; a hidden one costs what an unknown one costs. */
export async function oneCase(
  context: LedgerContext,
  { id, nrmNumber }: { readonly id?: string | null; readonly nrmNumber?: string | null },
): Promise<CaseRow | null> {
  if (!id && !nrmNumber) throw new GatewayError("BAD_USER_INPUT", "`case` needs `id` or `nrmNumber`");
  let query = caseFiles(context.db).where(visibleCases(context));
  if (id) query = query.where("c.uid", "=", id);
  if (nrmNumber) query = query.where("c.nrmNumber", "=", nrmNumber).where(readableHeaders(context));
  return (await query.executeTakeFirst()) ?? null;
}

/** Of the cases that break-glass opens to the reader, those that may exist for the reader; the newest first. */
export const emergencyCases = (context: LedgerContext): Promise<readonly CaseRow[]> =>
  caseFiles(context.db)
    .where(visibleCases(context))
    .where("c.uid", "=", anyOf(context.reader.brokenGlass ?? []))
    .orderBy("c.openedAt", "desc")
    .orderBy("c.uid")
    .execute();

const caseFiles = (db: LedgerDatabase) => db.selectFrom("caseFile as c").selectAll("c");

function keysOf(orderBy: string, { columns }: Order, after: string): readonly (string | number)[] {
  const samples = columns.map((column) => SAMPLES[column]);
  const keys = decodeCursor(orderBy, samples, after);
  const openedAt = keys[columns.indexOf("openedAt")];
  if (Number.isNaN(Date.parse(String(openedAt))))
    throw new GatewayError("BAD_CURSOR", "`after` is no cursor of this list");
  return keys;
}

function beyond({ direction, columns }: Order, keys: readonly (string | number)[]): RawBuilder<SqlBool> {
  const row = sql.join(columns.map((column) => sql.ref(`c.${column}`)));
  const last = sql.join(columns.map((column, i) => sql`${keys[i]}::${CASTS[column]}`));
  return direction === "asc" ? sql<SqlBool>`(${row}) > (${last})` : sql<SqlBool>`(${row}) < (${last})`;
}

function* conditions(filter: CaseFilter): Iterable<RawBuilder<SqlBool>> {
  const lists = {
    identificationState: filter.identification,
    protectionState: filter.protection,
    justiceState: filter.justice,
    labourState: filter.labour,
    redressState: filter.redress,
    riskLevel: filter.riskLevel,
  };
  for (const [column, codes] of Object.entries(lists))
    if (codes) yield sql<SqlBool>`${sql.ref(`c.${column}`)} = ${anyOf(codes)}`;
  if (filter.nrmNumber) yield sql<SqlBool>`c.nrm_number = ${filter.nrmNumber}`;
  if (filter.owner)
    yield sql<SqlBool>`c.owner_member in (select address from member where agency = ${filter.owner})`;
  const { from, until } = filter.opened ?? {};
  if (from) yield sql<SqlBool>`c.opened_at >= ${midnight(sql`${day(from)}::date`)}`;
  if (until) yield sql<SqlBool>`c.opened_at < ${midnight(sql`${day(until)}::date + 1`)}`;
}

function day(text: string): string {
  if (DAY.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new GatewayError("BAD_USER_INPUT", "`opened` takes dates, `YYYY-MM-DD`");
}

const midnight = (date: RawBuilder<unknown>) => sql`(${date})::timestamp at time zone ${TIME_ZONE}`;
