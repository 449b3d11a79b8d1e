/**
 * A content read as policies, outside the request path: compiled, with the promises that it is proved against.
 *
 * Rule    actions and their groups are those of the deployment's own schema folder, never of a draft: a draft that brings another
 *         `schema.cedarschema` is refused, since it could move a field to a group that more people may read.
 * Errors  POLICY_INVALID with every problem.
 */
import { parse } from "yaml";
import { cedarSchema } from "../policy/cedar-schema.ts";
import { checkPolicyTexts, type FolderCheck } from "../policy/check.ts";
import { compilePolicyTexts, SCHEMA_FILE } from "../policy/compile.ts";
import { type Domain, loadDomain } from "../policy/domain.ts";
import { type PolicyFile, policiesAmong } from "../policy/policy-files.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { type PolicyProblem, placeIn, policyInvalid } from "../policy/problem.ts";
import { INVARIANTS_FILE, type Invariant, invariantsAmong } from "../policy/prove/invariants.ts";
import { type PolicyContent, textsOf } from "./content.ts";

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

export async function compileContent(content: PolicyContent, domain: Domain): Promise<CompiledContent> {
  const files = policiesAmong(textsOf(content));
  return compiledOf(content, await compilePolicyTexts(files, cedarSchema(domain), domain));
}

export const compiledOf = (content: PolicyContent, policySet: PolicySet): CompiledContent => ({
  ...{ content, policySet },
  invariants: invariantsOf(content, policySet),
});

/** `policy check` of it, and that its schema is the deployment's. */
export async function checkContent(content: PolicyContent, schemaDir: string): Promise<FolderCheck> {
  const domain = loadDomain(schemaDir);
  const schemaText = cedarSchema(domain);
  const files = textsOf(content);
  const check = await checkPolicyTexts(files, schemaText, domain);
  return { ...check, problems: [...otherSchemas(files, schemaText), ...check.problems] };
}

/** A content that brings another schema than the deployment's. */
export function otherSchemas(files: readonly PolicyFile[], schemaText: string): readonly PolicyProblem[] {
  const others = files.filter(({ file, text }) => file.endsWith(SCHEMA_FILE) && text !== schemaText);
  return others.map((file) => {
    const message = "is not what `ihala compose` writes for this deployment's schema";
    return { place: placeIn(file, 0), message };
  });
}

function invariantsOf(content: PolicyContent, { domain }: PolicySet): readonly StatedInvariant[] {
  const files = textsOf(content);
  const { invariants, problems } = invariantsAmong(files, domain);
  if (problems.length > 0) throw policyInvalid(problems);
  const text = files.find(({ file }) => file === INVARIANTS_FILE)?.text ?? "[]";
  const said = new Map((parse(text) as { readonly id: string }[]).map((one) => [one.id, one]));
  return invariants.map((invariant) => ({ invariant, saying: JSON.stringify(said.get(invariant.id)) }));
}
