/** `policy prove`: what ships keeps every invariant; what breaks one is found, and the engine agrees with the case shown. */
import { expect, it } from "vitest";
import { type DecideQuestion, decideQuestion } from "../../../src/policy/decide.ts";
import { problemText } from "../../../src/policy/problem.ts";
import { parseInvariants, readInvariants } from "../../../src/policy/prove/invariants.ts";
import { proofText } from "../../../src/policy/prove/proof-text.ts";
import { proveInvariants } from "../../../src/policy/prove/prove.ts";
import { questionOf } from "../../../src/policy/review/finding-text.ts";
import { seeded, testSeed } from "../../support/seeded.ts";
import { randomQuestion } from "../random-question.ts";
import { POLICIES_DIR, shippedPolicies } from "../shipped.ts";
import { policyText, variantPolicies } from "../variant.ts";

const policies = await shippedPolicies();
const { invariants, problems } = await readInvariants(POLICIES_DIR, policies.domain);
const named = (...ids: string[]) => invariants.filter(({ id }) => ids.includes(id));

it("proves every invariant of what ships", async () => {
  expect(problems).toEqual([]);
  expect(invariants.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      "wall",
      "reporter",
      "shelter",
      "abroad",
      "committee",
      "firewall",
      "suspects",
      "health",
    ]),
  );
  const proofs = await proveInvariants(policies, invariants);
  for (const { invariant, cases, breaches } of proofs) {
    expect(breaches, invariant.id).toEqual([]);
    expect(cases, invariant.id).toBeGreaterThan(0);
  }
}, 120_000);

type Breaks = (question: DecideQuestion, group: string, effect: string) => boolean;
const sees = (effect: string) => effect === "ALLOW";

/** The invariants once more, as a test of one answer: written down here apart from the prover. */
const CONCRETE: Readonly<Record<string, Breaks>> = {
  shelter: ({ agency, row }, group, effect) =>
    group === "SHELTER_PLACEMENT" && !["EPC", "MOSD"].includes(agency) && !row?.own && sees(effect),
  reporter: ({ agency, row }, group, effect) =>
    group === "REPORT_SOURCE" &&
    !["EPC", "MOI", "PPO"].includes(agency) &&
    !row?.own &&
    (sees(effect) || effect === "MASK"),
  committee: ({ agency }, group, effect) =>
    agency === "NCC" &&
    ["IDENTITY_CORE", "IDENTIFIERS", "CONTACT"].includes(group) &&
    (sees(effect) || effect === "MASK"),
  suspects: ({ agency }, group, effect) =>
    group === "SUSPECT" && !["MOI", "PPO", "CRT"].includes(agency) && sees(effect),
  health: ({ agency, row }, group, effect) =>
    group === "HEALTH_PSYCH" &&
    agency !== "EPC" &&
    sees(effect) &&
    !(row?.consents ?? []).some(({ status, groups }) => status === "GIVEN" && groups?.includes(group)),
};

it("finds no random case against what it proved", () => {
  const dice = seeded(testSeed());
  const groups = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const question = randomQuestion(dice, policies.domain);
    const group = policies.domain.fields.get(question.field)?.group ?? "";
    groups.add(group);
    const { effect } = decideQuestion(policies, question);
    const broken = Object.entries(CONCRETE).filter(([, breaks]) => breaks(question, group, effect));
    expect(
      broken.map(([id]) => id),
      `seed ${dice.seed} ${JSON.stringify(question)}`,
    ).toEqual([]);
  }
  expect(groups.size).toBe(policies.domain.groups.size);
});

const SHELTER_ON_PARTY = policyText(
  "NGO.too-much",
  'permit (principal in Agency::"NGO", action in Action::"SHELTER_PLACEMENT:clear", resource) when { resource.access.party && resource.access.charged };',
);

it.each([
  ["a permit that opens too much", "shelter", { add: SHELTER_ON_PARTY }],
  [
    "break-glass added to a closed group",
    "health",
    {
      add: policyText(
        "NGO.too-much",
        'permit (principal in Role::"NGO.caseworker", action in Action::"HEALTH_PSYCH:clear", resource) when { context.purpose == Purpose::"EMERGENCY_PROTECTION" };',
      ),
    },
  ],
  [
    "a consent that is not asked for any more",
    "health",
    {
      edit: {
        "ngo/care.cedar": [
          'action in Action::"HEALTH_PSYCH:clear",\n  resource\n)\nwhen { action in resource.access.granted && action in resource.access.consented };',
          'action in Action::"HEALTH_PSYCH:clear",\n  resource\n)\nwhen { action in resource.access.granted };',
        ],
      } as const,
    },
  ],
  [
    "a mask that shows a name",
    "committee",
    {
      add: policyText(
        "NCC.too-much",
        'permit (principal in Agency::"NCC", action == Action::"Person.cpr:lastDigits", resource) when { resource.access.assigned };',
      ),
    },
  ],
])(
  "shows what %s makes possible",
  async (_, id, change) => {
    const changed = await variantPolicies(change);
    const [proof] = await proveInvariants(changed, named(id));
    const [breach] = proof?.breaches ?? [];
    expect(breach).toBeDefined();
    const { fields, answer } = breach!;
    for (const field of fields) {
      const { group } = field;
      const question = questionOf({ ...breach!, field });
      const found = decideQuestion(changed, question);
      expect(found.effect).toBe(answer.effect);
      expect(CONCRETE[id]!(question, group, found.effect)).toBe(true);
      expect(decideQuestion(policies, question).effect).not.toBe(found.effect);
    }
  },
  60_000,
);

