/**
 * Openings of emergency access in the gateway's database: every replica sees one at its next request.
 *
 * Counted   by member and staff, a day at a time in the deployment's zone, under a lock of that member of staff: two requests at
 *           once do not make four of three. A retry with the same key is the same opening.
 * Half-open from `openedAt` until before `until`.
 * Cost      one statement to know what is open; five in one transaction to open.
 */
import type pg from "pg";
import { tellNotices } from "./notices.ts";
import { GLASS_MS, OPENINGS_A_DAY } from "./opening-rules.ts";
import { inTransaction } from "./transaction.ts";

export interface Opener {
  /** Address. */
  readonly member: string;
  readonly staff: string;
  readonly role: string;
}

export interface Opening {
  readonly uid: string;
  readonly opener: Opener;
  readonly caseUid: string;
  readonly openedAtMs: number;
  readonly retryKey: string | null;
  /** Sealed. */
  readonly reason: { readonly key: string; readonly sealed: string };
  /** Address of the organisation that is told as the case's owner; null where nobody is. */
  readonly owner: string | null;
}

export interface Standing {
  readonly today: number;
  /** What the same key opened before. */
  readonly earlier: { readonly caseUid: string; readonly untilMs: number } | null;
}

/** When each ends, in milliseconds since the epoch, by the case's uid. */
export type OpenCases = ReadonlyMap<string, number>;

const OPEN_NOW = {
  name: "break-glass-open",
  text: `select case_uid as "caseUid", max(until) as until from break_glass.opening
          where member = $1 and staff = $2 and role = $3 and opened_at <= $4 and until > $4
          group by case_uid order by max(opened_at) desc`,
};
const TODAY = `select count(*)::int as today from break_glass.opening
                where member = $1 and staff = $2 and day = ($3::timestamptz at time zone $4)::date`;
const EARLIER = `select case_uid as "caseUid", until from break_glass.opening
                  where member = $1 and staff = $2 and retry_key = $3`;
const LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 4819138))";
const INSERT = `insert into break_glass.opening
    (uid, case_uid, member, staff, role, opened_at, until, day, retry_key, reason_key, reason)
  values ($1, $2, $3, $4, $5, $6, $7, ($6::timestamptz at time zone $8)::date, $9, $10, $11)`;

type Queryable = Pick<pg.Pool, "query">;

export class Openings {
  readonly #pool: pg.Pool;
  readonly #timeZone: string;

  constructor(pool: pg.Pool, timeZone: string) {
    this.#pool = pool;
    this.#timeZone = timeZone;
  }

  async openFor({ member, staff, role }: Opener, nowMs: number): Promise<OpenCases> {
    const values = [member, staff, role, new Date(nowMs)];
    const { rows } = await this.#pool.query<{ caseUid: string; until: Date }>({ ...OPEN_NOW, values });
    return new Map(rows.map(({ caseUid, until }) => [caseUid, until.getTime()]));
  }

  standing(opener: Opener, retryKey: string | null, nowMs: number): Promise<Standing> {
    return this.#standing(this.#pool, opener, retryKey, nowMs);
  }

  /** What stands afterwards: `earlier` is this opening, or the one that the same key made; null when there were too many today. */
  open(opening: Opening): Promise<Standing["earlier"]> {
    const { opener, openedAtMs, retryKey, caseUid } = opening;
    return inTransaction(this.#pool, async (client) => {
      await client.query(LOCK, [`${opener.member}\n${opener.staff}`]);
      const { today, earlier } = await this.#standing(client, opener, retryKey, openedAtMs);
      if (earlier || today >= OPENINGS_A_DAY) return earlier;
      const untilMs = openedAtMs + GLASS_MS;
      await this.#insert(client, opening, untilMs);
      await tellNotices(client, opening.uid, opening.owner);
      return { caseUid, untilMs };
    });
  }

  async #standing(on: Queryable, opener: Opener, retryKey: string | null, nowMs: number): Promise<Standing> {
    const { member, staff } = opener;
    const { rows: counts } = await on.query<{ today: number }>(TODAY, [
      ...[member, staff, new Date(nowMs)],
      this.#timeZone,
    ]);
    const { rows } = await on.query<{ caseUid: string; until: Date }>(EARLIER, [member, staff, retryKey]);
    const [before] = rows;
    return {
      today: counts[0]?.today ?? 0,
      earlier: before ? { caseUid: before.caseUid, untilMs: before.until.getTime() } : null,
    };
  }

  #insert(on: Queryable, opening: Opening, untilMs: number): Promise<unknown> {
    const { uid, caseUid, opener, openedAtMs, retryKey, reason } = opening;
    return on.query(INSERT, [
      ...[uid, caseUid, opener.member, opener.staff, opener.role],
      ...[new Date(openedAtMs), new Date(untilMs), this.#timeZone, retryKey, reason.key, reason.sealed],
    ]);
  }
}
