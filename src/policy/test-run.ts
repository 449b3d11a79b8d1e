/**
 * Runs policy tests against a policy set: every reader asks every field in every case.
 *
 * Out     one report a file: how many cells were asked, and every cell that is not as expected.
 * Rule    what is not listed is expected to be closed; an entry that matches nothing, and two entries that contradict
 *         each other, fail; so does a reader who may not claim the purpose, who would be refused everything.
 */
import { type Answer, decideQuestion } from "./decide.ts";
import { type PolicyFile, readFiles } from "./policy-files.ts";
import type { PolicySet } from "./policy-set.ts";
import { problemText } from "./problem.ts";
import { effectText } from "./review/names.ts";
import { type Expectation, type ExpectedEffect, type PolicyTest, parsePolicyTest } from "./test-file.ts";

export const TEST_ENDING = ".test.yaml";

export interface TestReport {
  /** Relative to the policies folder. */
  readonly file: string;
  readonly title: string;
  /** Questions asked. */
  readonly cells: number;
  /** One line each, `file:line: …`; empty when all is as expected. */
  readonly failures: readonly string[];
}

export async function runPolicyTests(policySet: PolicySet, policiesDir: string): Promise<TestReport[]> {
  return runPolicyTestTexts(policySet, await readFiles(policiesDir, TEST_ENDING));
}

/** Of all that a folder holds. */
export const runPolicyTestTexts = (policySet: PolicySet, files: readonly PolicyFile[]): TestReport[] =>
  files
    .filter(({ file }) => file.endsWith(TEST_ENDING))
    .map(({ file, text }) => runPolicyTest(policySet, file, text));

export function runPolicyTest(policySet: PolicySet, file: string, text: string): TestReport {
  const parsed = parsePolicyTest(file, text, policySet.domain);
  if ("problems" in parsed)
    return { file, title: file, cells: 0, failures: parsed.problems.map(problemText) };
  const { test } = parsed;
  const expected = expectedCells(test);
  const failures = [...expected.problems];
  const claimed = test.readers.filter((reader) => isClaimed(policySet, test, reader));
  for (const reader of test.readers.filter((name) => !claimed.includes(name))) {
    failures.push(`${file}: ${reader} may not claim the purpose in that role`);
  }
  let cells = 0;
  for (const reader of claimed) {
    for (const situation of test.cases) {
      for (const field of test.fields) {
        cells += 1;
        const answer = decideQuestion(policySet, test.question(reader, situation, field));
        const cell = `${reader} in ${situation} asks ${field}`;
        const failure = compare(answer, expected.cells.get(cell));
        if (failure) failures.push(`${file}${failure.at}: ${cell}: ${failure.message}`);
      }
    }
  }
  return { file, title: test.title, cells, failures };
}

interface ExpectedCell extends ExpectedEffect, Pick<Expectation, "because" | "obligations"> {
  readonly line: number;
}

function expectedCells({ file, expectations }: PolicyTest) {
  const cells = new Map<string, ExpectedCell>();
  const problems: string[] = [];
  for (const { line, who, in: situations, because, obligations, effects } of expectations) {
    if (effects.size === 0) problems.push(`${file}:${line}: the entry matches nothing`);
    for (const cell of cellsOf({ who, in: situations, effects })) {
      const before = cells.get(cell.name);
      if (before) problems.push(`${file}:${line}: ${cell.name} is already listed at line ${before.line}`);
      cells.set(cell.name, { ...cell.expected, because, obligations, line });
    }
  }
  return { cells, problems };
}

const cellsOf = ({ who, in: situations, effects }: Pick<Expectation, "who" | "in" | "effects">) =>
  who.flatMap((reader) =>
    situations.flatMap((situation) =>
      [...effects].map(([field, expected]) => ({
        name: `${reader} in ${situation} asks ${field}`,
        expected,
      })),
    ),
  );

function compare(answer: Answer, expected: ExpectedCell | undefined): { at: string; message: string } | null {
  const got = `${effectText(answer)} ${answer.reason} (${answer.policies.join(", ") || "no policy"})`;
  const closed = answer.effect === "DENY" || answer.effect === "HIDE";
  if (!expected)
    return closed ? null : { at: "", message: `not listed, so expected to be closed, got ${got}` };
  const { effect, level, because, obligations, line } = expected;
  const told = effect === "DENY" && because !== undefined;
  const isLevel = answer.effect === effect && (level === null || answer.level === level);
  const fits = isLevel && (!told || answer.reason === because);
  const owed = answer.obligations.join(" ");
  const isOwed = effect === "ALLOW" || effect === "MASK" ? (obligations?.join(" ") ?? owed) : owed;
  if (fits && owed !== isOwed)
    return { at: `:${line}`, message: `expected to owe ${isOwed || "nothing"}, got ${owed || "nothing"}` };
  const wanted = told ? `${effect} ${because}` : effectText({ effect, level });
  return fits ? null : { at: `:${line}`, message: `expected ${wanted}, got ${got}` };
}

function isClaimed(policySet: PolicySet, test: PolicyTest, reader: string): boolean {
  const [situation] = test.cases;
  const [field] = test.fields;
  if (situation === undefined || field === undefined) return true;
  return decideQuestion(policySet, test.question(reader, situation, field)).reason !== null;
}
