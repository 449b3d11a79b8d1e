/** The shipped policies are the decision procedure: its worked examples, every combination that matters, random ones. */
import { beforeAll, describe, expect, it } from "vitest";
import { decideQuestion } from "../../src/policy/decide.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import { type OracleQuestion, type OracleRow, oracle, oracleTables } from "../support/rules-oracle.ts";
import { type Seeded, seeded, testSeed } from "../support/seeded.ts";
import { shippedPolicies } from "./shipped.ts";

const RANDOM_QUESTIONS = 200_000;

let policies: PolicySet;
beforeAll(async () => {
  policies = await shippedPolicies();
});

function expectAgreement(question: OracleQuestion, note = ""): void {
  const { effect, reason } = decideQuestion(policies, question);
  const right = oracle(question);
  if (effect !== right.effect || reason !== right.reason) {
    expect({ effect, reason }, `${note} ${JSON.stringify(question)}`).toEqual(right);
  }
}

describe("the worked examples of the procedure", () => {
  const ref = (purpose: string, groups: string[], status = "ACCEPTED") => ({
    referrals: [{ status, expiresAt: 2000, purpose, groups }],
  });
  const con = (status: string, agency: string, ...groups: string[]) => ({
    consents: [{ status, validUntil: 2000, recipients: [agency], groups }],
  });
  const glass = { breakGlass: { until: 1060 } };
  const NGO = "NGO.caseworker SHELTER_CARE";
  const POLICE = "MOI.investigator CRIMINAL_INVESTIGATION";
  const EMERGENCY = "EPC.caseWorker EMERGENCY_PROTECTION";
  const JUDGE = "CRT.judge ADJUDICATION";

  it.each<[number, string, string, OracleRow, string]>([
    [1, NGO, "Case.id", ref("SHELTER_CARE", ["SERVICES_PLAN"]), "ALLOW R3"],
    [2, NGO, "Case.nrmNumber", ref("SHELTER_CARE", ["SERVICES_PLAN"]), "HIDE R3"],
    [3, NGO, "Screening.outcome", ref("SHELTER_CARE", ["SERVICES_PLAN"]), "DENY R3"],
    [4, NGO, "SupportPlan.type", ref("SHELTER_CARE", ["SERVICES_PLAN"], "DONE"), "HIDE R3"],
    [
      5,
      NGO,
      "SupportPlan.type",
      {
        ...ref("SHELTER_CARE", ["SERVICES_PLAN"]),
        ...con("REFUSED", "NGO", "SERVICES_PLAN"),
        basis: "LEGAL_DUTY",
      },
      "DENY R3",
    ],
    [
      6,
      POLICE,
      "Screening.findings",
      {
        ...ref("CRIMINAL_INVESTIGATION", ["SCREENING"]),
        ...con("REFUSED", "MOI", "SCREENING"),
        basis: "COURT_ORDER",
      },
      "ALLOW R7",
    ],
    [7, EMERGENCY, "SupportPlan.type", { ...glass, ...con("REFUSED", "EPC", "SERVICES_PLAN") }, "DENY R3"],
    [8, "NGO.caseworker EMERGENCY_PROTECTION", "SupportPlan.type", { ...glass, child: true }, "HIDE R10"],
    [9, EMERGENCY, "Case.nrmNumber", { ...glass, staffConflict: true }, "HIDE R12"],
    [
      10,
      "LMRA.inspector LABOUR_INSPECTION",
      "Worker.employer",
      con("REFUSED", "LMRA", "EMPLOYMENT"),
      "ALLOW R12",
    ],
    [
      11,
      "LMRA.inspector LABOUR_INSPECTION",
      "Case.stage",
      { ...ref("LABOUR_INSPECTION", ["CASE_HEADER"]), child: true },
      "HIDE R7",
    ],
    [
      12,
      POLICE,
      "Person.mobilePhone",
      { ...ref("CRIMINAL_INVESTIGATION", ["CONTACT"]), staffConflict: true },
      "DENY R7",
    ],
    [
      13,
      POLICE,
      "Person.nameAr",
      { ...ref("CRIMINAL_INVESTIGATION", ["IDENTITY_CORE"]), caseBound: false },
      "DENY R7",
    ],
    [14, "NCC.statistician STATISTICS_REPORTING", "Person.gender", { staffConflict: true }, "AGGREGATE R13"],
    [14, "NCC.statistician STATISTICS_REPORTING", "Case.sheltered", { staffConflict: true }, "HIDE R13"],
    [15, "NPRA.residenceOfficer STATUS_REGULARISATION", "Person.travelOrder", {}, "MASK R4"],
    [15, "NPRA.residenceOfficer IMMIGRATION_ENFORCEMENT", "Person.travelOrder", {}, "HIDE R4"],
    [16, JUDGE, "HealthAssessment.physical", { charged: true, courtGroups: ["HEALTH_PSYCH"] }, "DENY R8"],
    [
      17,
      JUDGE,
      "Screening.outcome",
      { charged: true, courtGroups: ["SCREENING"], ...con("REFUSED", "CRT", "SCREENING") },
      "ALLOW R11",
    ],
    [
      18,
      POLICE,
      "Verdict.defendant",
      { ...ref("CRIMINAL_INVESTIGATION", ["TRIAL_VERDICT"]), sealed: true },
      "DENY R7",
    ],
    [
      18,
      POLICE,
      "Verdict.outcome",
      { ...ref("CRIMINAL_INVESTIGATION", ["TRIAL_VERDICT"]), sealed: true },
      "ALLOW R7",
    ],
    [
      19,
      "EXT.consul CONSULAR_ASSISTANCE",
      "Person.nameLatin",
      {
        ...ref("CONSULAR_ASSISTANCE", ["IDENTITY_CORE"]),
        ...con("GIVEN", "EXT", "IDENTITY_CORE"),
        child: true,
        certificates: ["INTERVIEW_CHILD"],
      },
      "DENY R10",
    ],
    [20, "EPC.dataSteward SYSTEM_OPERATION", "Consent.status", {}, "ALLOW R12"],
  ])("example %i: %s asks %s", (_, reader, field, row, expected) => {
    const [role, purpose] = reader.split(" ") as [string, string];
    const question = { agency: role.split(".")[0]!, role, purpose, field, row };
    const answer = decideQuestion(policies, question);
    expect(`${answer.effect} ${answer.reason}`).toBe(expected);
    expectAgreement(question);
  });
});