it("shows the smallest such situation, in words", async () => {
  const [proof] = await proveInvariants(await variantPolicies({ add: SHELTER_ON_PARTY }), named("shelter"));
  const [breach] = proof!.breaches;
  expect(proofText(proof!).split("\n").slice(1, 5)).toEqual([
    "       - ALLOW of Case.shelterStays, ShelterStay.facility, ShelterStay.admittedOn, ShelterStay.leftOn, ShelterStay.securityPlan, Facility.name and 6 more (NGO.too-much)",
    expect.stringMatching(/^ {9}for NGO\.caseworker \(.*EMERGENCY_PROTECTION/),
    "         when a referral to NGO for this purpose is in force and grants nothing, and the case came to charges",
    `         ${JSON.stringify(questionOf(breach!))}`,
  ]);
}, 60_000);

it("finds that a national rule is gone", async () => {
  const when = "when { resource.access.officialSuspect || resource.access.staffConflict };";
  const changed = await variantPolicies({
    edit: { "baseline.cedar": [when, "when { resource.access.officialSuspect };"] },
  });
  const [kept, broken] = await proveInvariants(
    changed,
    named("clean-team", "conflict").toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  );
  expect(kept?.breaches).toEqual([]);
  expect(broken?.breaches.length).toBeGreaterThan(0);
  for (const { situation } of broken!.breaches) expect(situation.row.staffConflict).toBe(true);
}, 60_000);

it("does not take an invariant for proved that speaks of nobody, or that cannot be read", async () => {
  const text = (rest: string) => `- { id: a, title: t, because: R2, never: ALLOW, ${rest} }`;
  const parse = (rest: string) => parseInvariants({ file: "i.yaml", text: text(rest) }, policies.domain);
  const nobody = parse("fields: [SHELTER_PLACEMENT], agencies: [NGO], roles: [EPC.nurse]");
  const [proof] = await proveInvariants(policies, nobody.invariants);
  expect(proof?.cases).toBe(0);
  expect(proofText(proof!)).toBe("FAIL a: it speaks of no reader\n");
  expect(parse("fields: [SHELTER_PLACEMNT]").problems.map(problemText)).toEqual([
    "i.yaml:1:57: `SHELTER_PLACEMNT` is not known",
    "i.yaml:1:57: the invariant speaks of no field",
  ]);
  expect(parse("fields: [SHELTER_PLACEMENT], classes: [S0]").problems.map(problemText)).toEqual([
    "i.yaml:1:57: the invariant speaks of no field",
  ]);
});

it("finds what is shown without the obligation that an invariant asks for, or with a longer amount", async () => {
  const emergency = "ngo/emergency.cedar";
  for (const [from, to] of [
    [" REVIEW_WITHIN(72h)", ""],
    ["REVIEW_WITHIN(72h)", "REVIEW_WITHIN(96h)"],
  ] as const) {
    const lax = await variantPolicies({ edit: { [emergency]: [from, to] } });
    const [proof] = await proveInvariants(lax, named("emergency-owed"));
    expect(proof?.breaches.length).toBeGreaterThan(0);
    for (const breach of proof?.breaches ?? []) {
      const answer = decideQuestion(lax, questionOf(breach));
      expect(answer).toMatchObject({ effect: "ALLOW", policies: ["NGO.break-glass"] });
      expect(answer.obligations).not.toContain("REVIEW_WITHIN(72h)");
    }
  }
  const stricter = await variantPolicies({
    edit: { [emergency]: ["REVIEW_WITHIN(72h)", "REVIEW_WITHIN(24h)"] },
  });
  expect(await proveInvariants(stricter, named("emergency-owed"))).toMatchObject([{ breaches: [] }]);
}, 120_000);

it.each([
  ["without: WATERMARKS", "`WATERMARKS` is no obligation"],
  ["without: WATERMARK NO_EXPORT", "one obligation is named, no more"],
  ["without: WATERMARK, never: DENY", "nothing is owed where nothing is shown"],
])("refuses an invariant with %s", (text, problem) => {
  const file = `- { id: x, title: t, because: R1, ${text.includes("never") ? "" : "never: ALLOW, "}fields: [CONTACT], ${text} }\n`;
  const read = parseInvariants({ file: "invariants.yaml", text: file }, policies.domain);
  expect(read.problems.map(problemText).join()).toContain(problem);
});
