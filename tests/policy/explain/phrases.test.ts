/** Explanations in Arabic: every condition of the policies that ship has words, and says the same as in English. */
import { expect, it } from "vitest";
import { scopeActions } from "../../../src/policy/action-index.ts";
import { clausesOf } from "../../../src/policy/explain/clauses.ts";
import { explain } from "../../../src/policy/explain/explain.ts";
import { PHRASES } from "../../../src/policy/explain/phrases.ts";
import { clauseWords } from "../../../src/policy/explain/words.ts";
import { seeded, testSeed } from "../../support/seeded.ts";
import { randomQuestion } from "../random-question.ts";
import { shippedPolicies } from "../shipped.ts";

const policies = await shippedPolicies();
const field = policies.domain.fields.get("SupportPlan.type")!;
/** Codes of policies stay as they are; other Latin words would be English ones. */
const withoutCodes = (text: string) =>
  text.replaceAll(
    /`[^`]*`|\b[A-Z]\w*\.\w+|\b(?:securityOfficer|dataSubject)\b|\b[A-Z][A-Z0-9_]+\b(?::\w+)?/g,
    "",
  );

it("has the same phrases in both languages", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
      : typeof value;
  const { values: _, ...english } = PHRASES.en;
  const { values: __, ...arabic } = PHRASES.ar;
  expect(shape(arabic)).toEqual(shape(english));
});

it("has Arabic words, and no English ones, for every condition of every policy", () => {
  const seen = new Set<string>();
  // What a role may ask for is decided by no row, and explained by none.
  const aboutRows = policies.policies.filter(({ json }) => !scopeActions(json.action).includes("claim"));
  for (const { id, json } of aboutRows)
    for (const clause of clausesOf(json)) {
      const words = clauseWords(clause, field, "ar");
      expect(withoutCodes(words), id).not.toMatch(/[a-z]/i);
      expect(words, id).toMatch(/\p{Script=Arabic}/u);
      seen.add(words);
    }
  expect(seen.size).toBeGreaterThan(30);
});

it("explains in Arabic what it explains in English, clause by clause and change by change", () => {
  const dice = seeded(testSeed());
  for (let i = 0; i < 40; i++) {
    const question = randomQuestion(dice, policies.domain);
    const [english, arabic] = [explain(policies, question), explain(policies, question, "ar")];
    const label = `seed ${dice.seed} ${JSON.stringify(question)}`;
    expect(arabic.answer, label).toEqual(english.answer);
    expect(
      arabic.nearest.map(({ changes, answer }) => [changes.length, answer]),
      label,
    ).toEqual(english.nearest.map(({ changes, answer }) => [changes.length, answer]));
    for (const { changes } of arabic.nearest)
      expect(withoutCodes(changes.join(" ")), label).not.toMatch(/[a-z]/i);
    const readings = (of: typeof english) =>
      of.levels.flatMap(({ permits, forbids }) =>
        [...permits, ...forbids].map(({ id, clauses }) => [id, ...clauses.map(({ holds }) => holds)]),
      );
    expect(readings(arabic), label).toEqual(readings(english));
  }
}, 120_000);
