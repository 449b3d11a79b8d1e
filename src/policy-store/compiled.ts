/**
 * A content read as policies, outside the request path: compiled, with the promises that it is proved against.
 *
 * Rule    actions and their groups are those of the deployment's own schema folder, never of a draft: a draft that brings another
 *         `schema.cedarschema` is refused, since it could move a field to a group that more people may read.
 * Errors  POLICY_INVALID with every problem.
 */
import { parse } from "yaml";
import { cedarSchema } from "../policy/cedar-schema.ts";
import { checkPolicies, type FolderCheck } from "../policy/check.ts";
import { compilePolicies, SCHEMA_FILE } from "../policy/compile.ts";
import { loadDomain } from "../policy/domain.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { type PolicyProblem, placeIn, policyInvalid } from "../policy/problem.ts";
import { INVARIANTS_FILE, type Invariant, parseInvariants } from "../policy/prove/invariants.ts";
import { inFolder, type PolicyContent, textsOf } from "./content.ts";

export interface CompiledContent {
  readonly content: PolicyContent;
  readonly policySet: PolicySet;
  readonly invariants: readonly StatedInvariant[];
}

export interface StatedInvariant {
  readonly invariant: Invariant;
  /** All that it says: equal for two that say the same. */
  readonly saying: string;
}

export async function compileContent(content: PolicyContent, schemaDir: string): Promise<CompiledContent> {
  const schemaText = cedarSchema(loadDomain(schemaDir));
  const policySet = await inFolder(content, (policiesDir) =>
    compilePolicies({ policiesDir, schemaDir, schemaText }),
  );
  return compiledOf(content, policySet);
}

export const compiledOf = (content: PolicyContent, policySet: PolicySet): CompiledContent => ({
  ...{ content, policySet },
  invariants: invariantsOf(content, policySet),
});

/** `policy check` of it, and that its schema is the deployment's. */
export async function checkContent(content: PolicyContent, schemaDir: string): Promise<FolderCheck> {
  const schemaText = cedarSchema(loadDomain(schemaDir));
  const check = await inFolder(content, (policiesDir) =>
    checkPolicies({ policiesDir, schemaDir, schemaText }),
  );
  const other = textsOf(content, SCHEMA_FILE).filter(({ text }) => text !== schemaText);
  const problems = other.map((file): PolicyProblem => {
    const message = "is not what `ihala compose` writes for this deployment's schema";
    return { place: placeIn(file, 0), message };
  });
  return { ...check, problems: [...problems, ...check.problems] };
}

function invariantsOf(content: PolicyContent, { domain }: PolicySet): readonly StatedInvariant[] {
  const file = textsOf(content, INVARIANTS_FILE).find(({ file: name }) => name === INVARIANTS_FILE);
  if (!file) return [];
  const { invariants, problems } = parseInvariants(file, domain);
  if (problems.length > 0) throw policyInvalid(problems);
  const said = new Map((parse(file.text) as { readonly id: string }[]).map((one) => [one.id, one]));
  return invariants.map((invariant) => ({ invariant, saying: JSON.stringify(said.get(invariant.id)) }));
}
