/**
 * Facts about cases that decide what one reader may see of them (rules §1 and §3), from the rows of the ledger.
 *
 * In      uids of cases, the reader, the instant. Out: facts by uid; a uid that is no case is not there.
 * Rule    referrals, consents and assignments count for the reader's *member*; "until" means strictly later than now.
 * Cost    one statement, whatever the number of cases.
 */
import { sql } from "kysely";
import { type FoldedCase, type Folding, foldCase } from "../../src/policy/facts.ts";
import type { LedgerDatabase } from "../database.ts";
import type { Reader } from "../reader.ts";

export interface CaseFacts extends FoldedCase {
  readonly assigned: boolean;
  readonly charged: boolean;
  readonly courtGroups: readonly string[];
  readonly child: boolean;
  readonly sealed: boolean;
  readonly officialSuspect: boolean;
  readonly staffConflict: boolean;
}

/** What one statement reads about a case, as it concerns the reader's member and staff. */
interface CaseFactRow {
  readonly uid: string;
  /** Sides of the reader's own entries on the case: `owner`, `receiver`. */
  readonly sides: readonly string[];
  /** The reader's organisation put somebody on the case as a receiver. */
  readonly receiverStaffed: boolean;
  /** Oldest first. */
  readonly referrals: readonly {
    readonly status: string;
    readonly purpose: string;
    readonly groups: readonly string[];
    readonly basis: string;
    readonly expiresAt: string;
  }[];
  /** Current records that name the reader's member. */
  readonly consents: readonly {
    readonly status: string;
    readonly groups: readonly string[];
    readonly validUntil: string | null;
  }[];
  readonly charged: boolean;
  readonly courtGroups: readonly string[];
  readonly child: boolean;
  readonly sealed: boolean;
  readonly officialSuspect: boolean;
  readonly staffConflict: boolean;
}

export async function readCaseFacts(
  db: LedgerDatabase,
  uids: readonly string[],
  reader: Reader,
  folding: Folding,
): Promise<ReadonlyMap<string, CaseFacts>> {
  const { rows } = await caseFactRows(uids, reader).execute(db);
  return new Map(rows.map((row) => [row.uid, foldRow(row, reader, folding)]));
}

function foldRow(row: CaseFactRow, reader: Reader, folding: Folding): CaseFacts {
  const holder = row.sides.includes("owner");
  const folded = foldCase(
    {
      holder,
      referrals: row.referrals.map((referral) => ({
        ...referral,
        expiresAt: Date.parse(referral.expiresAt),
      })),
      consents: row.consents.map(({ validUntil, ...consent }) => ({
        ...consent,
        recipients: [reader.address],
        validUntil: validUntil === null ? Number.POSITIVE_INFINITY : Date.parse(validUntil),
      })),
      charged: row.charged,
    },
    { agency: reader.agency, purpose: reader.purpose, recipient: reader.address },
    folding,
  );
  return {
    ...folded,
    grantedGroups: holder ? [...folding.domain.groups.keys()] : folded.grantedGroups,
    assigned: !row.receiverStaffed || row.sides.includes("receiver"),
    charged: row.charged,
    courtGroups: row.courtGroups,
    child: row.child,
    sealed: row.sealed,
    officialSuspect: row.officialSuspect,
    staffConflict: row.staffConflict,
  };
}

const caseFactRows = (uids: readonly string[], { address, staff }: Reader) => sql<CaseFactRow>`
  select c.uid,
    array(select distinct s.side from case_staff s
           where s.case_uid = c.uid and s.member = ${address} and s.staff_id = ${staff}) as sides,
    exists (select from case_staff s
             where s.case_uid = c.uid and s.member = ${address} and s.side = 'receiver') as receiver_staffed,
    coalesce((select json_agg(json_build_object('status', r.status, 'purpose', r.purpose, 'groups', r.granted_groups,
                                                'basis', r.basis, 'expiresAt', r.expires_at)
                              order by r.sent_at, r.uid)
                from referral r where r.case_uid = c.uid and r.to_member = ${address}), '[]') as referrals,
    coalesce((select json_agg(json_build_object('status', k.status, 'groups', k.field_groups,
                                                'validUntil', k.valid_until))
                from consent k join consent_recipient n on n.consent_uid = k.uid and n.member = ${address}
               where k.case_uid = c.uid and k.replaced_by is null), '[]') as consents,
    exists (select from agency_event e where e.case_uid = c.uid and e.kind = 'CHARGED') as charged,
    ${COURT_GROUPS} as court_groups,
    ${CHILD} as child,
    coalesce((select e.kind = 'SEALED' from agency_event e
               where e.case_uid = c.uid and e.kind in ('SEALED', 'UNSEALED')
               order by e.at desc limit 1), false) as sealed,
    exists (select from case_overlay o where o.case_uid = c.uid and o.kind = 'OFFICIAL_SUSPECT'
                                         and o.subject = ${address}) as official_suspect,
    exists (select from case_overlay o where o.case_uid = c.uid and o.kind = 'STAFF_CONFLICT'
                                         and o.subject = ${staff}) as staff_conflict
  from case_file c where c.uid = any(${uids}::text[])`;

/** What the newest referral order put before the court. */
export const COURT_GROUPS = sql<readonly string[]>`
  coalesce((select e.court_groups from agency_event e where e.case_uid = c.uid and e.kind = 'CHARGED'
             order by e.at desc limit 1), '{}')`;

/** Any victim party was under 18 at the event, or is now. */
export const CHILD = sql<boolean>`exists (
  select from case_party p left join person on person.uid = p.person
   where p.case_uid = c.uid and p.role = 'VICTIM' and (p.is_child or person.is_child))`;
