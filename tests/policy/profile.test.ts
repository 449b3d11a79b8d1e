/** Verdicts of a reader: what settles without a row, what waits for one, and how it fails. */
import { beforeAll, describe, expect, it } from "vitest";
import type { AgencyCode, Coordinate } from "../../src/kernel/brands.ts";
import { factsFromAccess, NO_PERSON, REGISTER_FACTS } from "../../src/policy/facts.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import type { Facts, Profile, Verdict } from "../../src/policy/verdict.ts";
import { DOMAIN, shippedPolicies } from "./shipped.ts";

let policies: PolicySet;
beforeAll(async () => {
  policies = await shippedPolicies();
});

const NOW = Date.parse("2025-07-30T08:00:00Z");

function profile(role: string, purpose: string, ...certificates: string[]): Profile {
  const agency = role.split(".")[0] as AgencyCode;
  return policies.profile({ agency, role, purpose, certificates: new Set(certificates) });
}
function ask(of: Profile, coordinate: string, caseBound = true): Verdict {
  return of.verdict({ coordinate: coordinate as Coordinate, caseBound });
}
const effectOf = (verdict: Verdict) => (verdict.kind === "settled" ? verdict.outcome.effect : "residual");

const access = {
  holder: false,
  party: true,
  known: true,
  grantedGroups: ["SERVICES_PLAN"],
  consentedGroups: ["SERVICES_PLAN"],
  refusedGroups: [],
  basis: "CONSENT",
  assigned: true,
  charged: false,
  courtGroups: [],
  child: false,
  sealed: false,
  officialSuspect: false,
  staffConflict: false,
};
const caseFacts = (change: Partial<typeof access> = {}): Facts =>
  factsFromAccess(
    { ...access, ...change },
    { caseBound: true, breakGlassUntil: 0, now: NOW, groups: DOMAIN.groups },
  );

function settle(verdict: Verdict, facts: Facts, own = false) {
  return verdict.kind === "settled" ? verdict.outcome : verdict.decide(facts, own);
}

describe("settled without a row", () => {
  it.each([
    ["LMRA.inspector", "LABOUR_INSPECTION", "Person.caseParties", false, "HIDE"],
    ["LMRA.inspector", "LABOUR_INSPECTION", "Worker.employer", false, "ALLOW"],
    ["LMRA.inspector", "LABOUR_INSPECTION", "Person.nameLatin", false, "ALLOW"],
    ["LMRA.inspector", "LABOUR_INSPECTION", "Person.residence", false, "MASK"],
    ["LMRA.inspector", "LABOUR_INSPECTION", "Person.protectionHold", false, "DENY"],
    ["NPRA.residenceOfficer", "IMMIGRATION_ENFORCEMENT", "Case.id", true, "HIDE"],
    ["NPRA.residenceOfficer", "IMMIGRATION_ENFORCEMENT", "Person.caseParties", true, "HIDE"],
    ["NPRA.residenceOfficer", "IMMIGRATION_ENFORCEMENT", "Person.travelOrder", false, "HIDE"],
    ["NPRA.residenceOfficer", "IMMIGRATION_ENFORCEMENT", "ReturnPlan.departedOn", true, "HIDE"],
    ["NPRA.residenceOfficer", "IMMIGRATION_ENFORCEMENT", "Person.residence", true, "ALLOW"],
    ["MOI.investigator", "CRIMINAL_INVESTIGATION", "Person.nameAr", false, "DENY"],
    ["EXT.intlObserver", "STATISTICS_REPORTING", "AggregateTable.cells", false, "ALLOW"],
    ["NCC.statistician", "STATISTICS_REPORTING", "Person.gender", true, "AGGREGATE"],
    ["IGA.registrar", "SYSTEM_OPERATION", "Case.nrmNumber", true, "HIDE"],
  ])("%s %s %s caseBound=%s is %s", (role, purpose, coordinate, caseBound, effect) => {
    expect(effectOf(ask(profile(role, purpose), coordinate, caseBound))).toBe(effect);
  });

  it("denies a field that is in no group, with no reason", () => {
    const verdict = ask(profile("NGO.caseworker", "SHELTER_CARE"), "Case.nothing");
    expect(verdict).toMatchObject({
      kind: "settled",
      outcome: { effect: "DENY", reason: null, policies: [] },
    });
  });
});

