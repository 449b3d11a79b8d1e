/** A draft beside the policies in force: what differs is told, and what is decided stays what it was. */
import { expect, it } from "vitest";
import type { AgencyCode, Coordinate } from "../../src/kernel/brands.ts";
import { foldFacts } from "../../src/policy/facts.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import { type ShadowDifference, ShadowedPolicies } from "../../src/policy/shadow.ts";
import type { Profile, Verdict } from "../../src/policy/verdict.ts";
import { shippedPolicies } from "./shipped.ts";
import { policyText, variantPolicies } from "./variant.ts";

const shipped = await shippedPolicies();
const FOLDING = { domain: shipped.domain, now: 1000 };
const NONE: ReadonlySet<string> = new Set();
const caseworker = {
  agency: "NGO" as AgencyCode,
  role: "NGO.caseworker",
  purpose: "SHELTER_CARE",
  certificates: NONE,
};
const inspector = {
  agency: "LMRA" as AgencyCode,
  role: "LMRA.inspector",
  purpose: "LABOUR_INSPECTION",
  certificates: NONE,
};
const CONSENTED = "when { action in resource.access.granted && action in resource.access.consented };";

const draft = await variantPolicies({
  edit: {
    "ngo/care.cedar": [CONSENTED, "when { action in resource.access.granted };"],
    "ngo/claims.cedar": [
      '[Purpose::"LEGAL_AID", Purpose::"REDRESS"]',
      '[Purpose::"LEGAL_AID", Purpose::"SHELTER_CARE"]',
    ],
  },
  add: [
    policyText(
      "LMRA.none",
      'forbid (principal in Agency::"LMRA", action == Action::"Worker.employer", resource);',
      "R7",
      "LMRA",
    ),
    policyText(
      "NGO.charged",
      'forbid (principal in Agency::"NGO", action == Action::"Person.nameLatin", resource) when { resource.access.charged };',
    ),
  ].join("\n"),
});

function shadowed(inForce: PolicySet, other: PolicySet) {
  const heard: ShadowDifference[] = [];
  const policies = new ShadowedPolicies(inForce, other, (difference) => void heard.push(difference));
  return { policies, heard };
}

const question = (coordinate: string, caseBound = true) => ({
  coordinate: coordinate as Coordinate,
  caseBound,
});

it("tells a field that is settled otherwise, once for each request that its plan answers", () => {
  const { policies, heard } = shadowed(shipped, draft);
  const plan = {};
  const first = policies.profile(inspector);
  expect(first.key).toBe(shipped.profile(inspector).key);
  const asked = question("Worker.employer", false);
  expect(first.verdict(asked)).toBe(shipped.profile(inspector).verdict(asked));
  first.verdict(question("Worker.wagePayments", false));
  expect(heard).toEqual([]);
  policies.asked(first, plan);
  const told = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION", coordinate: "Worker.employer" };
  const narrower = { ...told, kind: "narrower", seenIn: "request" };
  expect(heard).toEqual([narrower]);
  // The plan is kept: the next request asks for no verdict.
  policies.asked(policies.profile(inspector), plan);
  expect(heard).toEqual([narrower, narrower]);
});

it("compares rows, and gives each the decision in force", () => {
  const { policies, heard } = shadowed(shipped, draft);
  const asked = question("SupportPlan.type");
  const [mine, theirs] = [
    policies.profile(caseworker).verdict(asked),
    shipped.profile(caseworker).verdict(asked),
  ];
  const referral = {
    status: "ACCEPTED",
    expiresAt: 2000,
    purpose: "SHELTER_CARE",
    groups: ["SERVICES_PLAN"],
  };
  const facts = foldFacts({ caseBound: true, referrals: [referral] }, caseworker, FOLDING);
  if (mine.kind !== "residual" || theirs.kind !== "residual") throw new Error("a row decides");
  expect(mine.reads).toEqual(theirs.reads);
  expect(mine.decide(facts, false)).toBe(theirs.decide(facts, false));
  expect(heard).toEqual([
    expect.objectContaining({ coordinate: "SupportPlan.type", kind: "wider", seenIn: "row" }),
  ]);
  const unknown = foldFacts({ caseBound: true }, caseworker, FOLDING);
  expect(mine.decide(unknown, false)).toBe(theirs.decide(unknown, false));
  expect(heard).toHaveLength(1);
});

it("compares no row by facts that nobody asked for", () => {
  const { policies, heard } = shadowed(shipped, draft);
  const profile = policies.profile(caseworker);
  const asked = question("Person.nameLatin");
  expect(reads(shipped.profile(caseworker).verdict(asked))).not.toContain("charged");
  expect(profile.verdict(asked)).toBe(shipped.profile(caseworker).verdict(asked));
  policies.asked(profile, {});
  expect(heard).toEqual([expect.objectContaining({ coordinate: "Person.nameLatin", kind: "depends" })]);
});

it("tells purposes that may be claimed under one of the two alone, and refuses as before", () => {
  const { policies, heard } = shadowed(shipped, draft);
  const legal = { ...caseworker, role: "NGO.legal" };
  expect(() => policies.profile({ ...legal, purpose: "SHELTER_CARE" })).toThrow("does not hold the purpose");
  const kept: Profile = policies.profile({ ...legal, purpose: "REDRESS" });
  expect(kept).toBe(shipped.profile({ ...legal, purpose: "REDRESS" }));
  policies.asked(kept, {});
  expect(heard.map(({ purpose, coordinate, kind }) => [purpose, coordinate, kind])).toEqual([
    ["SHELTER_CARE", null, "wider"],
    ["REDRESS", null, "narrower"],
  ]);
});

it("tells nothing of policies that decide alike", () => {
  const { policies, heard } = shadowed(shipped, shipped);
  for (const reader of [caseworker, inspector]) {
    const profile = policies.profile(reader);
    for (const coordinate of shipped.domain.fields.keys())
      for (const caseBound of [true, false]) {
        const verdict = profile.verdict(question(coordinate, caseBound));
        if (verdict.kind === "residual") verdict.decide(foldFacts({ caseBound }, reader, FOLDING), false);
      }
    policies.asked(profile, {});
  }
  expect(heard).toEqual([]);
});

const reads = (verdict: Verdict): readonly string[] =>
  verdict.kind === "residual" ? [...verdict.reads] : [];
