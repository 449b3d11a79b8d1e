/** The review of emergency access, and what is kept of it: over HTTP, and in the log and the database. */
import pg from "pg";
import { describe, expect, it } from "vitest";
import { EMERGENCY } from "../../src/break-glass/opening-rules.ts";
import type { Reader } from "../support/deployment.ts";
import {
  ask,
  auditor,
  DAY,
  entries,
  intake,
  MINUTE,
  notices,
  open,
  opened,
  payload,
  REASON,
  REVIEW,
  read,
  reviewer,
  scene,
  uidOf,
  withDeployment,
  worker,
} from "../support/emergencies.ts";

withDeployment();

describe("the review", () => {
  const review = async (id: string | undefined, justified: boolean, reader = reviewer): Promise<unknown> =>
    (await ask(reader, REVIEW, { id, justified })).data?.["reviewBreakGlass"];

  it("shows the reviewer who, when and why, and nobody else", async () => {
    await open(worker, "presumedWorker");
    const [entry] = await entries();
    expect(entry).toEqual({
      ...{ id: expect.any(String), openedAt: new Date(scene.now).toISOString(), until: opened().until },
      ...{
        agency: { code: "EPC" },
        staff: "epc-caseWorker-3",
        role: "EPC.caseWorker",
        justification: REASON,
      },
      ...{ reviewDueBy: new Date(scene.now + 72 * 60 * MINUTE).toISOString(), justified: null },
    });
    expect(await entries(worker)).toEqual([]);
    expect(await entries(auditor)).toEqual([]);
    expect(await review(entry?.id, true, auditor)).toEqual({ __typename: "Forbidden", reason: "NOT_YOURS" });
    expect(await review(entry?.id, true, { ...worker, purpose: "SHELTER_CARE" })).toEqual({
      __typename: "Forbidden",
      reason: "NOT_YOURS",
    });
  });

  it("is written once, and the notices are gone", async () => {
    const before = (await notices(auditor)).length;
    await open(worker, "presumedWorker");
    const [entry] = await entries();
    const justified = { __typename: "BreakGlassReviewed", justified: true, suspended: false };
    expect(await notices(auditor)).toHaveLength(before + 1);
    expect(await review(entry?.id, true)).toEqual(justified);
    expect(await review(entry?.id, true)).toEqual(justified);
    expect(await review(entry?.id, false)).toEqual({ __typename: "GuardFailed", guard: "ALREADY_REVIEWED" });
    expect(await notices(auditor)).toHaveLength(before);
    // Justified, it stays open for its hour.
    expect((await read(worker, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
  });

  it("is told to the auditor as overdue after 72 hours, to nobody else, and not to whoever opened it", async () => {
    const OVERDUE = "the review of one break-glass entry is overdue";
    const told = async (reader: Reader) =>
      (await notices(reader)).filter(({ text }) => text.en === OVERDUE).length;
    const gauge = async () => /^ihala_break_glass_overdue (\d+)$/m.exec(await scene.on.metrics.text())?.[1];
    await open(worker, "presumedWorker");
    const [entry] = await entries();
    scene.now += 3 * DAY - 1;
    // Of other tests.
    const before = await told(auditor);
    expect(await gauge()).toBe(String(before));
    scene.now += 1;
    expect(await told(auditor)).toBe(before + 1);
    expect(await gauge()).toBe(String(before + 1));
    for (const reader of [reviewer, worker, { ...auditor, purpose: "NATIONAL_COORDINATION" }])
      expect(await told(reader)).toBe(0);
    expect(payload(await open(worker, "related"))).toEqual(opened());
    await review(entry?.id, true);
    expect(await told(auditor)).toBe(before);
    expect(await gauge()).toBe(String(before));
  });

  it("ends what was not justified at once, and the second one suspends the member of staff", async () => {
    const suspect = intake;
    await open(suspect, "presumedWorker");
    await open(suspect, "related");
    expect((await read(suspect, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
    const [first, second] = await entries();
    const unjustified = { __typename: "BreakGlassReviewed", justified: false };
    expect(await review(first?.id, false)).toEqual({ ...unjustified, suspended: false });
    expect((await read(suspect, "presumedWorker")).case).toMatchObject({ screening: null });
    expect(await review(second?.id, false)).toEqual({ ...unjustified, suspended: true });
    await expect.poll(async () => (await ask(suspect, "{ agencies { code } }")).status).toBe(401);
    expect((await ask(worker, "{ agencies { code } }")).status).toBe(200);
  });
});

describe("what is kept", () => {
  it("the record says break-glass of the opening and of what was read, and of nothing else", async () => {
    const count = (await scene.on.records()).length;
    await open(worker, "presumedWorker");
    await read(worker, "presumedWorker");
    await read(worker, "overview");
    const records = (await scene.on.records()).slice(count);
    const broken = records.filter(({ kind }) => kind === "BREAK_GLASS");
    expect(broken).toHaveLength(2);
    expect(broken.map(({ issue, reader, purpose }) => ({ issue, reader, purpose }))).toEqual(
      [1, 2].map(() => ({ issue: uidOf("presumedWorker"), reader: "epc-caseWorker-3", purpose: EMERGENCY })),
    );
    expect(broken[0]?.subjects).toEqual([]);
    expect(broken[1]?.subjects.length).toBeGreaterThan(0);
  });

  it("the reason is in no log line, no file and no cell in the clear", async () => {
    const why = "cnr-break-glass-0-reason: she is in danger now";
    await open(worker, "presumedWorker", { why });
    expect((await entries())[0]?.justification).toBe(why);
    expect(scene.on.lines.filter((line) => line.includes("cnr-break-glass"))).toEqual([]);
    const client = new pg.Client({ connectionString: scene.on.databaseUrl("gateway") });
    await client.connect();
    const { rows } = await client.query("select * from break_glass.opening");
    await client.end();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain("cnr-break-glass");
  });
});