describe("waiting for a row", () => {
  it("reads only the facts that decide", () => {
    const verdict = ask(profile("NGO.caseworker", "SHELTER_CARE"), "SupportPlan.type");
    if (verdict.kind !== "residual") throw new Error("expected a residual");
    expect(verdict.opens).toBe(true);
    expect([...verdict.reads]).toEqual(
      expect.arrayContaining(["granted", "consented", "refused", "child", "known"]),
    );
    expect([...verdict.reads]).not.toEqual(expect.arrayContaining(["courtGroups"]));
    expect(verdict.reads.has("breakGlassUntil")).toBe(false);
  });

  it("marks what no row can open, so that it is not fetched", () => {
    const verdict = ask(profile("MOI.investigator", "CRIMINAL_INVESTIGATION"), "Case.shelterStays");
    expect(verdict).toMatchObject({ kind: "residual", opens: false });
    expect(settle(verdict, caseFacts())).toMatchObject({ effect: "DENY", reason: "R2", shownReason: "R2" });
    expect(settle(verdict, caseFacts({ known: false }))).toMatchObject({ effect: "HIDE", shownReason: null });
  });

  it("tells an overlay as minimisation", () => {
    const verdict = ask(profile("NGO.caseworker", "SHELTER_CARE"), "SupportPlan.type");
    expect(settle(verdict, caseFacts())).toMatchObject({ effect: "ALLOW", policies: ["NGO.help"] });
    expect(settle(verdict, caseFacts({ child: true }))).toMatchObject({
      effect: "DENY",
      reason: "R10",
      shownReason: "R7",
      policies: ["child"],
    });
    const certified = profile("NGO.caseworker", "SHELTER_CARE", "INTERVIEW_CHILD");
    expect(settle(ask(certified, "SupportPlan.type"), caseFacts({ child: true })).effect).toBe("ALLOW");
  });

  it("opens own rows only", () => {
    const verdict = ask(profile("NGO.caseworker", "SHELTER_CARE"), "ShelterStay.facility");
    expect(settle(verdict, caseFacts(), true).effect).toBe("ALLOW");
    expect(settle(verdict, caseFacts(), false)).toMatchObject({ effect: "DENY", reason: "R2" });
  });

  it("gives the same frozen outcome for the same answer, and the same verdict for fields that no policy tells apart", () => {
    const reader = profile("NGO.caseworker", "SHELTER_CARE");
    const verdict = ask(reader, "SupportPlan.type");
    expect(settle(verdict, caseFacts())).toBe(settle(verdict, caseFacts()));
    expect(Object.isFrozen(settle(verdict, caseFacts()))).toBe(true);
    expect(ask(reader, "SupportPlan.plannedEnd")).toBe(verdict);
    expect(ask(reader, "SupportPlan.objectives")).not.toBe(verdict);
    expect(profile("NGO.caseworker", "SHELTER_CARE")).toBe(reader);
  });

  it("names what a mask leaves", () => {
    const careWorker = profile("MOSD.careWorker", "SHELTER_CARE");
    expect(settle(ask(careWorker, "Person.cpr"), caseFacts()).mask).toBe("transform:lastDigits");
    expect(settle(ask(careWorker, "Consent.status"), caseFacts()).mask).toBe("rows");
    expect(
      settle(ask(profile("MOI.investigator", "CRIMINAL_INVESTIGATION"), "Case.sheltered"), caseFacts()).mask,
    ).toBe("keep");
  });
});

