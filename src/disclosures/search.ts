/**
 * Searches the copy of the disclosure log: by subject, reader, member, purpose and time, newest first.
 *
 * In      at least nothing: then everything. Times are instants, half-open [from, to).
 * Out     texts of records as they are in their logs, for whoever holds the keys of their subjects.
 * Memory  a few hundred records at a time.
 */
import type pg from "pg";
import type { BlindIndex } from "../audit/blind-index.ts";
import type { Subject } from "../audit/subject-keys.ts";

export interface SearchQuery {
  readonly subject?: Subject;
  readonly reader?: string;
  readonly member?: string;
  readonly role?: string;
  readonly purpose?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface FoundRecord {
  /** Origin of the log that it is in. */
  readonly log: string;
  readonly text: string;
}

interface Row extends FoundRecord {
  readonly at: Date;
  readonly sequence: string;
}

const BATCH_RECORDS = 500;

const SEARCH = `
  select r.log, r.sequence, r.at, r.text
    from disclosure.record r
   where ($1::text is null or exists (select from disclosure.subject s
                                       where s.index = $1 and s.log = r.log and s.sequence = r.sequence))
     and ($2::text is null or r.reader = $2) and ($3::text is null or r.member = $3)
     and ($4::text is null or r.role = $4) and ($5::text is null or r.purpose = $5)
     and ($6::timestamptz is null or r.at >= $6) and ($7::timestamptz is null or r.at < $7)
     and ($8::timestamptz is null or (r.at, r.log, r.sequence) < ($8, $9::text, $10::bigint))
   order by r.at desc, r.log desc, r.sequence desc limit ${BATCH_RECORDS}`;

export async function* searchCopy(
  pool: Pick<pg.Pool, "query">,
  blind: BlindIndex,
  { subject, reader, member, role, purpose, from, to }: SearchQuery,
): AsyncGenerator<FoundRecord> {
  const wanted = [subject && blind.of(subject), reader, member, role, purpose, from, to];
  const values = wanted.map((value) => value ?? null);
  let after: readonly unknown[] = [null, null, null];
  for (;;) {
    const { rows } = await pool.query<Row>(SEARCH, [...values, ...after]);
    yield* rows.map(({ log, text }) => ({ log, text }));
    const last = rows.at(-1);
    if (!last || rows.length < BATCH_RECORDS) return;
    after = [last.at, last.log, last.sequence];
  }
}
