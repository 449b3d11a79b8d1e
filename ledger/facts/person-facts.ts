/**
 * Overlays of persons who are read from a register rather than through a case: a child, a suspect who works for the
 * reader's organisation, a party to whom the reader is linked.
 *
 * Cost    one statement, whatever the number of persons. A person unknown to the ledger has no overlay.
 */
import { sql } from "kysely";
import type { LedgerDatabase } from "../database.ts";
import type { Reader } from "../reader.ts";

export interface PersonFacts {
  readonly uid: string;
  readonly child: boolean;
  readonly officialSuspect: boolean;
  readonly staffConflict: boolean;
}

export async function readPersonFacts(
  db: LedgerDatabase,
  uids: readonly string[],
  { address, staff }: Reader,
): Promise<ReadonlyMap<string, PersonFacts>> {
  const overlay = (kind: string, subject: string) => sql<boolean>`exists (
    select from case_party p join case_overlay o on o.case_uid = p.case_uid
     where p.person = wanted.uid and o.kind = ${kind} and o.subject = ${subject})`;
  const { rows } = await sql<PersonFacts>`
    select wanted.uid, coalesce(person.is_child, false) as child,
           ${overlay("OFFICIAL_SUSPECT", address)} as official_suspect,
           ${overlay("STAFF_CONFLICT", staff)} as staff_conflict
      from unnest(${uids}::text[]) as wanted(uid) left join person on person.uid = wanted.uid`.execute(db);
  return new Map(rows.map((row) => [row.uid, row]));
}