describe("facts that are missing or wrong", () => {
  it("hide the case when the ledger says nothing", () => {
    const facts = factsFromAccess(undefined, {
      caseBound: true,
      breakGlassUntil: 0,
      now: NOW,
      groups: DOMAIN.groups,
    });
    const reader = profile("EPC.caseWorker", "SHELTER_CARE");
    expect(settle(ask(reader, "Case.id"), facts).effect).toBe("HIDE");
    expect(settle(ask(reader, "SupportPlan.type"), facts).effect).toBe("HIDE");
    expect(settle(ask(reader, "Person.nameLatin"), facts).effect).toBe("DENY");
  });

  it("never throw, and never open", () => {
    const broken = { caseBound: true } as unknown as Facts;
    for (const [role, purpose] of [
      ["EPC.caseWorker", "SHELTER_CARE"],
      ["NGO.caseworker", "EMERGENCY_PROTECTION"],
      ["CRT.judge", "ADJUDICATION"],
    ] as const) {
      for (const coordinate of ["Case.id", "Screening.findings", "Person.nameLatin", "SupportPlan.type"]) {
        const { effect } = settle(ask(profile(role, purpose), coordinate), broken);
        expect(["DENY", "HIDE"], `${role} ${coordinate}`).toContain(effect);
      }
    }
  });

  it("grant nothing by a group that does not exist", () => {
    const facts = caseFacts({
      grantedGroups: ["clear", "caseData", "S3"],
      consentedGroups: ["clear", "caseData"],
    });
    expect(settle(ask(profile("NGO.caseworker", "SHELTER_CARE"), "SupportPlan.type"), facts).effect).toBe(
      "DENY",
    );
  });

  it("take a register row's overlays from the person, and the strictest when they are not known", () => {
    const travelOrder = ask(
      profile("NPRA.residenceOfficer", "STATUS_REGULARISATION"),
      "Person.travelOrder",
      false,
    );
    expect(settle(travelOrder, REGISTER_FACTS(NO_PERSON, NOW)).effect).toBe("MASK");
    expect(settle(travelOrder, REGISTER_FACTS({ ...NO_PERSON, staffConflict: true }, NOW)).effect).toBe(
      "HIDE",
    );
    expect(settle(travelOrder, REGISTER_FACTS(undefined, NOW)).effect).toBe("HIDE");
  });
});

describe("who may ask at all", () => {
  it("refuses a purpose that the role does not hold", () => {
    expect(() => profile("NGO.caseworker", "PROSECUTION")).toThrow(
      expect.objectContaining({ code: "PURPOSE_NOT_HELD" }),
    );
    expect(() => profile("NGO.caseworker", "NONSENSE")).toThrow(
      expect.objectContaining({ code: "PURPOSE_NOT_HELD" }),
    );
  });

  it("refuses a role that is not one of the agency's", () => {
    expect(() => profile("NGO.nobody", "SHELTER_CARE")).toThrow(
      expect.objectContaining({ code: "OPERATION_FORBIDDEN" }),
    );
    const agency = "EPC" as AgencyCode;
    const stranger = {
      agency,
      role: "NGO.caseworker",
      purpose: "SHELTER_CARE",
      certificates: new Set<string>(),
    };
    expect(() => policies.profile(stranger)).toThrow(
      expect.objectContaining({ code: "OPERATION_FORBIDDEN" }),
    );
  });

  it("lets a security officer claim oversight and read no case", () => {
    const officer = profile("EPC.securityOfficer", "AUDIT_OVERSIGHT");
    for (const coordinate of ["Case.id", "Case.stage", "Consent.status", "SupportPlan.type"]) {
      expect(effectOf(ask(officer, coordinate)), coordinate).toBe("HIDE");
    }
    expect(effectOf(ask(officer, "Worker.employer", false))).toBe("DENY");
    expect(effectOf(ask(officer, "AggregateTable.cells", false))).toBe("ALLOW");
  });

  it("lets a person claim her own data, and reads no register for her", () => {
    const agency = "EPC" as AgencyCode;
    const subject = policies.profile({
      agency,
      role: "dataSubject",
      purpose: "SUBJECT_ACCESS",
      certificates: new Set(),
    });
    expect(effectOf(ask(subject, "Case.id"))).toBe("HIDE");
    expect(effectOf(ask(subject, "Person.nameLatin", false))).toBe("DENY");
  });
});
