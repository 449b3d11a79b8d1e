/** Who may change what is decided: four eyes, owners of fields, gates that must hold, and the way back. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approveDraft } from "../../src/policy-store/approvals.ts";
import { publishDraft } from "../../src/policy-store/publish.ts";
import { rollbackTo } from "../../src/policy-store/rollback.ts";
import type { Publication } from "../../src/policy-store/statements.ts";
import { POLICIES_DIR } from "../policy/shipped.ts";
import { draftOf, NARROWER, officer, publishEdits, type TestStore, testStore, UNKEPT } from "./tools.ts";

const NGO = officer("NGO");
const NGO_2 = officer("NGO", "ngo-officer-2");
const IGA = officer("IGA");
const EPC = officer("EPC");
const INVARIANTS = await readFile(join(POLICIES_DIR, "invariants.yaml"), "utf8");
const SHELTER = /- id: shelter\n(.*\n)*?\n/.exec(INVARIANTS)?.[0] ?? "";

describe("a policy store", { timeout: 240_000 }, () => {
  let on: TestStore;
  let first: Publication;
  beforeAll(async () => {
    on = await testStore();
    first = await publishEdits(on, NGO, [EPC], {});
  }, 240_000);
  afterAll(() => on?.close());
  const inForce = async () => (await on.tools.store.published())?.number;
  const publishing = (number: number) => publishDraft(on.tools, NGO, number);

  it("begins with the folder that a deployment starts from", async () => {
    expect(first).toMatchObject({ number: 1, version: 1, act: "publish", by: NGO, with: [EPC] });
    await expect(draftOf(on, NGO, {})).rejects.toThrow("this is what is published already");
  });

  it("refuses what does not pass its tests, or breaks a promise, however many approve", async () => {
    const failing = await draftOf(on, NGO, {
      "ngo/names.cedar": String(NARROWER["ngo/names.cedar"]).replace("nameAr", "nameLatin"),
    });
    await approveDraft(on.tools, NGO_2, failing.draft);
    await expect(publishing(failing.draft.number)).rejects.toMatchObject({
      code: "POLICY_INVALID",
      message: "the policies do not pass `policy test`",
      detail: { problems: expect.arrayContaining([expect.stringContaining("ngo/ngo.test.yaml:29:")]) },
    });
    const unkept = await draftOf(on, NGO, UNKEPT);
    expect(unkept.draft).toMatchObject({ widens: true, needs: ["EPC"] });
    for (const each of [NGO_2, EPC]) await approveDraft(on.tools, each, unkept.draft);
    await expect(publishing(unkept.draft.number)).rejects.toMatchObject({
      message: "the policies do not pass `policy prove`",
      detail: { problems: expect.arrayContaining([expect.stringMatching(/^FAIL shelter: /)]) },
    });
    expect(await inForce()).toBe(1);
  });

  it("proves the promises in force too, and asks their owners before one is dropped", async () => {
    const both = await draftOf(on, NGO, { ...UNKEPT, "invariants.yaml": INVARIANTS.replace(SHELTER, "") });
    expect(both.change.dropped).toEqual(["shelter"]);
    expect(both.draft.needs).toContain("EPC");
    for (const agency of both.draft.needs) await approveDraft(on.tools, officer(agency, "2"), both.draft);
    await expect(publishing(both.draft.number)).rejects.toThrow("do not pass `policy prove`");
    const alone = await draftOf(on, NGO, { "invariants.yaml": INVARIANTS.replace("[EPC, MOSD]", "[EPC]") });
    expect(alone.change.diff.changes).toEqual([]);
    expect(alone.draft).toMatchObject({ widens: true, needs: both.draft.needs });
    expect(await inForce()).toBe(1);
  });

  it("asks the owner of a policy before another agency's officer changes it", async () => {
    const { draft } = await draftOf(on, EPC, NARROWER);
    expect(draft).toMatchObject({ widens: false, needs: ["NGO"] });
    const { missing } = await approveDraft(on.tools, officer("PPO"), draft);
    expect(missing).toEqual(["an approval by an officer of NGO"]);
    await expect(publishDraft(on.tools, EPC, draft.number)).rejects.toMatchObject({
      code: "POLICY_REFUSED",
      detail: { problems: missing },
    });
  });

  it("publishes what closes something when one other officer has approved, and not before", async () => {
    const stale = await draftOf(on, NGO, { "README.md": "left behind" });
    await approveDraft(on.tools, NGO_2, stale.draft);
    const { draft, change } = await draftOf(on, NGO, NARROWER);
    expect(draft).toMatchObject({ base: 1, widens: false, needs: [] });
    expect(change.files).toEqual(["ngo/names.cedar"]);
    await expect(publishing(draft.number)).rejects.toMatchObject({
      code: "POLICY_REFUSED",
      detail: { problems: ["an approval by an officer other than its author"] },
    });
    await expect(approveDraft(on.tools, NGO, draft)).rejects.toThrow("is your own");
    const other = { ...draft, hash: stale.draft.hash };
    await expect(approveDraft(on.tools, NGO_2, other)).rejects.toThrow("has another hash");
    expect(await inForce()).toBe(1);
    expect((await approveDraft(on.tools, NGO_2, draft)).missing).toEqual([]);
    await expect(approveDraft(on.tools, NGO_2, draft)).rejects.toThrow("already");
    expect(await publishing(draft.number)).toMatchObject({ number: 2, version: 2, with: [NGO_2] });
    // Approved in full, but made of what is no longer in force.
    await expect(publishing(stale.draft.number)).rejects.toThrow("its approvals are void");
    await expect(approveDraft(on.tools, EPC, stale.draft)).rejects.toThrow("its approvals are void");
    expect(await inForce()).toBe(2);
  });

  it("goes back in one step: with a second officer when that shows more, alone when it shows less", async () => {
    await expect(rollbackTo(on.tools, EPC, { version: 1, others: [] })).rejects.toThrow("a second officer");
    await expect(rollbackTo(on.tools, EPC, { version: 1, others: [EPC] })).rejects.toThrow(
      "a second officer",
    );
    expect(await inForce()).toBe(2);
    const back = await rollbackTo(on.tools, EPC, { version: 1, others: [NGO] });
    expect(back).toMatchObject({ number: 3, act: "rollback", version: 1, hash: first.hash, with: [NGO] });
    await expect(rollbackTo(on.tools, EPC, { version: 3, others: [] })).rejects.toThrow("is a rollback");
    const forward = await rollbackTo(on.tools, EPC, { version: 2, others: [] });
    expect(forward).toMatchObject({ number: 4, version: 2, with: [] });
    expect((await on.tools.store.publications()).map(({ act }) => act)).toEqual([
      ...["publish", "publish", "rollback", "rollback"],
    ]);
  });

  it("publishes what opens something only when an officer of the owning agency has approved", async () => {
    const { draft, change } = await draftOf(on, NGO, {});
    expect(change.diff.changes.map(({ kind }) => kind)).toContain("wider");
    expect(draft).toMatchObject({ base: 4, widens: true, needs: ["IGA"] });
    expect((await approveDraft(on.tools, NGO_2, draft)).missing).toEqual([
      "an approval by an officer of IGA",
    ]);
    await expect(publishing(draft.number)).rejects.toMatchObject({
      detail: { problems: ["an approval by an officer of IGA"] },
    });
    expect(await inForce()).toBe(4);
    expect((await approveDraft(on.tools, IGA, draft)).missing).toEqual([]);
    expect(await publishing(draft.number)).toMatchObject({ number: 5, with: [IGA, NGO_2] });
  });
});
