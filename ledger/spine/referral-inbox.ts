/**
 * Referrals that the reader's organisation received, newest first: drafts, and cases that an overlay hides from the
 * reader, are not among them. Nothing for agencies to whom referrals are hidden. One statement a page.
 */
import { sql } from "kysely";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { LedgerContext } from "../context.ts";
import { anyOf } from "../database.ts";
import { notOverlaid } from "../facts/visible.ts";
import { type Connection, connection, decodeCursor, encodeCursor, pageSize } from "../paging.ts";
import type { Reader } from "../reader.ts";
import type { ReferralRow } from "./loaders.ts";

export interface InboxArguments {
  readonly status?: readonly string[] | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

const DEFAULT_PAGE = 20;
const ORDER = "SENT_AT_DESC";

export async function referralInbox(
  { db, reader, domain }: LedgerContext,
  { status, first, after }: InboxArguments,
): Promise<Connection<ReferralRow>> {
  const size = pageSize(first, DEFAULT_PAGE);
  let query = db
    .selectFrom("referral as r")
    .innerJoin("caseFile as c", "c.uid", "r.caseUid")
    .selectAll("r")
    .where("r.toMember", "=", reader.address)
    .where("r.status", "<>", "DRAFT")
    .where(mayHaveReferrals(reader, domain) ? notOverlaid(reader) : sql<boolean>`false`);
  if (status) query = query.where("r.status", "=", anyOf(status));
  if (after) {
    const [sentAt, uid] = decodeCursor(ORDER, ["", ""] as const, after);
    if (Number.isNaN(Date.parse(sentAt)))
      throw new GatewayError("BAD_CURSOR", "`after` is no cursor of this list");
    query = query.where(sql<boolean>`(r.sent_at, r.uid) < (${sentAt}::timestamptz, ${uid}::text)`);
  }
  const rows = await query
    .orderBy("r.sentAt", "desc")
    .orderBy("r.uid", "desc")
    .limit(size + 1)
    .execute();
  return connection(rows, size, !after, (row) => encodeCursor(ORDER, [row.sentAt ?? "", row.uid]));
}

/** Own referrals (cell O), or all of them (A); hidden and aggregated ones are no list. */
function mayHaveReferrals(
  { agency, role, purpose }: Reader,
  { roles, cell }: LedgerContext["domain"],
): boolean {
  const held = role.startsWith(`${agency}.`) && roles.get(role)?.has(purpose);
  if (!held || purpose === "IMMIGRATION_ENFORCEMENT") return false;
  return ["A", "O"].includes(cell("REFERRALS", agency).effect);
}
