/**
 * Who read about whom, as the gateway itself tells it (domain, agencies §12; scenario G16): over HTTP, against the running
 * deployment, from what was really asked before.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPool } from "../../src/connectors/pg-pool.ts";
import type { Deployment } from "../support/deployment.ts";
import { EVERY_READER, firstStaff } from "../support/readers.ts";
import { oracle } from "../support/rules-oracle.ts";
import {
  EMPTY,
  enforcement,
  herself,
  holder,
  inspector,
  logIn,
  OF_PERSON,
  OWN,
  PAGE,
  purposesIn,
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

const askHer: Tracker["askHer"] = (...args) => tracker.askHer(...args);
const readPerson: Tracker["readPerson"] = (...args) => tracker.readPerson(...args);
const shipped: Tracker["shipped"] = (...args) => tracker.shipped(...args);
const withEmbargoes: Tracker["withEmbargoes"] = (...args) => tracker.withEmbargoes(...args);

/** Workers who were read about by nobody, until a test does. */
const strangers = () =>
  [...on.world.links()].filter(({ agency, type }) => agency === "LMRA" && type === "Person");

describe("G16: a data subject, under embargo", () => {
  it("sees who read her data, when, why and which groups, without the staff, and not that she is investigated", async () => {
    const { disputed } = on.cast.workers;
    await readPerson(inspector, disputed.uid);
    await readPerson(enforcement, disputed.uid);
    const reply = await askHer(disputed.cpr);
    expect(reply.errors).toEqual([]);
    expect(reply.withheld).toEqual([]);
    const { edges, pageInfo } = logIn(reply);
    expect(edges).toEqual([
      {
        node: {
          at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
          agency: { address: "BH/GOV/LMRA/labour", name: { en: expect.any(String) } },
          purpose: "LABOUR_INSPECTION",
          fieldGroups: expect.arrayContaining(["IDENTITY_CORE"]),
        },
      },
    ]);
    expect(pageInfo).toEqual({ hasNextPage: false, endCursor: expect.any(String) });
    const staff = [inspector, enforcement].map(({ role }) => on.cast.firstWithWork(role).staffId);
    for (const secret of [...staff, "IMMIGRATION_ENFORCEMENT", disputed.cpr ?? "", disputed.uid])
      expect(reply.text).not.toContain(secret);
  });

  it("whose every entry is embargoed is answered like one of whom nothing was read, with the same calls", async () => {
    const { plain } = on.cast.workers;
    const unread = strangers().at(-1);
    await readPerson(enforcement, plain.uid);
    await shipped();
    const hidden = await on.watch(() => on.ask(herself(plain.cpr), OWN));
    await shipped();
    const empty = await on.watch(() => on.ask(herself(unread?.key ?? ""), OWN));
    expect(hidden.result.text).toBe(empty.result.text);
    expect(hidden.result.text).toBe(EMPTY);
    expect(hidden.calls).toEqual(empty.calls);
    const asked = ({ ledger }: typeof hidden) => ledger.map(({ subgraph, query }) => [subgraph, query]);
    expect(asked(hidden)).toEqual(asked(empty));
    const records = (await on.records()).slice(-2);
    const about = records.map(({ subjects, withheldCount, refusals }) => ({
      subjects,
      withheldCount,
      refusals,
    }));
    expect(about[0]).toEqual(about[1]);
  });

  it("sees what the prosecution released, and nothing while it orders so", async () => {
    const { plain } = on.cast.workers;
    const subject = { type: "Person", uid: plain.uid };
    const order = { by: "ppo-chief-1", reason: "order 17/2026" };
    expect(purposesIn(await askHer(plain.cpr))).toEqual([]);
    await withEmbargoes((embargoes) => embargoes.release(subject, order, new Date()));
    expect(purposesIn(await askHer(plain.cpr))).toEqual(["IMMIGRATION_ENFORCEMENT"]);
    const soon = new Date(Date.now() + 86_400_000);
    await withEmbargoes((embargoes) => embargoes.set(subject, soon, order, new Date()));
    expect(logIn(await askHer(plain.cpr)).edges).toEqual([]);
  });

  it("who is a suspect sees nothing at all for a year, whoever read", async () => {
    const known = [...on.world.links()].find(({ agency, type }) => agency === "MOI" && type === "Person");
    await readPerson(inspector, known?.uid ?? "");
    const reply = await askHer(known?.key ?? "");
    expect(reply.text).toBe(EMPTY);
  });

  it("reads nobody else's: another person's id, an unknown one and a case are one answer", async () => {
    const { disputed, plain } = on.cast.workers;
    const me = herself(plain.cpr);
    const texts: string[] = [];
    for (const uid of [disputed.uid, "00000000-0000-4000-8000-000000000000"])
      texts.push((await on.ask(me, OF_PERSON, { id: on.idFor(me, "Person", uid) })).text);
    const { uid } = on.cast.cases.overview;
    const ofCase = `query($id: ID) { accessLog(caseId: $id) { ${PAGE} } }`;
    texts.push((await on.ask(me, ofCase, { id: on.idFor(me, "Case", uid) })).text);
    texts.push((await on.ask(herself("999999999"), OWN)).text);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('"edges":[]');
    const own = await on.ask(me, OF_PERSON, { id: on.idFor(me, "Person", plain.uid) });
    expect(own.errors).toEqual([]);
  });

  it("reads her log alone: no register, no case, no person", async () => {
    const { disputed } = on.cast.workers;
    const me = herself(disputed.cpr);
    const question =
      "query($id: ID!) { person(id: $id) { nameLatin { full } accessLog { edges { cursor } } } }";
    const reply = await on.ask(me, question, { id: on.idFor(me, "Person", disputed.uid) });
    expect(reply.data).toEqual({ person: null });
  });
});

