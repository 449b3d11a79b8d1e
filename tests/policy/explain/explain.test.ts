/** `policy explain`: the clause that failed is named with its values, and what would have to differ really differs. */
import { expect, it } from "vitest";
import { compilePolicyTexts } from "../../../src/policy/compile.ts";
import { type DecideQuestion, decideQuestion } from "../../../src/policy/decide.ts";
import { type Explanation, explain } from "../../../src/policy/explain/explain.ts";
import { explanationText } from "../../../src/policy/explain/explanation-text.ts";
import { nearestAnswers } from "../../../src/policy/explain/nearest.ts";
import { seeded, testSeed } from "../../support/seeded.ts";
import { randomQuestion } from "../random-question.ts";
import { DOMAIN, SCHEMA_TEXT, shippedPolicies } from "../shipped.ts";

const policies = await shippedPolicies();
const ask = (row: DecideQuestion["row"] = {}, change: Partial<DecideQuestion> = {}): DecideQuestion => ({
  agency: "NGO",
  role: "NGO.caseworker",
  purpose: "SHELTER_CARE",
  field: "SupportPlan.type",
  row,
  ...change,
});
const referral = { status: "ACCEPTED", expiresAt: 2000, purpose: "SHELTER_CARE", groups: ["SERVICES_PLAN"] };
const consent = { status: "GIVEN", validUntil: 2000, recipients: ["NGO"], groups: ["SERVICES_PLAN"] };

const clauses = ({ levels }: Explanation, policy: string) =>
  levels
    .flatMap(({ permits, forbids }) => [...permits, ...forbids])
    .find(({ id }) => id === policy)
    ?.clauses.map(({ holds, words, values }) => [holds, words, ...values].join(" | "));

it("names the clause of the permit that failed, and its values", () => {
  const explanation = explain(policies, ask({ referrals: [referral] }));
  expect(explanation.answer).toMatchObject({ effect: "DENY", reason: "R3" });
  expect(clauses(explanation, "NGO.help")).toEqual([
    "true | the reader's agency is NGO",
    "true | a referral grants SERVICES_PLAN | granted: SERVICES_PLAN",
    "false | the person agreed to SERVICES_PLAN | consented: nothing",
  ]);
  expect(explanation.nearest[0]?.changes).toEqual([
    "a consent that names NGO and SERVICES_PLAN, given and in force",
  ]);
});

it("names the forbid that closed what a permit opens, and nothing that does not hold", () => {
  const child = explain(policies, ask({ referrals: [referral], consents: [consent], child: true }));
  expect(child.levels[0]?.forbids.map(({ id }) => id)).toEqual(["child"]);
  expect(clauses(child, "child")).toContain("true | the victim is a child");
  expect(clauses(child, "child")).toContain(
    "true | the reader is not certified INTERVIEW_CHILD | certificates: nothing",
  );
  expect(child.nearest.map(({ changes }) => changes)).toEqual([
    ["the victim is no child"],
    ["the reader is certified INTERVIEW_CHILD"],
  ]);
});

it("explains an answer by the policy that gave it, and looks for nothing else", () => {
  const open = explain(policies, ask({ referrals: [referral], consents: [consent] }));
  expect(open.answer.effect).toBe("ALLOW");
  expect(open.levels.map(({ level }) => level)).toEqual(["clear"]);
  expect(open.levels[0]?.permits[0]).toMatchObject({ id: "NGO.help", applies: true });
  expect(open.nearest).toEqual([]);
});

it.each([
  [{ role: "NGO.nobody" }, "`NGO.nobody` is no role of the domain"],
  [{ purpose: "PROSECUTION" }, "does not hold the purpose `PROSECUTION`"],
  [{ agency: "MOI" }, "is not one of the reader's agency"],
  [{ field: "Case.nothing" }, "`Case.nothing` is no field"],
])("says what is wrong with %j", (change, why) => {
  const { outside, answer } = explain(policies, ask({}, change));
  expect(outside).toContain(why);
  expect(answer.effect).toBe("DENY");
});

it("says so when nothing would open a field", () => {
  const never = explain(policies, ask({}, { field: "Suspect.role" }));
  expect(never.nearest).toEqual([]);
  expect(explanationText(never)).toContain(
    "Nothing about the row, the purpose or the certificates would open it.",
  );
});

it("shows Cedar where it has no words", async () => {
  const text = `@id("NGO.x") @title("t") @legalBasis("R3") @owner("NGO")
    permit (principal in Agency::"NGO", action in Action::"SERVICES_PLAN:clear", resource)
    when { resource.access.breakGlassUntil.durationSince(context.now) < duration("1h") };
    @id("NGO.claim") @title("t") @legalBasis("R7") @owner("NGO")
    permit (principal in Agency::"NGO", action == Action::"claim", resource);`;
  const set = await compilePolicyTexts([{ file: "x.cedar", text }], SCHEMA_TEXT, DOMAIN);
  const explanation = explain(set, ask({ breakGlass: { until: 99_000_000 } }));
  expect(clauses(explanation, "NGO.x")?.[1]).toBe(
    'false | resource.access.breakGlassUntil.durationSince(context.now) < duration("1h") | break-glass: until 99000000',
  );
});

it("reads every policy clause by clause as the engine decides it, on random questions", () => {
  const dice = seeded(testSeed());
  const seen = new Set<string>();
  for (let i = 0; i < 400; i++) {
    const question = randomQuestion(dice, policies.domain);
    const { levels, answer } = explain(policies, question);
    for (const { permits, forbids } of levels) {
      for (const { id, applies, clauses: parts } of [...permits, ...forbids]) {
        expect(
          parts.every(({ holds }) => holds === true),
          `seed ${dice.seed} ${id} ${JSON.stringify(question)}`,
        ).toBe(applies);
      }
    }
    const opening = levels.find(
      ({ permits, forbids }) => forbids.length === 0 && permits.some(({ applies }) => applies),
    );
    expect(opening?.level ?? "none", `seed ${dice.seed} ${JSON.stringify(question)}`).toBe(
      levelOf(answer.effect, levels),
    );
    seen.add(answer.effect);
  }
  expect(seen).toEqual(new Set(["ALLOW", "MASK", "AGGREGATE", "DENY", "HIDE"]));
});

/** A refusal of person data is always told, by no policy. */
function levelOf(effect: string, levels: Explanation["levels"]): string {
  if (effect === "DENY") return levels.some(({ level }) => level === "exists") ? "exists" : "none";
  return { ALLOW: "clear", MASK: "masked", AGGREGATE: "aggregate" }[effect] ?? "none";
}

it("offers the fewest changes that work, equally many in each alternative", () => {
  const dice = seeded(testSeed());
  let offered = 0;
  for (let i = 0; offered < 60 && i < 400; i++) {
    const question = randomQuestion(dice, policies.domain);
    const { effect } = decideQuestion(policies, question);
    if (effect !== "DENY" && effect !== "HIDE") continue;
    const alternatives = nearestAnswers(policies, question);
    offered += alternatives.length;
    expect(new Set(alternatives.map(({ changes }) => changes.length)).size).toBeLessThan(2);
    expect(new Set(alternatives.map(({ answer }) => answer.effect)).size).toBeLessThan(2);
  }
  expect(offered).toBeGreaterThan(0);
});
