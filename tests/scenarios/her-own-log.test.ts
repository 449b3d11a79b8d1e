/**
 * What a victim and a worker are told of who read about them (domain, agencies §12): her case's readings only once the centre has recorded
 * that her account is safe, and a worker's file like her own. Over HTTP, against the running deployment.
 */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../sandbox/synth/members.ts";
import { createLinkKeys } from "../../src/connectors/link-keys.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";
import type { Deployment, Reader, Reply } from "../support/deployment.ts";
import {
  auditor,
  EMPTY,
  enforcement,
  herself,
  holder,
  inspector,
  logIn,
  OF_PERSON,
  OWN,
  purposesIn,
  society,
  startTracker,
  type Tracker,
} from "../support/tracker.ts";

let tracker: Tracker;
let on: Deployment;
beforeAll(async () => {
  tracker = await startTracker();
  ({ on } = tracker);
});
afterAll(() => tracker?.on.close());

const investigator: Reader = { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" };
const CASE =
  "query($id: ID!) { case(id: $id) { id supportPlans { type } victim { person { nameLatin { full } } } } }";
const FILE = "query($id: ID!) { worker(id: $id) { permitType permitStatus } }";
type CaseName = keyof Deployment["cast"]["cases"];

async function readCase(reader: Reader, name: CaseName): Promise<void> {
  const { uid } = on.cast.cases[name];
  const reply = await on.ask({ ...reader, issue: { uid } }, CASE, { id: on.idFor(reader, "Case", uid) });
  expect(reply.data?.["case"]).toMatchObject({ id: expect.any(String) });
}

async function readFile(reader: Reader, permitNo: string | null): Promise<void> {
  const uid = createLinkKeys(on.secrets.links).sealOwn("LMRA" as AgencyCode, {
    ...{ member: addressOf("LMRA") as MemberAddress, type: "Worker", key: permitNo ?? "" },
  });
  const { data } = await on.ask(reader, FILE, { id: on.idFor(reader, "Worker", uid) });
  expect(data?.["worker"]).toMatchObject({ permitStatus: expect.any(String) });
}

/** As the centre would record it. */
async function recordSafety(uid: string, isSafe: boolean | null): Promise<void> {
  const ledger = new pg.Client({ connectionString: on.databaseUrl("ledger") });
  await ledger.connect();
  const contact = JSON.stringify({ channel: "PHONE", logSafe: isSafe });
  const { rowCount } = await ledger.query("update person set safe_contact = $2 where uid = $1", [
    uid,
    contact,
  ]);
  await ledger.end();
  expect(rowCount).toBe(1);
}

const victimOf = (name: CaseName) => on.cast.cases[name].victim;
const entriesIn = (reply: Reply) =>
  logIn(reply).edges.map(({ node }) => [node.agency?.address, node.purpose, node.fieldGroups] as const);
const order = { by: "ppo-chief-1", reason: "order 18/2026" };

describe("a victim's own log", () => {
  it("tells nothing of her case by default: it is that of somebody of whom nothing was read, after the same questions", async () => {
    const unread = [...on.world.links()]
      .filter(({ agency, type }) => agency === "LMRA" && type === "Person")
      .at(-1);
    for (const reader of [society, holder, society]) await readCase(reader, "ngoGiven");
    await tracker.shipped();
    const asked = async (cpr: string | null) => {
      await tracker.shipped();
      return on.watch(() => on.ask(herself(cpr), OWN));
    };
    for (const notSafe of [false, null]) {
      await recordSafety(victimOf("ngoGiven").uid, notSafe);
      const hers = await asked(victimOf("ngoGiven").cpr);
      const empty = await asked(unread?.key ?? "");
      expect(hers.result.text).toBe(EMPTY);
      expect(empty.result.text).toBe(EMPTY);
      expect(hers.calls).toEqual(empty.calls);
      expect(hers.calls).toMatchObject({ ledger: 1 });
      expect(hers.ledger.map(({ query }) => query)).toEqual(empty.ledger.map(({ query }) => query));
      const [one, other] = (await on.records()).slice(-2);
      expect(one).toMatchObject({
        subjects: [],
        withheldCount: other?.withheldCount,
        refusals: other?.refusals,
      });
    }
  });

  it("shows who read her case, when, why and which groups, once the centre has recorded that her account is safe", async () => {
    const { uid, cpr } = victimOf("ngoGiven");
    await recordSafety(uid, true);
    const reply = await tracker.askHer(cpr);
    expect(reply.errors).toEqual([]);
    const entries = entriesIn(reply);
    expect(entries.map(([address]) => address)).toEqual([
      "BH/NGO/MWPS/assist",
      "BH/GOV/LMRA/epc",
      "BH/NGO/MWPS/assist",
    ]);
    expect(entries[0]).toEqual([
      "BH/NGO/MWPS/assist",
      "SHELTER_CARE",
      expect.arrayContaining(["IDENTITY_CORE", "SERVICES_PLAN"]),
    ]);
    const staff = [society, holder].map(({ role }) => on.cast.firstWithWork(role).staffId);
    const { uid: caseUid, nrmNumber } = on.cast.cases.ngoGiven;
    for (const secret of [...staff, cpr ?? "", uid, caseUid, nrmNumber])
      expect(reply.text).not.toContain(secret);
    const record = (await on.records()).at(-1);
    expect(record?.subjects).toEqual([
      { type: "Person", uid, groups: [{ group: "AUDIT_TRAIL", level: "clear" }] },
    ]);
  });

  it("comes in pages without a repetition", async () => {
    const { cpr } = victimOf("ngoGiven");
    const page = `query($after: String) { accessLog(first: 2, after: $after) { edges { node { at } } pageInfo { hasNextPage endCursor } } }`;
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const log = logIn(await tracker.askHer(cpr, page, { after }));
      seen.push(...log.edges.map(({ node }) => node.at));
      if (!log.pageInfo.hasNextPage || seen.length > 20) break;
      after = log.pageInfo.endCursor;
    }
    expect(seen).toEqual(seen.toSorted().reverse());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(3);
  });

  it("is hers alone: no other victim's case is in it", async () => {
    await readCase(holder, "policeReferred");
    const before = entriesIn(await tracker.askHer(victimOf("ngoGiven").cpr)).length;
    await readCase(holder, "policeReferred");
    const after = entriesIn(await tracker.askHer(victimOf("ngoGiven").cpr));
    // Her own reading of a moment ago, and nothing else.
    expect(after).toHaveLength(before + 1);
    expect(after[0]?.[2]).toEqual(["AUDIT_TRAIL"]);
  });

  it("hides what was read of her case for an investigation, until the prosecution releases it", async () => {
    const { uid, cpr } = victimOf("policeReferred");
    await recordSafety(uid, true);
    await readCase(investigator, "policeReferred");
    expect(purposesIn(await tracker.askHer(cpr))).not.toContain("CRIMINAL_INVESTIGATION");
    const subject = { type: "Case", uid: on.cast.cases.policeReferred.uid };
    await tracker.withEmbargoes((embargoes) => embargoes.release(subject, order, new Date()));
    expect(purposesIn(await tracker.askHer(cpr))).toContain("CRIMINAL_INVESTIGATION");
  });

  it("shows nothing of a case while the prosecution orders so of the case, and nothing at all while it does of her", async () => {
    const { uid, cpr } = victimOf("policeReferred");
    const soon = new Date(Date.now() + 86_400_000);
    const set = (subject: { type: string; uid: string }) =>
      tracker.withEmbargoes((embargoes) => embargoes.set(subject, soon, order, new Date()));
    await set({ type: "Case", uid: on.cast.cases.policeReferred.uid });
    const left = entriesIn(await tracker.askHer(cpr));
    expect(left.length).toBeGreaterThan(0);
    expect(new Set(left.map(([, , groups]) => groups?.join()))).toEqual(new Set(["AUDIT_TRAIL"]));
    await set({ type: "Person", uid });
    expect((await tracker.askHer(cpr)).text).toBe(EMPTY);
  });

  it("is empty again when her account is safe no more", async () => {
    const { uid, cpr } = victimOf("ngoGiven");
    await recordSafety(uid, false);
    const groups = entriesIn(await tracker.askHer(cpr)).map(([, , its]) => its?.join());
    expect(new Set(groups)).toEqual(new Set(["AUDIT_TRAIL"]));
  });

  it("is asked for without a word of who she is but the ledger's own uid", async () => {
    const { cpr } = victimOf("ngoGiven");
    const from = on.ledger.journal.requests.length;
    await tracker.askHer(cpr);
    const asked = JSON.stringify(on.ledger.journal.requests.slice(from));
    expect(asked).toContain("logSafe");
    expect(asked).not.toContain(cpr);
  });
});

