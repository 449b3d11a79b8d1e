/**
 * The golden scenarios that need the gateway's core, by their id (domain, agencies §11 and §14): over HTTP, against the
 * running deployment, on answers as well as on what agencies were asked.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AMAN, INDIAN_EMBASSY, MWPS, PHILIPPINE_EMBASSY } from "../../sandbox/synth/members.ts";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const care: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const police: Reader = { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" };
const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const judge: Reader = { role: "CRT.judge", purpose: "ADJUDICATION" };
const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const consul: Reader = { role: "EXT.consul", purpose: "CONSULAR_ASSISTANCE", member: INDIAN_EMBASSY };

type CastName = keyof Deployment["cast"]["cases"];

/** Asks for one case of the cast under its own issue. */
async function askCase(
  reader: Reader,
  name: CastName,
  selection: string,
): Promise<Reply & { readonly case: Record<string, unknown> | null }> {
  const { uid } = on.cast.cases[name];
  const reply = await on.ask(
    { ...reader, issue: { uid } },
    `query($id: ID!) { case(id: $id) { ${selection} } }`,
    {
      id: on.idFor(reader, "Case", uid),
    },
  );
  return { ...reply, case: (reply.data?.["case"] ?? null) as Record<string, unknown> | null };
}

const reasons = ({ withheld }: Reply): Record<string, string> =>
  Object.fromEntries(withheld.map(({ path, reason }) => [path.join("."), reason]));

/** Every canary of the world's personal values that occurs in a text. */
const canaries = (text: string): readonly string[] => [
  ...new Set(text.match(/cnr-[A-Za-z.]+-\d+-[A-Za-z]+/g) ?? []),
];

describe("G1: immigration enforcement finds no trace of a presumed victim", () => {
  const reader: Reader = { role: "NPRA.residenceOfficer", purpose: "IMMIGRATION_ENFORCEMENT" };
  const question =
    "query($n: String!) { worker(workPermitNo: $n) { person { protectionHold caseParties { role } } } }";

  it("answers as for a worker without a case, with the same calls", async () => {
    const victim = on.cast.cases.presumedWorker.victim;
    const { disputed } = on.cast.workers;
    const byPerson = "query($id: ID!) { person(id: $id) { protectionHold caseParties { role } } }";
    const ask = (uid: string) => on.ask(reader, byPerson, { id: on.idFor(reader, "Person", uid) });

    const { result: ofVictim, calls: callsForVictim } = await on.watch(() => ask(victim.uid));
    const { result: ofWorker, calls: callsForWorker } = await on.watch(() => ask(disputed.uid));

    expect(ofVictim.data).toEqual({ person: { protectionHold: true, caseParties: [] } });
    expect(ofVictim.text).toBe(ofWorker.text);
    expect(ofVictim.withheld).toEqual([]);
    expect(callsForVictim).toEqual(callsForWorker);
    expect(callsForVictim).not.toHaveProperty("ledger");
  });

  it("does the same on the way through the worker's file", async () => {
    const victim = on.cast.cases.presumedWorker.victim;
    const { disputed } = on.cast.workers;
    const ofVictim = await on.ask(reader, question, { n: victim.permitNo });
    const ofWorker = await on.ask(reader, question, { n: disputed.permitNo });
    expect(ofVictim.text).toBe(ofWorker.text);
  });
});

describe("G2: a labour inspector sees the worker, not the case", () => {
  it("gives name, employer and wages, and no case parties", async () => {
    const { victim } = on.cast.cases.presumedWorker;
    const reply = await on.ask(
      inspector,
      "query($n: String!) { worker(workPermitNo: $n) { person { nameLatin { full } caseParties { role } } employer { name } wagePayments { period paid { amount } } } }",
      { n: victim.permitNo },
    );
    expect(reply.errors).toEqual([]);
    expect(reply.withheld).toEqual([]);
    expect(reply.data).toMatchObject({
      worker: {
        person: { nameLatin: { full: expect.any(String) }, caseParties: [] },
        employer: { name: expect.any(String) },
      },
    });
    expect(
      (reply.data as { worker: { wagePayments: unknown[] } }).worker.wagePayments.length,
    ).toBeGreaterThan(0);
  });
});