it("agrees with the procedure on every role, purpose and kind of field, in every situation of a case", () => {
  const fields = kindsOfField();
  for (const { id: role, purposes } of oracleTables.roles) {
    const agency = role.split(".")[0]!;
    for (const purpose of purposes) {
      for (const { field, group } of fields) {
        for (const row of situations(agency, purpose, group))
          expectAgreement({ agency, role, purpose, field, row });
      }
    }
  }
}, 120_000);

it(`agrees with the procedure on ${RANDOM_QUESTIONS} random questions`, () => {
  const dice = seeded(testSeed());
  console.info(`policy questions: seed ${dice.seed}`);
  const fieldsOf = Map.groupBy(oracleTables.fields, ({ group }) => group);
  for (let i = 0; i < RANDOM_QUESTIONS; i++)
    expectAgreement(randomQuestion(dice, fieldsOf), `seed ${dice.seed}`);
}, 120_000);

it("refuses what it does not know, and purposes that the role does not hold", () => {
  const question = {
    agency: "NGO",
    role: "NGO.caseworker",
    purpose: "SHELTER_CARE",
    field: "Case.id",
    row: {},
  };
  for (const change of [
    { field: "Case.unknown" },
    { role: "NGO.nurse" },
    { role: "NGO.securityOfficer", purpose: "AUDIT_OVERSIGHT" },
    { agency: "EPC" },
    { purpose: "PROSECUTION" },
    { purpose: "NONSENSE" },
  ]) {
    const answer = decideQuestion(policies, { ...question, ...change });
    expect(answer).toEqual({ effect: "DENY", level: null, policies: [], reason: null, obligations: [] });
    expectAgreement({ ...question, ...change });
  }
});

