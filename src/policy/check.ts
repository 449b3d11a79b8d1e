/**
 * Everything that is wrong with a policies folder, at once: policies, schema, officers' tests.
 *
 * Out     problems in the order of files and lines, each with its place; what was read, for a summary.
 * Rule    a test file is read, not run: `policy test` runs it.
 */
import { type PolicySource, tryCompilePolicies } from "./compile.ts";
import { loadDomain } from "./domain.ts";
import { readFiles } from "./policy-files.ts";
import { inOrder, type PolicyProblem } from "./problem.ts";
import { parsePolicyTest } from "./test-file.ts";
import { TEST_ENDING } from "./test-run.ts";

export interface FolderCheck {
  readonly problems: readonly PolicyProblem[];
  /** Policies that count; 0 when there are problems. */
  readonly policies: number;
  readonly tests: number;
}

export async function checkPolicies(source: PolicySource): Promise<FolderCheck> {
  const domain = loadDomain(source.schemaDir);
  const [{ policySet, problems }, tests] = await Promise.all([
    tryCompilePolicies(source),
    readFiles(source.policiesDir, TEST_ENDING),
  ]);
  const parsed = tests.map(({ file, text }) => parsePolicyTest(file, text, domain));
  const badTests = parsed.flatMap((test) => ("problems" in test ? test.problems : []));
  return {
    problems: inOrder([...problems, ...badTests]),
    policies: policySet?.policies.length ?? 0,
    tests: tests.length,
  };
}
