/** Reviews in numbers: what is overdue and what became of a period's openings, each counted by hand beside it. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { countOverdue, openingsByReview } from "../../src/break-glass/openings-by-review.ts";
import { asking, openTestDesk, REVIEWER, requestFor, type TestDesk } from "./desks.ts";

const HOUR = 3_600_000;
const PERIOD = { from: "2026-03-01T00:00:00Z", until: "2026-04-01T00:00:00Z" };

let on: TestDesk;
beforeEach(async () => {
  on = await openTestDesk();
});
afterEach(() => on?.close());

const open = (caseUid: string, who: object = {}) => on.desk.open(requestFor(caseUid, on.now), asking(who));
const overdue = () => countOverdue(on.pool, on.now);
async function review(caseUid: string, justified: boolean): Promise<void> {
  const entry = (await on.desk.entries(asking(REVIEWER))).find((one) => one.caseUid === caseUid);
  await on.desk.review(asking(REVIEWER), entry?.uid ?? "", justified);
}

it("an opening is overdue at seventy-two hours, to the millisecond, until it is reviewed", async () => {
  await open("case-1");
  expect(await overdue()).toBe(0);
  on.now += 72 * HOUR - 1;
  expect(await overdue()).toBe(0);
  on.now += 1;
  expect(await overdue()).toBe(1);
  await review("case-1", true);
  expect(await overdue()).toBe(0);
});

it("suspends nobody: whoever opened it opens another", async () => {
  await open("case-1");
  on.now += 100 * HOUR;
  expect(await open("case-2")).toMatchObject({ kind: "opened" });
  const { rows } = await on.pool.query("select * from staff_revocation");
  expect(rows).toEqual([]);
});

it("are counted by agency, in time and late", async () => {
  const police = { agency: "MOI", member: "BH/GOV/MOI/atd", staff: "officer-1", role: "MOI.officer" };
  const other = { member: "BH/NGO/AMAN/assist", staff: "worker-9" };
  await open("case-1");
  await open("case-2");
  await open("case-3", other);
  await open("case-4", police);
  await review("case-1", true);
  on.now += 72 * HOUR;
  await review("case-2", false);
  await open("case-5", police);
  const agencyOf = (member: string) => member.split("/")[member.startsWith("BH/NGO") ? 1 : 2] ?? "";
  expect(await openingsByReview(on.pool, PERIOD, agencyOf, on.now)).toEqual([
    { agency: "MOI", opened: 2, justified: 0, unjustified: 0, awaiting: 2, late: 1 },
    { agency: "NGO", opened: 3, justified: 1, unjustified: 1, awaiting: 1, late: 2 },
  ]);
  const before = { from: "2026-02-01T00:00:00Z", until: "2026-03-01T00:00:00Z" };
  expect(await openingsByReview(on.pool, before, agencyOf, on.now)).toEqual([]);
});