describe("G6: what a survivor agreed to share with a society", () => {
  const selection =
    "id nrmNumber victim { person { nameLatin { full } gender } } supportPlans { type } screening { outcome } health { urgentNeed }";

  it("gives identity and services with consent, those two groups only", async () => {
    const reply = await askCase(care, "ngoGiven", selection);
    expect(reply.case).toMatchObject({
      nrmNumber: null,
      victim: { person: { nameLatin: { full: expect.any(String) }, gender: null } },
      supportPlans: [expect.anything()],
      screening: null,
      health: null,
    });
    expect(reasons(reply)).toMatchObject({ "case.screening": "R3", "case.victim.person.gender": "R3" });
    expect(reasons(reply)).not.toHaveProperty("case.nrmNumber");
  });

  it.each(["ngoWithdrawn", "ngoRefused"] as const)("gives null with R3 in the case %s", async (name) => {
    const reply = await askCase(
      care,
      name,
      "id supportPlans { type } victim { person { nameLatin { full } } }",
    );
    expect(reply.case).toMatchObject({ id: expect.any(String), supportPlans: null });
    expect(reasons(reply)).toMatchObject({ "case.supportPlans": "R3" });
    expect(canaries(reply.text)).toEqual([]);
  });

  it("keeps the consent's end: what ran out is as if never given", async () => {
    const reply = await askCase({ ...care, member: AMAN }, "referralStates", "id supportPlans { type }");
    expect(reply.case).toMatchObject({ supportPlans: null });
    expect(reasons(reply)).toEqual({ "case.supportPlans": "R3" });
  });
});

describe("G7: the police see that somebody is sheltered, not where", () => {
  it("shows the flag, withholds the stays with R2, and asks nobody for them", async () => {
    const { result: reply, ledger } = await on.watch(() =>
      askCase(
        police,
        "policeReferred",
        "sheltered shelterStays { facility { address { building } } admittedOn }",
      ),
    );
    expect(reply.case).toEqual({ sheltered: true, shelterStays: null });
    expect(reply.withheld).toEqual([{ path: ["case", "shelterStays"], reason: "R2" }]);
    expect(ledger.some(({ query }) => /shelterStays|facility/.test(query))).toBe(false);
  });
});

describe("G8: a court sees a case after the referral order, as that order says", () => {
  it("is as unknown before CHARGED, and nobody but the ledger's spine is asked", async () => {
    const {
      result: hidden,
      calls,
      ledger,
    } = await on.watch(() =>
      askCase(judge, "beforeCharge", "id nrmNumber screening { outcome } prosecution { number }"),
    );
    const unknown = await on.ask(
      judge,
      "query($id: ID!) { case(id: $id) { id nrmNumber screening { outcome } prosecution { number } } }",
      { id: on.idFor(judge, "Case", "00000000-0000-4000-8000-000000000000") },
      { "x-issue": on.idFor(judge, "Case", "00000000-0000-4000-8000-000000000000") },
    );
    expect(hidden.case).toBeNull();
    expect(hidden.text).toBe(unknown.text);
    expect(ledger.map(({ subgraph }) => subgraph)).toEqual(["spine"]);
    expect(calls).toEqual({ ledger: 1 });
  });

  it("gives the groups that the order put before it, and no health", async () => {
    const reply = await askCase(
      judge,
      "afterCharge",
      "id nrmNumber stage screening { outcome } health { physical } shelterStays { admittedOn }",
    );
    expect(reply.case).toMatchObject({
      id: expect.any(String),
      nrmNumber: on.cast.cases.afterCharge.nrmNumber,
      screening: { outcome: expect.any(String) },
      health: null,
      shelterStays: null,
    });
    expect(reasons(reply)).toEqual({ "case.health": "R8", "case.shelterStays": "R2" });
  });
});

