/** Openings in a real database: counted by day, once a key, half-open, and seen by every gateway. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Opened } from "../../src/break-glass/desk.ts";
import { asking, openTestDesk, requestFor, type TestDesk } from "./desks.ts";

const HOUR = 3_600_000;
const LIMIT = { kind: "guard", guard: "DAILY_LIMIT" };

let on: TestDesk;
beforeEach(async () => {
  on = await openTestDesk();
});
afterEach(() => on?.close());

const open = (caseUid: string, more: Parameters<typeof requestFor>[2] = {}, staff = "worker-1") =>
  on.desk.open(requestFor(caseUid, on.now, more), asking({ staff }));
const count = async (table: string): Promise<number> =>
  (await on.pool.query(`select count(*)::int as count from break_glass.${table}`)).rows[0].count;

describe("an opening", () => {
  it("holds for an hour, half-open, at every gateway", async () => {
    const { reader } = asking();
    expect(await on.other.openFor(reader)).toEqual(new Map());
    expect(await open("case-1")).toEqual({ kind: "opened", untilMs: on.now + HOUR });
    for (const desk of [on.desk, on.other])
      expect(await desk.openFor(reader)).toEqual(new Map([["case-1", on.now + HOUR]]));
    on.now += HOUR - 1;
    expect((await on.other.openFor(reader)).size).toBe(1);
    on.now += 1;
    expect((await on.other.openFor(reader)).size).toBe(0);
    expect((await on.desk.openFor({ ...reader, staff: "worker-2" }, on.now - 1)).size).toBe(0);
    expect((await on.desk.openFor({ ...reader, role: "NGO.legal" }, on.now - 1)).size).toBe(0);
    expect((await on.desk.openFor({ ...reader, member: "BH/NGO/AMAN/shelter" }, on.now - 1)).size).toBe(0);
  });

  it("is recorded before it opens, and does not open when it cannot be recorded", async () => {
    await open("case-1");
    expect(on.steps).toEqual(["owner", "record"]);
    await on.close();
    on = await openTestDesk({ record: () => Promise.reject(new Error("the disk is full")) });
    await expect(open("case-1")).rejects.toThrow("the disk is full");
    expect(await count("opening")).toBe(0);
    expect(await count("notice")).toBe(0);
  });

  it("leaves as many rows and takes the same steps for what is a case and what is none", async () => {
    for (const uid of ["case-1", "no case"]) {
      const before = [await count("opening"), await count("notice")];
      on.steps.length = 0;
      expect(await open(uid)).toEqual({ kind: "opened", untilMs: on.now + HOUR });
      expect(on.steps).toEqual(["owner", "record"]);
      expect([await count("opening"), await count("notice")]).toEqual([before[0]! + 1, before[1]! + 3]);
    }
  });
});

describe("the day's count", () => {
  it("begins at midnight where the deployment is, and is each one's own", async () => {
    on.now = Date.parse("2026-03-10T20:59:00Z");
    for (const uid of ["case-1", "case-2", "no case"]) expect((await open(uid)).kind).toBe("opened");
    expect(await open("case-3")).toEqual(LIMIT);
    expect((await open("case-3", {}, "worker-2")).kind).toBe("opened");
    on.now = Date.parse("2026-03-10T21:00:00Z");
    expect((await open("case-3")).kind).toBe("opened");
  });

  it("holds against many at once, at two gateways", async () => {
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 ? on.desk : on.other).open(requestFor(`case-${i}`, on.now), asking()),
      ),
    );
    expect(replies.filter(({ kind }) => kind === "opened")).toHaveLength(3);
    expect(replies.filter(({ kind }) => kind === "guard")).toHaveLength(9);
    expect(await count("opening")).toBe(3);
    expect(await count("notice")).toBe(9);
  });
});

describe("a key", () => {
  it("opens once, also at once and at two gateways, and is each one's own", async () => {
    const retryKey = "k";
    const replies = await Promise.all(
      [on.desk, on.other, on.desk].map((desk) =>
        desk.open(requestFor("case-1", on.now, { retryKey }), asking()),
      ),
    );
    const until = on.now + HOUR;
    for (const reply of replies) expect((reply as Opened).untilMs).toBe(until);
    on.now += 60_000;
    expect(((await open("case-1", { retryKey })) as Opened).untilMs).toBe(until);
    expect(await count("opening")).toBe(1);
    expect(await count("notice")).toBe(3);
    expect(((await open("case-1", { retryKey }, "worker-2")) as Opened).untilMs).toBe(on.now + HOUR);
  });

  it.each([
    ["used for another case", { retryKey: "k" }, "case-2"],
    ["empty", { retryKey: "" }, "case-1"],
    ["too long", { retryKey: "x".repeat(129) }, "case-1"],
  ])("%s is refused", async (_name, more, uid) => {
    await open("case-1", { retryKey: "k" });
    await expect(open(uid, more)).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await count("opening")).toBe(1);
  });
});
