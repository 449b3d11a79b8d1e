/**
 * Everything that is wrong with a policies folder, at once: policies, schema, officers' tests, invariants.
 *
 * Out     problems in the order of files and lines, each with its place; what was read, for a summary.
 * Rule    tests and invariants are read: `policy test` runs the ones, `policy prove` proves the others.
 */
import { type PolicySource, tryCompilePolicies } from "./compile.ts";
import { loadDomain } from "./domain.ts";
import { readFiles } from "./policy-files.ts";
import type { PolicySet } from "./policy-set.ts";
import { inOrder, type PolicyProblem } from "./problem.ts";
import { readInvariants } from "./prove/invariants.ts";
import { parsePolicyTest } from "./test-file.ts";
import { TEST_ENDING } from "./test-run.ts";

export interface FolderCheck {
  readonly problems: readonly PolicyProblem[];
  /** Null when there is any problem in it. */
  readonly policySet: PolicySet | null;
  /** Policies that count; 0 when there are problems. */
  readonly policies: number;
  readonly tests: number;
  readonly invariants: number;
}

export async function checkPolicies(source: PolicySource): Promise<FolderCheck> {
  const domain = loadDomain(source.schemaDir);
  const [{ policySet, problems }, tests, invariants] = await Promise.all([
    tryCompilePolicies(source),
    readFiles(source.policiesDir, TEST_ENDING),
    readInvariants(source.policiesDir, domain),
  ]);
  const parsed = tests.map(({ file, text }) => parsePolicyTest(file, text, domain));
  const badTests = parsed.flatMap((test) => ("problems" in test ? test.problems : []));
  return {
    problems: inOrder([...problems, ...badTests, ...invariants.problems]),
    policySet,
    policies: policySet?.policies.length ?? 0,
    tests: tests.length,
    invariants: invariants.invariants.length,
  };
}
