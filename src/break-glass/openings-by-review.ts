/**
 * What became of openings of emergency access, in numbers: how many wait for a review that is overdue, and, of a period, what reviews found.
 *
 * Overdue  72 hours after the opening, as long as nobody has reviewed it. `late` counts also what was reviewed after that.
 * Cost     one statement.
 */
import type pg from "pg";
import { REVIEW_WITHIN_MS } from "./opening-rules.ts";

/** Openings by an agency's staff; members are told apart in no report. */
export interface OpeningsByReview extends Counts {
  readonly agency: string;
}

interface Counts {
  readonly opened: number;
  readonly justified: number;
  readonly unjustified: number;
  /** Not reviewed yet. */
  readonly awaiting: number;
  /** Not reviewed within 72 hours. */
  readonly late: number;
}

const OVERDUE = `select count(*)::int as count from break_glass.opening
                  where justified is null and opened_at <= $1`;
const BY_REVIEW = `
  select member, count(*)::int as opened,
         (count(*) filter (where justified))::int as justified,
         (count(*) filter (where not justified))::int as unjustified,
         (count(*) filter (where justified is null))::int as awaiting,
         (count(*) filter (where coalesce(reviewed_at, $3) >= opened_at + interval '${REVIEW_WITHIN_MS} milliseconds'))::int as late
    from break_glass.opening where opened_at >= $1 and opened_at < $2
   group by member order by member`;

type Queryable = Pick<pg.Pool, "query">;

export async function countOverdue(on: Queryable, nowMs: number): Promise<number> {
  const { rows } = await on.query<{ count: number }>(OVERDUE, [new Date(nowMs - REVIEW_WITHIN_MS)]);
  return rows[0]?.count ?? 0;
}

/** Of those opened in [from, until), instants in ISO 8601, by agency. */
export async function openingsByReview(
  on: Queryable,
  { from, until }: { readonly from: string; readonly until: string },
  agencyOf: (member: string) => string,
  nowMs: number,
): Promise<readonly OpeningsByReview[]> {
  const values = [from, until, new Date(nowMs)];
  const { rows } = await on.query<Counts & { readonly member: string }>(BY_REVIEW, values);
  const byAgency = Map.groupBy(rows, ({ member }) => agencyOf(member));
  return [...byAgency]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([agency, its]) => {
      const sum = (name: keyof Counts) => its.reduce((total, counts) => total + counts[name], 0);
      return {
        ...{ agency, opened: sum("opened"), justified: sum("justified"), unjustified: sum("unjustified") },
        ...{ awaiting: sum("awaiting"), late: sum("late") },
      };
    });
}
