/**
 * What must hold before a content may be published: it is in order, its tests pass, and no promise is broken, neither one that it
 * makes itself nor one that is in force.
 *
 * Out     what was compiled.
 * Errors  POLICY_INVALID with every problem of the first of `check`, `test` and `prove` that has any; PROVER_UNAVAILABLE.
 * Why     promises in force are proved too: else one draft could drop a promise and break it at once.
 */
import { GatewayError } from "../kernel/errors.ts";
import { loadDomain } from "../policy/domain.ts";
import { problemText } from "../policy/problem.ts";
import { proofText } from "../policy/prove/proof-text.ts";
import { type Proof, proveInvariants } from "../policy/prove/prove.ts";
import { runPolicyTestTexts } from "../policy/test-run.ts";
import {
  type CompiledContent,
  checkContent,
  compileContent,
  compiledOf,
  type StatedInvariant,
} from "./compiled.ts";
import { type PolicyContent, textsOf } from "./content.ts";

export async function requireChecked(content: PolicyContent, schemaDir: string): Promise<CompiledContent> {
  const { problems, policySet } = await checkContent(content, schemaDir);
  refuseIfAny("check", problems.map(problemText));
  return policySet ? compiledOf(content, policySet) : compileContent(content, loadDomain(schemaDir));
}

export async function requireProved(
  content: PolicyContent,
  inForce: readonly StatedInvariant[],
  schemaDir: string,
): Promise<CompiledContent> {
  const compiled = await requireChecked(content, schemaDir);
  const { policySet, invariants } = compiled;
  const reports = runPolicyTestTexts(policySet, textsOf(content));
  refuseIfAny(
    "test",
    reports.flatMap(({ failures }) => failures),
  );
  const stated = new Map([...inForce, ...invariants].map(({ saying, invariant }) => [saying, invariant]));
  const proofs = await proveInvariants(policySet, [...stated.values()]);
  refuseIfAny("prove", proofs.filter(isBroken).map(proofText));
  return compiled;
}

/** One that speaks of nobody is a mistake, not a proof. */
const isBroken = ({ cases, breaches }: Proof): boolean => cases === 0 || breaches.length > 0;

function refuseIfAny(gate: "check" | "test" | "prove", problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new GatewayError("POLICY_INVALID", `the policies do not pass \`policy ${gate}\``, { problems });
}