describe("G11: a consul sees his own nationals, with consent", () => {
  const selection =
    "id victim { person { nameLatin { full } passports { number } mobilePhone } } returnPlan { wish } screening { outcome } investigation { policeNumber }";

  it("gives identity, passport and return of an Indian national", async () => {
    const reply = await askCase(consul, "indianNational", selection);
    expect(reply.errors).toEqual([]);
    expect(reply.case).toMatchObject({
      victim: {
        person: { nameLatin: { full: expect.any(String) }, passports: [{ number: expect.any(String) }] },
      },
      returnPlan: { wish: "RETURN" },
      screening: null,
      investigation: null,
    });
  });

  it("is as unknown for a Filipino national, and the other way round", async () => {
    const other = await askCase(consul, "filipinoNational", selection);
    expect(other.text).toBe('{"data":{"case":null}}');
    const back = await askCase({ ...consul, member: PHILIPPINE_EMBASSY }, "indianNational", selection);
    expect(back.text).toBe('{"data":{"case":null}}');
  });
});

describe("G13: a child's case needs staff certified to interview children", () => {
  it("is null, shown as R7 and recorded as R10, without the certificate", async () => {
    const [uncertified] = on.cast.staffOf("NGO.caseworker", MWPS);
    const reply = await askCase(
      { ...care, staff: uncertified?.staffId ?? "" },
      "child",
      "id supportPlans { type }",
    );
    expect(reply.case).toMatchObject({ id: expect.any(String), supportPlans: null });
    expect(reasons(reply)).toEqual({ "case.supportPlans": "R7" });
    const record = (await on.records()).at(-1);
    expect(record?.refusals).toEqual({ R10: 1 });
  });

  it("shows values to a colleague who is certified", async () => {
    const certified = on.cast.staffWithCertificates("NGO.caseworker", ["INTERVIEW_CHILD"], MWPS);
    const reply = await askCase(
      { ...care, staff: certified?.staffId ?? "" },
      "child",
      "id supportPlans { type }",
    );
    expect(reply.case).toMatchObject({ supportPlans: [expect.anything()] });
  });
});

describe("G15: who reported stays with those it was granted to", () => {
  it("withholds the reporter with R9 and asks nobody who it was", async () => {
    const { result: reply, ledger } = await on.watch(() =>
      askCase(police, "policeReferred", "report { reporter { nameLatin { full } } summary }"),
    );
    expect(reply.case).toEqual({ report: { reporter: null, summary: null } });
    expect(reasons(reply)).toEqual({ "case.report.reporter": "R9", "case.report.summary": "R9" });
    expect(ledger.some(({ query }) => /reporter|summary/.test(query))).toBe(false);
  });
});

describe("G17: one case, two stages", () => {
  it("reads PRESUMED_VICTIM for the society and TRIAL for the prosecution", async () => {
    expect((await askCase(care, "trialProtected", "stage")).case).toEqual({ stage: "PRESUMED_VICTIM" });
    expect((await askCase(prosecution, "trialProtected", "stage")).case).toEqual({ stage: "TRIAL" });
  });
});

describe("G20: two agencies cannot compare ids", () => {
  it("gives each its own, and resolves each for its own agency only", async () => {
    const idOf = async (reader: Reader): Promise<string> => {
      const reply = await askCase(reader, "overview", "victim { person { id } }");
      return (reply.case as { victim: { person: { id: string } } }).victim.person.id;
    };
    const [forPolice, forProsecution] = await Promise.all([idOf(police), idOf(prosecution)]);
    expect(forPolice).not.toBe(forProsecution);

    const reader: Reader = { role: "NPRA.residenceOfficer", purpose: "STATUS_REGULARISATION" };
    const own = on.idFor(reader, "Person", on.cast.cases.overview.victim.uid);
    const question = "query($id: ID!) { person(id: $id) { protectionHold } }";
    expect((await on.ask(reader, question, { id: own })).data).toEqual({
      person: { protectionHold: expect.any(Boolean) },
    });
    expect((await on.ask(reader, question, { id: forPolice })).text).toBe('{"data":{"person":null}}');
  });
});