/** One field of each (group, class), and every field that a rule names. */
function kindsOfField(): { field: string; group: string }[] {
  const listed = new Set(oracleTables.masks.flatMap((mask) => mask.fields));
  const kinds = new Map<string, { field: string; group: string }>();
  for (const { type, field: name, group, cls } of oracleTables.fields) {
    const field = `${type}.${name}`;
    const special = listed.has(field) || name === "id" || field === "Verdict.defendant";
    kinds.set(special ? field : `${group} ${cls}`, { field, group });
  }
  return [...kinds.values()];
}

function situations(agency: string, purpose: string, group: string): OracleRow[] {
  const referral = { status: "ACCEPTED", expiresAt: 2000, purpose, groups: [group] };
  const given = { status: "GIVEN", validUntil: 2000, recipients: [agency], groups: [group] };
  const refused = { ...given, status: "REFUSED" };
  const relations: OracleRow[] = [
    {},
    { own: true },
    { owner: true },
    { referrals: [referral] },
    { referrals: [{ ...referral, groups: [] }] },
    { referrals: [{ ...referral, expiresAt: 1000 }] },
    { referrals: [referral], consents: [given] },
    { referrals: [referral], consents: [given, refused] },
    { charged: true, courtGroups: [group] },
    { charged: true },
    { breakGlass: { until: 1001 } },
  ];
  const overlays: OracleRow[] = [
    {},
    { child: true },
    { child: true, certificates: ["INTERVIEW_CHILD"], basis: "CHILD_INTEREST" },
    { sealed: true },
    { staffConflict: true },
    { assigned: false },
    { caseBound: false, child: true, officialSuspect: true },
    { caseBound: false },
  ];
  return relations.flatMap((relation) => overlays.map((overlay) => ({ ...relation, ...overlay })));
}

function randomQuestion(
  dice: Seeded,
  fieldsOf: Map<string, (typeof oracleTables.fields)[number][]>,
): OracleQuestion {
  const { pick, chance } = dice;
  const groups = Object.keys(oracleTables.matrix);
  const { id: role, purposes } = pick(oracleTables.roles);
  const agency = role.split(".")[0]!;
  const purpose = pick(purposes);
  const group = pick(groups);
  const { type, field } = pick(fieldsOf.get(group)!);
  const some = () => [...(chance(0.7) ? [group] : []), ...(chance(0.3) ? [pick(groups)] : [])];
  const flags = (names: (keyof OracleRow)[], asked: number, yes: number) =>
    Object.fromEntries(names.filter(() => chance(asked)).map((name) => [name, chance(yes)]));
  const row: OracleRow = {
    ...flags(["caseBound"], 0.2, 0.5),
    ...flags(["own", "charged"], 0.6, 0.6),
    ...flags(["owner", "assigned", "child", "sealed"], 0.3, 0.5),
    ...flags(["officialSuspect", "staffConflict"], 0.15, 0.5),
    courtGroups: some(),
    certificates: chance(0.3) ? [pick(["INTERVIEW_CHILD", "SAFEGUARDING"])] : [],
    referrals: Array.from({ length: dice.integer(0, 2) }, () => ({
      status: chance(0.8) ? "ACCEPTED" : pick(["DONE", "SENT", "REVOKED"]),
      expiresAt: chance(0.85) ? 2000 : pick([999, 1000, 1001]),
      purpose: chance(0.85) ? purpose : pick(["REDRESS", "PROSECUTION"]),
      groups: some(),
    })),
    consents: Array.from({ length: dice.integer(0, 2) }, () => ({
      status: chance(0.65) ? "GIVEN" : pick(["REFUSED", "WITHDRAWN", "EXPIRED"]),
      validUntil: chance(0.85) ? 2000 : pick([999, 1000, 1001]),
      recipients: chance(0.85) ? [agency] : [pick(oracleTables.order)],
      groups: some(),
    })),
    ...(chance(0.4) && {
      basis: pick(["CONSENT", "LEGAL_DUTY", "VITAL_INTEREST", "COURT_ORDER", "CHILD_INTEREST"]),
    }),
    ...(chance(0.4) && { breakGlass: { until: pick([0, 1000, 1001, 1060]) } }),
  };
  return { agency, role, purpose, field: `${type}.${field}`, row };
}
