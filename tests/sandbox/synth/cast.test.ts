/** The cast puts each scenario on seeded rows: its facts, its people, the staff to ask with. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCast } from "../../../sandbox/synth/cast.ts";
import { createContext } from "../../../sandbox/synth/context.ts";
import { AMAN, INDIAN_EMBASSY, MEMBERS, MWPS, PHILIPPINE_EMBASSY } from "../../../sandbox/synth/members.ts";
import { ageOn, person } from "../../../sandbox/synth/people.ts";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";
import { world } from "./tables-of.ts";

const tiny = world("tiny");
const cast = createCast(tiny);
const { cases } = cast;
const content = (name: keyof typeof cases) => tiny.epc.content.row(cases[name].index);
const to = (name: keyof typeof cases, member: string) =>
  cases[name].spine.referrals.filter((referral) => referral.to === member);
const consentFor = (name: keyof typeof cases, member: string) =>
  cases[name].spine.consents.filter(({ recipients }) => recipients.includes(member));
const holdOf = (key: string) => [...tiny.npra.persons].find((row) => row.key === key)!.protectionHold;

describe("the cast", () => {
  it("G1, G2: a presumed worker, one in dispute and one without anything, of one shape", () => {
    const { presumedWorker } = cases;
    const shape = (permitNo: string | null) =>
      Object.keys([...tiny.lmra.workers].find((row) => row.permitNo === permitNo)!);
    expect(holdOf(presumedWorker.victim.residenceKey)).toBe(true);
    expect(holdOf(cast.workers.disputed.residenceKey)).toBe(true);
    expect(holdOf(cast.workers.plain.residenceKey)).toBe(false);
    expect(shape(presumedWorker.victim.permitNo)).toEqual(shape(cast.workers.disputed.permitNo));
    const victims = new Set(
      [...tiny.epc.spine].flatMap(({ parties }) => parties.map(({ person }) => person)),
    );
    expect([cast.workers.disputed.uid, cast.workers.plain.uid].some((uid) => victims.has(uid))).toBe(false);
  });

  it("G6: the same referral with consent given, withdrawn, refused, and to the other society", () => {
    for (const name of ["ngoGiven", "ngoWithdrawn", "ngoRefused"] as const)
      expect(to(name, MWPS)).toMatchObject([
        { status: "ACCEPTED", purpose: "SHELTER_CARE", grantedGroups: ["IDENTITY_CORE", "SERVICES_PLAN"] },
      ]);
    expect(consentFor("ngoGiven", MWPS)).toMatchObject([{ status: "GIVEN" }]);
    expect(consentFor("ngoWithdrawn", MWPS)).toMatchObject([{ status: "WITHDRAWN" }]);
    expect(consentFor("ngoRefused", MWPS)).toMatchObject([{ status: "REFUSED" }]);
    expect([to("ngoOther", MWPS).length, to("ngoOther", AMAN).length]).toEqual([0, 1]);
  });

  it("G7, G15: a sheltered victim, a named reporter whom the police may not see", () => {
    expect(content("policeReferred")).toMatchObject({ sheltered: true, report: { anonymous: false } });
    expect(content("policeReferred").report.reporter).not.toBeNull();
    const [police] = to("policeReferred", "BH/GOV/MOI/atd");
    expect(police!.grantedGroups).toEqual([
      "CASE_HEADER",
      "SCREENING",
      "EXPLOITATION_DETAIL",
      "IDENTITY_CORE",
      "DEMOGRAPHICS",
    ]);
  });

  it("G8: before and after the charge", () => {
    expect(cases.beforeCharge.spine.overlays).toMatchObject({ charged: false, courtGroups: [] });
    expect(cases.afterCharge.spine.overlays.charged).toBe(true);
    expect(cases.afterCharge.spine.overlays.courtGroups).toContain("SCREENING");
  });

  it("G11: nationals of two countries, each with their own embassy", () => {
    expect([cases.indianNational.victim.nationality, cases.filipinoNational.victim.nationality]).toEqual([
      "IND",
      "PHL",
    ]);
    expect(cases.indianNational.spine.referrals.map((r) => r.to)).toEqual([INDIAN_EMBASSY]);
    expect(cases.filipinoNational.spine.referrals.map((r) => r.to)).toEqual([PHILIPPINE_EMBASSY]);
  });

  it("G13: a victim of sixteen", () => {
    expect(cases.child.spine.overlays.child).toBe(true);
    const row = [...tiny.epc.persons].find(({ uid }) => uid === cases.child.victim.uid)!;
    expect(row.isChild).toBe(true);
    expect([...tiny.iga.persons].some(({ cpr }) => cpr === cases.child.victim.cpr)).toBe(true);
    const ctx = createContext(tiny.seed, "tiny", false);
    expect(ageOn(person(ctx, cases.child.victim.n))).toBe(16);
    expect(cases.child.spine.parties[0]!.isChild).toBe(true);
  });

  it("G17: both read the header, the prosecution the trial as well", () => {
    const { trialProtected } = cases;
    expect(trialProtected.spine.tracks).toMatchObject({
      IDENTIFICATION: "PRESUMED",
      PROTECTION: "ASSISTED",
      JUSTICE: "TRIAL",
    });
    const [society] = to("trialProtected", MWPS);
    const [prosecution] = to("trialProtected", "BH/JUD/PPO/tip");
    expect(society!.grantedGroups).toContain("CASE_HEADER");
    expect(society!.grantedGroups).not.toContain("TRIAL_VERDICT");
    expect(prosecution!.grantedGroups).toEqual(expect.arrayContaining(["CASE_HEADER", "TRIAL_VERDICT"]));
  });

  it("overlays: a suspect at the police, a conflicted member of staff, a sealed trial with verdicts", () => {
    expect(cases.overlays.spine.overlays).toMatchObject({
      officialSuspect: ["BH/GOV/MOI/atd"],
      staffConflict: ["ngo-mwps-caseworker-2"],
    });
    const court = [...tiny.crt.cases].find(({ courtNumber }) => courtNumber.includes("00006"))!;
    const trial = [...tiny.crt.trials].find(({ courtNumber }) => courtNumber === court.courtNumber)!;
    expect(trial.sealed).toBe(true);
    expect(trial.verdicts.length).toBeGreaterThan(0);
    expect(cases.sealed.spine.overlays.sealed).toBe(true);
  });

  it("referrals in every state and a consent that ran out", () => {
    expect(cases.referralStates.spine.referrals.map(({ status }) => status)).toEqual([
      "DONE",
      "REVOKED",
      "EXPIRED",
      "SENT",
      "ACCEPTED",
      "ACCEPTED",
    ]);
    expect(consentFor("referralStates", AMAN)[0]!.validUntil! < "2026").toBe(true);
    expect(to("referralStates", "BH/GOV/LMRA/labour")[0]!.expiresAt < "2026").toBe(true);
  });

  it("labour-only, merged, closed and related cases", () => {
    expect(content("labourOnly").screening!.outcome).toBe("LABOUR_VIOLATION_ONLY");
    expect(cases.merged.spine).toMatchObject({ mergedInto: cases.ngoGiven.uid, closureReason: "DUPLICATE" });
    expect(cases.merged.victim.uid).toBe(cases.ngoGiven.victim.uid);
    expect(cases.closed.spine.closedAt).not.toBeNull();
    expect(cases.closed.spine.tracks.JUSTICE).toBe("FINAL");
    expect(cases.related.spine.relatedCases).toEqual([cases.overview.uid]);
    expect([...tiny.crt.employers]).toHaveLength(1);
    expect([...tiny.crt.persons].some(({ deportationOrder }) => deportationOrder !== null)).toBe(true);
  });

  it("README: the overview has rows at all twelve agencies", () => {
    const { spine, victim } = cases.overview;
    const links = [...tiny.links()];
    const of = (uid: string) => links.filter((link) => link.uid === uid).map(({ agency }) => agency);
    const staff = new Set(spine.assignments.map(({ staffId }) => staffId));
    const trained = [...tiny.staff].filter((row) => staff.has(row.staffId)).flatMap(({ uid }) => of(uid));
    const abroad = spine.referrals.flatMap(({ uid }) => of(uid));
    const all = new Set([
      "EPC",
      ...of(spine.uid),
      ...of(victim.uid),
      ...of(spine.parties[0]!.uid),
      ...abroad,
      ...trained,
    ]);
    expect([...all].sort()).toEqual([
      "CRT",
      "EPC",
      "EXT",
      "IGA",
      "LMRA",
      "MOI",
      "MOSD",
      "NCC",
      "NGO",
      "NPRA",
      "PPO",
      "RTC",
    ]);
  });
});

describe("staff", () => {
  it("exist for every role at every member, and somebody can be asked with", async () => {
    const domain = JSON.parse(await readFile(join(PACKAGE_ROOT, "schema/domain.json"), "utf8"));
    const roles: string[] = domain.roles.map(({ id }: { id: string }) => id);
    expect(roles).toHaveLength(37);
    for (const { agency, address } of MEMBERS)
      for (const role of [
        ...roles.filter((id) => id.startsWith(`${agency}.`)),
        `${agency}.securityOfficer`,
      ]) {
        expect(cast.staffOf(role, address)).toHaveLength(3);
        expect(cast.firstWithWork(role, address).role).toBe(role);
      }
    expect(() => cast.firstWithWork("XYZ.nobody")).toThrow(RangeError);
  });

  it.each([
    ["EPC.caseWorker", "epc-caseWorker-1"],
    ["EPC.shelterManager", "epc-shelterManager-1"],
    ["MOI.investigator", "moi-investigator-1"],
    ["PPO.chief", "ppo-chief-1"],
    ["CRT.judge", "crt-judge-1"],
    ["LMRA.inspector", "lmra-inspector-1"],
    ["NGO.caseworker", "ngo-mwps-caseworker-1"],
    ["NGO.legal", "ngo-mwps-legal-1"],
    ["NCC.fundOfficer", "ncc-fundOfficer-1"],
    ["EXT.consul", "ext-in-consul-1"],
    ["EXT.foreignNrm", "ext-jo-foreignNrm-1"],
  ])("%s with work is %s", (role, staffId) => {
    expect(cast.firstWithWork(role).staffId).toBe(staffId);
    const onCases = [...tiny.epc.spine].flatMap(({ assignments }) => assignments.map((row) => row.staffId));
    expect(onCases).toContain(staffId);
  });

  it("leave somebody of each receiving role off every case of the cast", () => {
    const onCases = new Set(
      [...tiny.epc.spine].flatMap(({ assignments }) => assignments.map((row) => row.staffId)),
    );
    for (const id of ["ngo-mwps-caseworker-3", "moi-investigator-3", "epc-caseWorker-3"])
      expect(onCases.has(id)).toBe(false);
  });

  it("hold certificates, one of which has lapsed", () => {
    expect(cast.staffWithCertificates("NGO.caseworker", ["INTERVIEW_CHILD"])!.staffId).toBe(
      "ngo-mwps-caseworker-2",
    );
    expect(cast.staffWithCertificates("EPC.screener", ["SCREENING_L1"])!.staffId).toBe("epc-screener-1");
    expect(cast.staffWithCertificates("EPC.screener", ["SCREENING_L1", "DATA_PROTECTION"])).toBeUndefined();
    const lapsed = [...tiny.rtc.certificates].filter(({ validUntil }) => validUntil < "2026");
    expect(lapsed).toMatchObject([{ skill: "SCREENING_L1" }]);
  });
});
