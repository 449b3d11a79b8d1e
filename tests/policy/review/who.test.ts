/** `policy who` and `policy matrix`: what is said to be never, sometimes or always so is so, on random questions too. */
import { expect, it } from "vitest";
import { decideQuestion } from "../../../src/policy/decide.ts";
import { accessMatrix, fieldsCsv, groupsCsv } from "../../../src/policy/review/matrix.ts";
import { readerName } from "../../../src/policy/review/names.ts";
import { whoSees } from "../../../src/policy/review/who.ts";
import { whoText } from "../../../src/policy/review/who-text.ts";
import { seeded, testSeed } from "../../support/seeded.ts";
import { randomQuestion } from "../random-question.ts";
import { shippedPolicies } from "../shipped.ts";
import { policyText, variantPolicies } from "../variant.ts";

const policies = await shippedPolicies();
const field = (coordinate: string) => policies.domain.fields.get(coordinate)!;

it("says who sees a field when, by which policies, and who never does", async () => {
  const { seeing, never } = await whoSees(policies, field("SupportPlan.type"));
  const society = seeing.find(({ readers }) => readers.map(readerName).includes("NGO.legal, LEGAL_AID"));
  expect(society).toMatchObject({
    caseBound: true,
    effect: "ALLOW",
    when: "sometimes",
    permits: [
      {
        policy: "NGO.help",
        conditions: ["a referral grants SERVICES_PLAN", "the person agreed to SERVICES_PLAN"],
      },
    ],
  });
  expect(society?.forbids.map(({ policy }) => policy)).toEqual(["clean-team", "refused", "child"]);
  expect(never.map(({ role }) => role)).toEqual(
    expect.arrayContaining(["IGA.registrar", "NPRA.portOfficer"]),
  );
  expect(never.map(({ role }) => role)).not.toContain("NGO.legal");
}, 60_000);

it("says it in words, also of what is always open and of what needs no case", async () => {
  const text = whoText(await whoSees(policies, field("Worker.employer")));
  expect(text).toContain("Read without a case\n");
  expect(text).toMatch(
    /LMRA\.inspector \(LABOUR_INSPECTION, PREVENTIVE_MONITORING\).*: ALLOW always \(LMRA\.\S+\)/,
  );
  expect(text).toMatch(/\nNever\n.*IGA\.registrar \(SYSTEM_OPERATION\)/);
}, 60_000);

it("counts nobody who would need what cannot be", async () => {
  const changed = await variantPolicies({
    add: policyText(
      "NGO.impossible",
      'permit (principal in Agency::"NGO", action in Action::"IDENTIFIERS:clear", resource) when { resource.access.holder && !resource.access.party };',
    ),
  });
  const { seeing, never } = await whoSees(changed, changed.domain.fields.get("Person.cpr")!);
  expect(seeing.flatMap(({ readers }) => readers.map(({ agency }) => agency))).not.toContain("NGO");
  expect(never.map(({ role }) => role)).toContain("NGO.caseworker");
}, 60_000);

it("exports an access review that random questions agree with", async () => {
  const matrix = await accessMatrix(policies);
  const { domain } = policies;
  expect(new Set(matrix.groups.map(({ agency }) => agency))).toEqual(new Set(domain.agencies));
  const staff = matrix.fields.filter(({ role }) => domain.roles.has(role));
  const claimed = [...domain.roles.values()].reduce((sum, purposes) => sum + purposes.size, 0);
  expect(staff.filter(({ certificates }) => certificates.length === 0).length).toBe(
    claimed * domain.fields.size,
  );
  const rows = new Map(
    staff.map((row) => [[row.role, row.purpose, row.field, ...row.certificates].join(" "), row]),
  );
  const order = ["ALLOW", "MASK", "AGGREGATE", "DENY", "HIDE"];
  const dice = seeded(testSeed());
  for (let i = 0; i < 20_000; i++) {
    const question = randomQuestion(dice, domain);
    const key = [question.role, question.purpose, question.field].join(" ");
    const row = rows.get([key, ...(question.row?.certificates ?? [])].join(" ")) ?? rows.get(key);
    const best = question.row?.caseBound === false ? row!.withoutCase : row!.inCase;
    const { effect } = decideQuestion(policies, question);
    const label = `seed ${dice.seed} ${JSON.stringify({ question, best })}`;
    expect(order.indexOf(effect), label).toBeGreaterThanOrEqual(order.indexOf(best.effect));
    if (best.when === "always") expect(effect, label).toBe(best.effect);
  }
  const [header, ...lines] = groupsCsv(matrix).trimEnd().split("\r\n");
  expect(header).toBe("agency,group,effect,when,clear,masked,aggregate,closed,roles");
  expect(lines).toContain(
    "MOI,SHELTER_PLACEMENT,MASK,sometimes,0,1,0,11,MOI.investigator MOI.officer MOI.supervisor",
  );
  expect(lines).toContain("NPRA,CASE_HEADER,HIDE,always,0,0,0,36,");
  expect(fieldsCsv(matrix).trimEnd().split("\r\n")).toContain(
    "NPRA,NPRA.residenceOfficer,IMMIGRATION_ENFORCEMENT,,Person.travelOrder,SUSPECT,S3,HIDE,,always,HIDE,,always",
  );
}, 120_000);
