/**
 * Reviews of emergency access: what awaits one, and what became of it.
 *
 * Reviewer  the centre's second reviewer, for the purpose AUDIT_OVERSIGHT; never of an entry of her own, nor of a case that the
 *           overlays close to her: such an entry reads like one that does not exist.
 * Within    72 hours; what is overdue stays until it is reviewed, and is told to the auditor (`notices.ts`). Whoever opened it is not
 *           suspended for a review that is late.
 * Unjustified  what is still open ends at once, and the second one suspends the member of staff: no token of theirs is taken any
 *           more, on any replica, until `ihala revoke --lift`. Both in the transaction of the review.
 * Again     the same review again is the same answer; another one is ALREADY_REVIEWED.
 */
import type pg from "pg";
import { revoke } from "../connectors/revocations.ts";
import { type Asking, type CaseQuestions, notClosed } from "./case-questions.ts";
import { OVERSIGHT, REVIEWER } from "./notices.ts";
import { guard, type Refusal, UNJUSTIFIED_SUSPENDS } from "./opening-rules.ts";
import { inTransaction } from "./transaction.ts";

export interface Entry {
  readonly uid: string;
  readonly caseUid: string;
  readonly member: string;
  readonly staff: string;
  readonly role: string;
  readonly openedAt: Date;
  readonly until: Date;
  readonly justified: boolean | null;
  /** Sealed. */
  readonly reasonKey: string;
  readonly reason: string;
}

export interface Reviewed {
  readonly kind: "reviewed";
  readonly justified: boolean;
  readonly suspended: boolean;
}

export interface ReviewParts {
  readonly pool: pg.Pool;
  readonly cases: CaseQuestions;
}

const MOST = 100;
const COLUMNS = `uid, case_uid as "caseUid", member, staff, role, opened_at as "openedAt", until, justified,
                 reason_key as "reasonKey", reason`;
const ENTRIES = `select ${COLUMNS} from break_glass.opening
                  where not (member = $1 and staff = $2)
                  order by justified is not null, case when justified is null then opened_at end, opened_at desc limit ${MOST}`;
const ENTRY = `select ${COLUMNS} from break_glass.opening where uid = $1 and not (member = $2 and staff = $3)`;
const OUTCOME = "select justified from break_glass.opening where uid = $1 for update";
const WRITE = `update break_glass.opening
                  set justified = $2, reviewed_by = $3, reviewed_at = $4,
                      until = case when $2 then until else greatest(opened_at, least(until, $4)) end
                where uid = $1`;
const UNJUSTIFIED = `select count(*)::int as count from break_glass.opening
                      where member = $1 and staff = $2 and justified = false`;

export class Reviews {
  readonly #pool: pg.Pool;
  readonly #cases: CaseQuestions;

  constructor({ pool, cases }: ReviewParts) {
    this.#pool = pool;
    this.#cases = cases;
  }

  /** Unreviewed ones first, the oldest first; at most 100. */
  async entries(asking: Asking): Promise<readonly Entry[]> {
    if (!isReviewer(asking)) return [];
    const { member, staff } = asking.reader;
    const { rows } = await this.#pool.query<Entry>(ENTRIES, [member, staff]);
    return notClosed(this.#cases, asking, rows);
  }

  async review(asking: Asking, uid: string, justified: boolean, nowMs: number): Promise<Reviewed | Refusal> {
    if (!isReviewer(asking)) return NOT_YOURS;
    const { reader } = asking;
    const [entry] = await this.#entry(asking, uid);
    if (!entry) return NOT_YOURS;
    return inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<Pick<Entry, "justified">>(OUTCOME, [uid]);
      const before = rows[0]?.justified ?? null;
      if (before !== null && before !== justified) return guard("ALREADY_REVIEWED");
      if (before === null)
        await client.query(WRITE, [uid, justified, `${reader.member} ${reader.staff}`, new Date(nowMs)]);
      const suspended = !justified && (await suspendAfter(client, entry));
      return { kind: "reviewed", justified, suspended };
    });
  }

  /** None where it is not this reviewer's to see. */
  async #entry(asking: Asking, uid: string): Promise<readonly Entry[]> {
    const { member, staff } = asking.reader;
    const { rows } = await this.#pool.query<Entry>(ENTRY, [uid, member, staff]);
    return notClosed(this.#cases, asking, rows);
  }
}

const NOT_YOURS: Refusal = { kind: "forbidden", reason: "NOT_YOURS" };

const isReviewer = ({ reader }: Asking): boolean => reader.role === REVIEWER && reader.purpose === OVERSIGHT;

async function suspendAfter(client: pg.PoolClient, { member, staff }: Entry): Promise<boolean> {
  const { rows } = await client.query<{ count: number }>(UNJUSTIFIED, [member, staff]);
  if ((rows[0]?.count ?? 0) < UNJUSTIFIED_SUSPENDS) return false;
  await revoke(client, { member, staff }, "break-glass review");
  return true;
}