describe("a worker's file", () => {
  it("is in the log of the person whose it is, with its own groups, for her and for the auditor", async () => {
    const { plain } = on.cast.workers;
    await readFile(inspector, plain.permitNo);
    const record = (await on.records()).at(-1);
    expect(record?.subjects.map(({ type }) => type)).toEqual(["Worker"]);
    const reply = await tracker.askHer(plain.cpr);
    expect(entriesIn(reply)).toEqual([["BH/GOV/LMRA/labour", "LABOUR_INSPECTION", ["EMPLOYMENT"]]]);
    for (const secret of [on.cast.firstWithWork(inspector.role).staffId, plain.permitNo ?? ""])
      expect(reply.text).not.toContain(secret);
    const seen = await on.ask(auditor, OF_PERSON, { id: on.idFor(auditor, "Person", plain.uid) });
    expect(purposesIn(seen)).toContain("LABOUR_INSPECTION");
  });

  it("is in nobody else's", async () => {
    const { disputed } = on.cast.workers;
    expect((await tracker.askHer(disputed.cpr)).text).toBe(EMPTY);
  });

  it("is under embargo as the person is: by purpose and by order", async () => {
    const { disputed } = on.cast.workers;
    await readFile(enforcement, disputed.permitNo);
    expect((await tracker.askHer(disputed.cpr)).text).toBe(EMPTY);
    await readFile(inspector, disputed.permitNo);
    expect(purposesIn(await tracker.askHer(disputed.cpr))).toEqual(["LABOUR_INSPECTION"]);
    const subject = { type: "Person", uid: disputed.uid };
    const soon = new Date(Date.now() + 86_400_000);
    await tracker.withEmbargoes((embargoes) => embargoes.set(subject, soon, order, new Date()));
    expect((await tracker.askHer(disputed.cpr)).text).toBe(EMPTY);
  });
});
