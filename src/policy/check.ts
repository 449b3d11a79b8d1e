/**
 * Everything that is wrong with a policies folder, at once: policies, schema, officers' tests, invariants.
 *
 * Out     problems in the order of files and lines, each with its place; what was read, for a summary.
 * Rule    tests and invariants are read: `policy test` runs the ones, `policy prove` proves the others.
 */
import { type PolicySource, SCHEMA_FILE, tryCompilePolicyTexts } from "./compile.ts";
import { type Domain, loadDomain } from "./domain.ts";
import { type PolicyFile, policiesAmong, readFiles, readPolicyFiles, readText } from "./policy-files.ts";
import type { PolicySet } from "./policy-set.ts";
import { inOrder, type PolicyProblem } from "./problem.ts";
import { INVARIANTS_FILE, invariantsAmong } from "./prove/invariants.ts";
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
  const { policiesDir, schemaDir } = source;
  const [files, tests, invariants, schemaText] = await Promise.all([
    readPolicyFiles(policiesDir),
    readFiles(policiesDir, TEST_ENDING),
    readFiles(policiesDir, INVARIANTS_FILE),
    source.schemaText ?? readText(policiesDir, SCHEMA_FILE),
  ]);
  return checkPolicyTexts([...files, ...tests, ...invariants], schemaText, loadDomain(schemaDir));
}

/** Of a folder that is nowhere: all its texts, in whatever order. */
export async function checkPolicyTexts(
  files: readonly PolicyFile[],
  schemaText: string,
  domain: Domain,
): Promise<FolderCheck> {
  const { policySet, problems } = await tryCompilePolicyTexts(policiesAmong(files), schemaText, domain);
  const tests = files.filter(({ file }) => file.endsWith(TEST_ENDING));
  const parsed = tests.map(({ file, text }) => parsePolicyTest(file, text, domain));
  const badTests = parsed.flatMap((test) => ("problems" in test ? test.problems : []));
  const invariants = invariantsAmong(files, domain);
  return {
    problems: inOrder([...problems, ...badTests, ...invariants.problems]),
    policySet,
    policies: policySet?.policies.length ?? 0,
    tests: tests.length,
    invariants: invariants.invariants.length,
  };
}
