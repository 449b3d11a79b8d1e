/**
 * Notices that a break-glass entry awaits somebody: three for each opening, all at once, and no word about what was opened.
 *
 * To      the organisation that owns the case, the centre's reviewer, the coordination committee's auditor; read for the purpose
 *         AUDIT_OVERSIGHT. An opening of what is no case has as many rows: the owner's is nobody's.
 * Not to  an organisation with a suspected official in the case, nor staff linked to a party: that is asked when a notice is read,
 *         since an overlay may come later.
 * Overdue  told to the auditor alone, once 72 hours have passed without a review: worked out of the opening when it is asked for, by the
 *         gateway's clock, so that nothing has to run at that instant.
 * Gone    once the entry is reviewed.
 */
import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import type { Clock } from "../kernel/clock.ts";
import { type Asking, type CaseQuestions, notClosed } from "./case-questions.ts";
import { REVIEW_WITHIN_MS } from "./opening-rules.ts";

export interface Notice {
  readonly id: string;
  readonly toldAt: Date;
  /** It has awaited a review for too long. */
  readonly isOverdue: boolean;
}

interface StoredNotice extends Notice {
  readonly caseUid: string;
}

export const REVIEWER = "EPC.reviewer";
const AUDITOR = "NCC.auditor";
export const OVERSIGHT = "AUDIT_OVERSIGHT";
const MOST = 100;
const EVER_SECONDS = 1_000 * 365 * 86_400;
const REVIEW_WITHIN = `interval '${REVIEW_WITHIN_MS} milliseconds'`;
/** How often a subscriber's notices are looked for, and how late one may be committed and still be found. */
const LOOK_MS = 250;
const REMEMBERED_SECONDS = 60;

const TELL = `insert into break_glass.notice (opening, member, role)
              values ($1, $2, null), ($1, null, '${REVIEWER}'), ($1, null, '${AUDITOR}')`;
/** Parameters: member, role, the latest opening that is overdue, and how many seconds back a notice was told at most. */
const FOR_READER = `
  select 'n' || n.id as id, n.told_at as "toldAt", o.case_uid as "caseUid", false as "isOverdue"
    from break_glass.notice n join break_glass.opening o on o.uid = n.opening
   where o.justified is null and (n.member = $1 or n.role = $2)
     and n.told_at > clock_timestamp() - make_interval(secs => $4)
  union all
  select 'o' || o.uid, o.opened_at + ${REVIEW_WITHIN}, o.case_uid, true
    from break_glass.opening o
   where o.justified is null and $2 = '${AUDITOR}'
     and o.opened_at <= $3 and o.opened_at > $3::timestamptz - make_interval(secs => $4)`;
const NEWEST = `${FOR_READER} order by "toldAt" desc, id desc limit ${MOST}`;
const RECENT = `${FOR_READER} order by "toldAt", id`;

/** `owner`: address, null where nobody owns what was opened. */
export const tellNotices = (
  on: Pick<pg.Pool, "query">,
  opening: string,
  owner: string | null,
): Promise<unknown> => on.query(TELL, [opening, owner]);

export interface NoticeParts {
  readonly pool: pg.Pool;
  readonly cases: CaseQuestions;
  readonly clock: Clock;
}

export class Notices {
  readonly #parts: NoticeParts;

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  /** Newest first, at most 100. */
  async newest(asking: Asking): Promise<readonly Notice[]> {
    return this.#clear(asking, await this.#stored(NEWEST, asking, EVER_SECONDS));
  }

  /** Those that are told from now on, on whatever replica, each a moment later; ends with the signal. */
  async *follow(asking: Asking): AsyncGenerator<Notice, void, undefined> {
    const seen = new Set<string>();
    for (const { id } of await this.#stored(RECENT, asking, REMEMBERED_SECONDS)) seen.add(id);
    while (!asking.signal.aborted) {
      await setTimeout(LOOK_MS, null, { signal: asking.signal }).catch(() => {});
      const recent = await this.#stored(RECENT, asking, REMEMBERED_SECONDS);
      const fresh = recent.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      for (const id of seen) if (!recent.some((notice) => notice.id === id)) seen.delete(id);
      if (fresh.length > 0) yield* await this.#clear(asking, fresh);
    }
  }

  async #stored(sql: string, { reader }: Asking, withinSeconds: number): Promise<readonly StoredNotice[]> {
    if (reader.purpose !== OVERSIGHT) return [];
    const { pool, clock } = this.#parts;
    const overdue = new Date(clock.now() - REVIEW_WITHIN_MS);
    const values = [reader.member, reader.role, overdue, withinSeconds];
    return (await pool.query<StoredNotice>(sql, values)).rows;
  }

  async #clear(asking: Asking, notices: readonly StoredNotice[]): Promise<readonly Notice[]> {
    return asking.reader.purpose === OVERSIGHT ? notClosed(this.#parts.cases, asking, notices) : [];
  }
}
