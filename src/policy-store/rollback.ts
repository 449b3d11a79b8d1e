/**
 * `ihala policy rollback`: back to a version that was published before, in one step.
 *
 * Eyes    one officer is enough when nobody would see more than now: the step away from harm must not wait. When somebody would, or
 *         the prover cannot say, a second officer must agree in the same step; those whose fields they are approved it once.
 * Rule    it is a publication of its own, on the record; no test and no proof is run again, but it must fit the schema.
 * Errors  POLICY_REFUSED, POLICY_INVALID; what is in force stays.
 */
import { GatewayError } from "../kernel/errors.ts";
import { diffPolicies } from "../policy/review/diff.ts";
import type { CompiledContent } from "./compiled.ts";
import { bundleOf } from "./publish.ts";
import { type Officer, officerName, type Publication } from "./statements.ts";
import { acted, inForce, refused, type StoreTools } from "./store-tools.ts";
import { storedContent } from "./stored.ts";

export interface RollbackRequest {
  /** Number of the publication by which it was published. */
  readonly version: number;
  /** Officers who agree. */
  readonly others: readonly Officer[];
}

export async function rollbackTo(
  tools: StoreTools,
  officer: Officer,
  { version, others }: RollbackRequest,
): Promise<Publication> {
  const { store, signer, schemaDir } = tools;
  const target = await store.publication(version);
  const now = await inForce(tools);
  if (target.act !== "publish")
    throw refused(`publication ${version} is a rollback: name the version itself`);
  if (now.publication?.hash === target.hash) throw refused(`version ${version} is in force already`);
  const compiled = await storedContent(store, target, schemaDir);
  const second = others.filter((other) => officerName(other) !== officerName(officer));
  if (second.length === 0 && (await mayWiden(now.compiled, compiled)))
    throw refused(
      `version ${version} shows more than what is in force: a second officer must agree (\`ihala policy rollback --with\`), or draft it anew and have it approved`,
    );
  return store.write(signer, async (writer) => {
    if ((await writer.published())?.number !== now.publication?.number)
      throw refused("something else was published meanwhile: look again");
    return writer.addPublication({
      ...{ act: "rollback", version, hash: target.hash, draft: null, with: [...second] },
      policies: compiled.policySet.version,
      bundle: await writer.addBundle(bundleOf(compiled)),
      ...acted(tools, officer),
    });
  });
}

async function mayWiden(before: CompiledContent, after: CompiledContent): Promise<boolean> {
  try {
    const { changes } = await diffPolicies(before.policySet, after.policySet);
    return changes.some(({ kind }) => kind === "wider");
  } catch (error) {
    if (error instanceof GatewayError && error.code === "PROVER_UNAVAILABLE") return true;
    throw error;
  }
}
