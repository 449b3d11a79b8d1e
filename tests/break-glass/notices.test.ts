/** Notices: three for each opening, without a word about it, and none to those whom an overlay closes out. */
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { REVIEW_WITHIN_MS } from "../../src/break-glass/opening-rules.ts";
import { asking, OWNER, openTestDesk, REVIEWER, requestFor, type TestDesk } from "./desks.ts";

const AUDITOR = {
  ...{ agency: "NCC", member: "BH/GOV/NCCTIP/committee", staff: "auditor-1" },
  ...{ role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" },
};
const OFFICER = { ...REVIEWER, role: "EPC.securityOfficer", staff: "officer-1" };

let on: TestDesk;
beforeEach(async () => {
  on = await openTestDesk();
});
afterEach(() => on?.close());

const open = (caseUid: string) => on.desk.open(requestFor(caseUid, on.now), asking());
const newest = async (who: object) => (await on.desk.notices.newest(asking(who))).length;

it("are the owner's, the reviewer's and the auditor's", async () => {
  await open("case-1");
  expect(await newest(OFFICER)).toBe(1);
  expect(await newest(REVIEWER)).toBe(2);
  expect(await newest(AUDITOR)).toBe(1);
  expect(await newest({ ...OFFICER, member: "BH/GOV/MOI/atd" })).toBe(0);
  expect(await newest({ ...AUDITOR, purpose: "NATIONAL_COORDINATION" })).toBe(0);
  expect(await newest({})).toBe(0);
});

it("of what is no case are nobody's as its owner", async () => {
  await open("no case");
  expect(await newest(OFFICER)).toBe(0);
  expect(await newest(REVIEWER)).toBe(1);
  expect(await newest(AUDITOR)).toBe(1);
});

it("are not told to an organisation with a suspected official nor to staff linked to a party, also when that is found later", async () => {
  await open("case-1");
  on.closed.set("case-1", OWNER);
  expect([await newest(OFFICER), await newest(REVIEWER), await newest(AUDITOR)]).toEqual([0, 0, 1]);
  on.closed.set("case-1", AUDITOR.staff);
  expect([await newest(OFFICER), await newest(AUDITOR)]).toEqual([1, 0]);
  expect(await newest({ ...AUDITOR, staff: "auditor-2" })).toBe(1);
});

it("ask the ledger once, whether there are any or not", async () => {
  for (const uid of ["case-1", "case-2"]) {
    on.steps.length = 0;
    await newest(AUDITOR);
    expect(on.steps).toEqual(["overlays"]);
    await open(uid);
  }
});

it("tell the auditor, and nobody else, that a review is overdue, until it is done", async () => {
  await open("case-1");
  const overdue = async (who: object) =>
    (await on.desk.notices.newest(asking(who)))
      .filter(({ isOverdue }) => isOverdue)
      .map(({ toldAt }) => toldAt);
  const due = new Date(on.now + REVIEW_WITHIN_MS);
  on.now += REVIEW_WITHIN_MS - 1;
  expect(await overdue(AUDITOR)).toEqual([]);
  on.now += 1;
  expect(await overdue(AUDITOR)).toEqual([due]);
  for (const who of [OFFICER, REVIEWER, {}, { ...AUDITOR, purpose: "NATIONAL_COORDINATION" }])
    expect(await overdue(who)).toEqual([]);
  on.closed.set("case-1", AUDITOR.staff);
  expect(await overdue(AUDITOR)).toEqual([]);
  on.closed.clear();
  const [entry] = await on.desk.entries(asking(REVIEWER));
  await on.desk.review(asking(REVIEWER), entry?.uid ?? "", true);
  expect(await newest(AUDITOR)).toBe(0);
});

it("bring to whoever follows that a review has fallen due", async () => {
  await open("case-1");
  on.now += REVIEW_WITHIN_MS - 1;
  const hangUp = new AbortController();
  const looked = once(on.otherPool, "release");
  const told = on.other.notices.follow(asking(AUDITOR, hangUp.signal)).next();
  await looked;
  on.now += 1;
  expect((await told).value).toMatchObject({ isOverdue: true });
  hangUp.abort();
});

it("are followed as they are told, at another gateway too, until nobody wants them", async () => {
  await open("case-1");
  const hangUp = new AbortController();
  const events = on.other.notices.follow(asking(AUDITOR, hangUp.signal));
  const looked = once(on.otherPool, "release");
  const told = events.next();
  await looked;
  on.closed.set("case-2", AUDITOR.staff);
  await open("case-2");
  await open("case-3");
  const { value } = await told;
  expect(value).toMatchObject({ caseUid: "case-3" });
  const next = events.next();
  hangUp.abort();
  expect((await next).done).toBe(true);
});

it("are followed by nobody whose they are not", async () => {
  const hangUp = new AbortController();
  const told = on.other.notices.follow(asking({}, hangUp.signal)).next();
  await open("case-1");
  await new Promise((resolve) => setTimeout(resolve, 400));
  hangUp.abort();
  expect((await told).done).toBe(true);
});