describe("a person's log", () => {
  it("opens for the auditor's agency alone, of all staff, and its reading is in it", async () => {
    const { uid } = on.cast.workers.disputed;
    await readPerson(inspector, uid);
    const differ: string[] = [];
    let opened = 0;
    for (const asking of EVERY_READER) {
      const { staffId: staff, member } = firstStaff(on, asking);
      const [agency = ""] = asking.role.split(".");
      const row = { caseBound: false, own: false };
      const { effect } = oracle({ ...asking, agency, field: "DataUse.at", row });
      const reply = await on.ask({ ...asking, staff, member }, OF_PERSON, {
        id: on.idFor(asking, "Person", uid),
      });
      const found = (logIn(reply)?.edges ?? []).length > 0;
      if (found !== (effect === "ALLOW" || effect === "MASK"))
        differ.push(`${asking.role} ${asking.purpose}`);
      if (found) opened += 1;
    }
    expect(differ).toEqual([]);
    expect(opened).toBeGreaterThan(0);
    await shipped();
    const reply = await on.ask(herself(on.cast.workers.disputed.cpr), OWN);
    expect(logIn(reply).edges[0]?.node).toMatchObject({
      purpose: expect.any(String),
      fieldGroups: ["AUDIT_TRAIL"],
    });
  });

  it("is not the holder's of her case", async () => {
    const { uid, victim } = on.cast.cases.ngoGiven;
    const query = `query($id: ID!) { case(id: $id) { victim { person { id accessLog { ${PAGE} } } } } }`;
    const reply = await on.ask({ ...holder, issue: { uid } }, query, { id: on.idFor(holder, "Case", uid) });
    const id = on.idFor(holder, "Person", victim.uid);
    expect(reply.data).toEqual({ case: { victim: { person: { id, accessLog: null } } } });
    expect(reply.withheld.map(({ reason }) => reason)).toEqual(["R7"]);
  });
});

describe("the record of an answer to her", () => {
  it("knows a person who asks by a pseudonym, always the same, never by her number", async () => {
    const { disputed } = on.cast.workers;
    await askHer(disputed.cpr);
    await askHer(disputed.cpr);
    const records = (await on.records()).filter(({ role }) => role === "dataSubject").slice(-2);
    expect(new Set(records.map(({ reader }) => reader)).size).toBe(1);
    await shipped();
    const pool = createPool({ url: on.databaseUrl("gateway") });
    const { rows } = await pool.query("select reader, text from disclosure.record");
    await pool.end();
    expect(rows.length).toBeGreaterThan(20);
    expect(JSON.stringify(rows)).not.toContain(disputed.cpr);
  });
});
