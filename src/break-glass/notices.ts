/**
 * Notices that a break-glass entry awaits somebody: three for each opening, all at once, and no word about what was opened.
 *
 * To      the organisation that owns the case, the centre's reviewer, the coordination committee's auditor; read for the purpose
 *         AUDIT_OVERSIGHT. An opening of what is no case has as many rows: the owner's is nobody's.
 * Not to  an organisation with a suspected official in the case, nor staff linked to a party: that is asked when a notice is read
 *        , since an overlay may come later.
 * Gone    once the entry is reviewed.
 */
import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import { type Asking, type CaseQuestions, NO_CASE } from "./case-questions.ts";

export interface Notice {
  readonly id: string;
  readonly toldAt: Date;
}

interface StoredNotice extends Notice {
  readonly caseUid: string;
}

export const REVIEWER = "EPC.reviewer";
const AUDITOR = "NCC.auditor";
export const OVERSIGHT = "AUDIT_OVERSIGHT";
const MOST = 100;
/** How often a subscriber's notices are looked for, and how late one may be committed and still be found. */
const LOOK_MS = 250;
const REMEMBERED_SECONDS = 60;

const TELL = `insert into break_glass.notice (opening, member, role)
              values ($1, $2, null), ($1, null, '${REVIEWER}'), ($1, null, '${AUDITOR}')`;
const FOR_READER = `
  select n.id, n.told_at as "toldAt", o.case_uid as "caseUid"
    from break_glass.notice n join break_glass.opening o on o.uid = n.opening
   where o.justified is null and (n.member = $1 or n.role = $2)`;
const NEWEST = `${FOR_READER} order by n.id desc limit ${MOST}`;
const RECENT = `${FOR_READER} and n.told_at > clock_timestamp() - make_interval(secs => $3) order by n.id`;

/** `owner`: address, null where nobody owns what was opened. */
export const tellNotices = (
  on: Pick<pg.Pool, "query">,
  opening: string,
  owner: string | null,
): Promise<unknown> => on.query(TELL, [opening, owner]);

export class Notices {
  readonly #pool: pg.Pool;
  readonly #cases: CaseQuestions;

  constructor(pool: pg.Pool, cases: CaseQuestions) {
    this.#pool = pool;
    this.#cases = cases;
  }

  /** Newest first, at most 100. */
  async newest(asking: Asking): Promise<readonly Notice[]> {
    return this.#clear(asking, await this.#stored(NEWEST, asking));
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

  async #stored(
    sql: string,
    { reader }: Asking,
    ...more: readonly number[]
  ): Promise<readonly StoredNotice[]> {
    if (reader.purpose !== OVERSIGHT) return [];
    return (await this.#pool.query<StoredNotice>(sql, [reader.member, reader.role, ...more])).rows;
  }

  /** The ledger is asked also where there is no notice. */
  async #clear(asking: Asking, notices: readonly StoredNotice[]): Promise<readonly Notice[]> {
    if (asking.reader.purpose !== OVERSIGHT) return [];
    const cases = new Set([NO_CASE, ...notices.map(({ caseUid }) => caseUid)]);
    const closed = await this.#cases.closedTo([...cases], asking);
    return notices.filter(({ caseUid }) => !closed.has(caseUid));
  }
}
