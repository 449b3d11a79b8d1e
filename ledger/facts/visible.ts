/**
 * The existence rule as a condition on `case_file c`, so that pages of cases are full and no hidden one is read.
 *
 * Cost    a party's cases are found by the reader's own referrals and assignments (both indexed), not by trying each
 *         case; readers for whom no case exists still cost one statement, like those for whom there is none.
 */
import { type RawBuilder, sql } from "kysely";
import type { LedgerContext } from "../context.ts";
import type { Reader } from "../reader.ts";
import { CHILD, COURT_GROUPS } from "./case-facts.ts";
import { CHILD_INTEREST, type ExistenceRule, existenceRule, LIFTS_REFUSAL } from "./existence.ts";

const EMERGENCY = "EMERGENCY_PROTECTION";
type Condition = RawBuilder<boolean>;

/** Who asks, when, and by which tables. */
type Asking = Pick<LedgerContext, "reader" | "now" | "domain">;

export function visibleCases({ reader, now, domain }: Asking): Condition {
  const rule = existenceRule(reader, domain);
  return rule ? all([notOverlaid(reader), ...conditions(rule, reader, new Date(now).toISOString())]) : NEVER;
}

/**
 * Of the cases that exist for the reader, those whose header the reader may read: only they may be found by what is in
 * it, or its values could be guessed by who answers (rules §5, "To filter").
 */
export function readableHeaders({ reader, now, domain }: Asking): Condition {
  const relation = existenceRule(reader, domain)?.relation;
  if (relation === "party")
    return sql<boolean>`c.uid in (${heldCases(reader)} union all ${brokenGlass(reader)} union all
      ${liveReferrals(reader, new Date(now).toISOString())} and 'CASE_HEADER' = any(r.granted_groups))`;
  if (relation === "charged") return sql<boolean>`'CASE_HEADER' = any(${COURT_GROUPS})`;
  return sql<boolean>`true`;
}

const NEVER: Condition = sql<boolean>`false`;
const all = (parts: readonly Condition[]): Condition => sql<boolean>`(${sql.join(parts, sql` and `)})`;

/** No suspect of the case works for the reader's organisation, and no party of it is linked to the reader. */
export const notOverlaid = ({ address, staff }: Reader): Condition => sql<boolean>`not exists (
  select from case_overlay o where o.case_uid = c.uid and
    ((o.kind = 'OFFICIAL_SUSPECT' and o.subject = ${address}) or (o.kind = 'STAFF_CONFLICT' and o.subject = ${staff})))`;

function* conditions(rule: ExistenceRule, reader: Reader, now: string): Iterable<Condition> {
  if (rule.relation === "party")
    yield sql<boolean>`c.uid in (${heldCases(reader)} union all ${brokenGlass(reader)} union all ${liveReferrals(reader, now)})`;
  if (rule.relation === "charged")
    yield sql<boolean>`exists (select from agency_event e where e.case_uid = c.uid and e.kind = 'CHARGED')`;
  if (rule.refusable)
    yield sql<boolean>`(not ${headerRefused(reader)} or c.uid in (${heldCases(reader)})
      or coalesce(${basis(reader, now)} = any(${LIFTS_REFUSAL}::text[]), false))`;
  if (rule.adultsOnly) yield sql<boolean>`not ${CHILD}`;
  if (rule.childInterestOnly)
    yield sql<boolean>`(not ${CHILD} or coalesce(${basis(reader, now)} = ${CHILD_INTEREST}, false))`;
}

const heldCases = ({ address, staff }: Reader) => sql`
  select s.case_uid from case_staff s
   where s.member = ${address} and s.staff_id = ${staff} and s.side = 'owner'`;

/** Break-glass stands in for the relation, and for nothing else (rules §3, glass). */
const brokenGlass = ({ purpose, brokenGlass: uids = [] }: Reader) =>
  sql`select unnest(${purpose === EMERGENCY ? uids : []}::text[])`;

const live = ({ address, purpose }: Reader, now: string) => sql`
  r.to_member = ${address} and r.status = 'ACCEPTED' and r.purpose = ${purpose} and r.expires_at > ${now}::timestamptz`;

const liveReferrals = (reader: Reader, now: string) =>
  sql`select r.case_uid from referral r where ${live(reader, now)}`;

/** Of the newest referral by which the reader reads. */
const basis = (reader: Reader, now: string) => sql`(
  select r.basis from referral r where r.case_uid = c.uid and ${live(reader, now)}
   order by r.sent_at desc, r.uid desc limit 1)`;

const headerRefused = ({ address }: Reader): Condition => sql<boolean>`exists (
  select from consent k join consent_recipient n on n.consent_uid = k.uid and n.member = ${address}
   where k.case_uid = c.uid and k.replaced_by is null and k.status in ('REFUSED', 'WITHDRAWN')
     and 'CASE_HEADER' = any(k.field_groups))`;