describe("G21: an international observer sees tables, never a case", () => {
  const observer: Reader = { role: "EXT.intlObserver", purpose: "STATISTICS_REPORTING" };

  it("is as unknown, and nobody is asked", async () => {
    const { calls } = await on.watch(async () => {
      const reply = await askCase(observer, "overview", "id nrmNumber");
      expect(reply.text).toBe('{"data":{"case":null}}');
      const list = await on.ask(
        observer,
        "{ cases { edges { node { id } } pageInfo { hasNextPage endCursor } } }",
      );
      expect(list.data).toEqual({ cases: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } } });
    });
    expect(calls).toEqual({});
  });

  it("reads released tables", async () => {
    const reply = await on.ask(observer, "{ releasedTables { code year cells { keys value } } }");
    expect(reply.errors).toEqual([]);
    expect((reply.data as { releasedTables: unknown[] }).releasedTables.length).toBeGreaterThan(0);
  });
});

describe("G22: the population register is down", () => {
  it("still answers the case; its fields are null with AGENCY_UNAVAILABLE, and come back with it", async () => {
    const selection = "nrmNumber victim { person { nameLatin { full } gender } } prosecution { number }";
    on.agencies.rest.IGA.faults.down();
    const down = await askCase(prosecution, "overview", selection);
    expect(down.case).toMatchObject({
      nrmNumber: on.cast.cases.overview.nrmNumber,
      victim: { person: { nameLatin: null } },
      prosecution: { number: expect.any(String) },
    });
    expect(down.errors).toMatchObject([{ extensions: { code: "AGENCY_UNAVAILABLE", agency: "IGA" } }]);
    expect(down.withheld).toEqual([]);
    on.agencies.rest.IGA.faults.heal();
    const up = await askCase(prosecution, "overview", selection);
    expect(up.errors).toEqual([]);
    expect(up.case).toMatchObject({ victim: { person: { nameLatin: { full: expect.any(String) } } } });
  });
});

describe("two societies and two embassies share nothing (agencies §13)", () => {
  it("no case, no referral, no id", async () => {
    const { uid } = on.cast.cases.ngoOther;
    const mwps = await askCase({ ...care, member: MWPS }, "ngoOther", "id supportPlans { type }");
    expect(mwps.text).toBe('{"data":{"case":null}}');
    const aman = await askCase({ ...care, member: AMAN }, "ngoOther", "id supportPlans { type }");
    expect(aman.case).toMatchObject({ supportPlans: [expect.anything()] });
    const amansId = on.idFor({ ...care, member: AMAN }, "Case", uid);
    const borrowed = await on.ask({ ...care, member: MWPS }, "query($id: ID!) { case(id: $id) { id } }", {
      id: amansId,
    });
    expect(borrowed.text).toBe('{"data":{"case":null}}');

    const inbox = async (member: string): Promise<readonly string[]> => {
      const reply = await on.ask(
        { ...care, member },
        "{ referralInbox(first: 100) { edges { node { id to { address } case { id } } } } }",
      );
      const { edges } = (
        reply.data as { referralInbox: { edges: { node: { id: string; to: { address: string } } }[] } }
      ).referralInbox;
      expect(new Set(edges.map(({ node }) => node.to.address))).toEqual(new Set([member]));
      return edges.map(({ node }) => node.id);
    };
    const [ofMwps, ofAman] = await Promise.all([inbox(MWPS), inbox(AMAN)]);
    expect(ofMwps.length).toBeGreaterThan(0);
    expect(ofAman.length).toBeGreaterThan(0);
    expect(ofMwps.filter((id) => ofAman.includes(id))).toEqual([]);
  });
});
