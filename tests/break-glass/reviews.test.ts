/** Reviews: by whom, once, and what follows from two without justification. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { asking, OWNER, openTestDesk, REVIEWER, requestFor, type TestDesk } from "./desks.ts";

const NOT_YOURS = { kind: "forbidden", reason: "NOT_YOURS" };
const HOUR = 3_600_000;

let on: TestDesk;
beforeEach(async () => {
  on = await openTestDesk();
});
afterEach(() => on?.close());

const open = (caseUid: string) => on.desk.open(requestFor(caseUid, on.now), asking());
const entries = (more: object = {}) => on.desk.entries(asking({ ...REVIEWER, ...more }));
const review = (uid: string, justified: boolean, more: object = {}) =>
  on.desk.review(asking({ ...REVIEWER, ...more }), uid, justified);
const suspended = async () =>
  (await on.pool.query("select member, staff, revoked_by from staff_revocation where lifted_at is null"))
    .rows;

it("shows entries to the reviewer alone, unreviewed ones first and the oldest of them first", async () => {
  for (const uid of ["case-1", "case-2", "case-3"]) {
    await open(uid);
    on.now += 60_000;
  }
  const [first] = await entries();
  await review(first?.uid ?? "", true);
  expect((await entries()).map(({ caseUid, justified }) => [caseUid, justified])).toEqual([
    ["case-2", null],
    ["case-3", null],
    ["case-1", true],
  ]);
  expect(await on.desk.reasonsOf(await entries())).toEqual(Array(3).fill("she called and is in danger now"));
  expect(await entries({ purpose: "IDENTIFICATION_SCREENING" })).toEqual([]);
  expect(await entries({ role: "NCC.auditor" })).toEqual([]);
});

it("hides from a reviewer what is her own, and what the overlays close, which reads like what does not exist", async () => {
  await open("case-1");
  const { uid } = (await entries())[0]!;
  expect(await review("no entry", true)).toEqual(NOT_YOURS);
  for (const subject of [OWNER, REVIEWER.staff]) {
    on.closed.set("case-1", subject);
    expect(await entries()).toEqual([]);
    expect(await review(uid, true)).toEqual(NOT_YOURS);
  }
  on.closed.clear();
  await on.pool.query("update break_glass.opening set member = $1, staff = $2", [
    REVIEWER.member,
    REVIEWER.staff,
  ]);
  expect(await entries()).toEqual([]);
  expect(await review(uid, true)).toEqual(NOT_YOURS);
  expect((await review(uid, true, { staff: "reviewer-2" })).kind).toBe("reviewed");
});

it("is written once: the same again is the same answer, another is refused", async () => {
  await open("case-1");
  const { uid } = (await entries())[0]!;
  const justified = { kind: "reviewed", justified: true, suspended: false };
  expect(await Promise.all([review(uid, true), review(uid, true)])).toEqual([justified, justified]);
  expect(await review(uid, false)).toEqual({ kind: "guard", guard: "ALREADY_REVIEWED" });
  expect((await on.desk.openFor(asking().reader)).size).toBe(1);
});

it("ends an unjustified opening at once, at every gateway, and suspends after the second", async () => {
  await open("case-1");
  await open("case-2");
  const [first, second] = await entries();
  on.now += 60_000;
  expect(await review(first!.uid, false)).toEqual({ kind: "reviewed", justified: false, suspended: false });
  expect([...(await on.other.openFor(asking().reader)).keys()]).toEqual(["case-2"]);
  expect(await suspended()).toEqual([]);
  const last = { kind: "reviewed", justified: false, suspended: true };
  expect(await review(second!.uid, false)).toEqual(last);
  expect(await suspended()).toEqual([
    { member: asking().reader.member, staff: "worker-1", revoked_by: "break-glass review" },
  ]);
  expect(await review(second!.uid, false)).toEqual(last);
  expect(await suspended()).toHaveLength(1);
});

it("does not lengthen what is over", async () => {
  await open("case-1");
  const { uid, until } = (await entries())[0]!;
  on.now += 5 * HOUR;
  await review(uid, false);
  expect((await entries())[0]?.until).toEqual(until);
});
