/** `policy replay`: recorded decisions that a draft would take otherwise, and no others. */
import { expect, it } from "vitest";
import { decideLines } from "../../../src/policy/decide.ts";
import type { PolicySet } from "../../../src/policy/policy-set.ts";
import { replayLines } from "../../../src/policy/review/replay.ts";
import { seeded, testSeed } from "../../support/seeded.ts";
import { randomQuestion } from "../random-question.ts";
import { shippedPolicies } from "../shipped.ts";
import { policyText, variantPolicies } from "../variant.ts";

const policies = await shippedPolicies();
const draft = await variantPolicies({
  add: policyText(
    "NGO.by-code",
    'forbid (principal in Agency::"NGO", action == Action::"Person.nameLatin", resource);',
  ),
});

async function record(questions: readonly object[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of decideLines(
    policies,
    questions.map((each) => JSON.stringify(each)),
    { record: true },
  ))
    lines.push(line);
  return lines;
}

async function replay(policySet: PolicySet, lines: readonly string[]) {
  const found: unknown[] = [];
  const replaying = replayLines(policySet, lines);
  for (;;) {
    const next = await replaying.next();
    if (next.done) return { found, ...next.value };
    found.push(next.value);
  }
}

const emergency = {
  agency: "NGO",
  role: "NGO.caseworker",
  purpose: "EMERGENCY_PROTECTION",
  row: { breakGlass: { until: 1060 } },
};

const EMERGENCY_OBLIGATIONS = [
  "NO_REDISCLOSURE",
  "NO_EXPORT",
  "WATERMARK",
  "DELETE_AFTER(7d)",
  "TELL_SUBJECT",
  "TELL_OWNER",
  "REVIEW_WITHIN(72h)",
];

it("finds the decision that a draft takes otherwise", async () => {
  const lines = await record([
    { ...emergency, field: "Person.nameLatin" },
    { ...emergency, field: "Person.nameAr" },
    { ...emergency, field: "Person.nameLatin", row: {} },
  ]);
  const { found, ...counts } = await replay(draft, lines);
  expect(counts).toEqual({ decisions: 3, differences: 1, badLines: 0 });
  expect(found).toEqual([
    {
      line: 1,
      kind: "narrower",
      question: { ...emergency, field: "Person.nameLatin" },
      before: {
        ...{ effect: "ALLOW", level: "clear", policies: ["NGO.break-glass"], reason: "R3" },
        obligations: EMERGENCY_OBLIGATIONS,
      },
      after: { effect: "DENY", level: null, policies: ["NGO.by-code"], reason: "R1", obligations: [] },
    },
  ]);
});

it("finds that readers would owe less, or more, where it was recorded what they owe", async () => {
  const [line = ""] = await record([{ ...emergency, field: "Person.nameAr" }]);
  const { answer, ...question } = JSON.parse(line);
  const owing = (obligations: readonly string[] | undefined) =>
    JSON.stringify({ ...question, answer: { ...answer, obligations } });
  const sooner = answer.obligations.map((text: string) => text.replace("(7d)", "(1d)"));
  const { found } = await replay(policies, [owing([...sooner]), owing(["WATERMARK"]), owing(undefined)]);
  expect(found).toMatchObject([
    { line: 1, kind: "wider" },
    { line: 2, kind: "narrower" },
  ]);
});

it("finds nothing when the policies are the same, on random questions", async () => {
  const dice = seeded(testSeed());
  const questions = Array.from({ length: 2000 }, () => randomQuestion(dice, policies.domain));
  const lines = await record(questions);
  expect(await replay(policies, lines)).toEqual({ found: [], decisions: 2000, differences: 0, badLines: 0 });
});

it("tells a line that is no record, and goes on", async () => {
  const [line] = await record([{ ...emergency, field: "Person.nameAr" }]);
  const { found, ...counts } = await replay(policies, ["{", "", JSON.stringify(emergency), line!]);
  expect(found).toEqual([
    { error: "the line is not a question with its answer", line: 1 },
    { error: "the line is not a question with its answer", line: 3 },
  ]);
  expect(counts).toEqual({ decisions: 1, differences: 0, badLines: 2 });
});
