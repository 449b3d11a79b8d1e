/**
 * `ihala policy publish`: a draft becomes what every gateway decides by.
 *
 * Gates   its base is in force still; whoever must approve has; it passes `check`, `test` and `prove`, all worked out anew here.
 *         Then it is compiled, signed, and the pointer moved, in one transaction: all of it or nothing.
 * Who     any security officer, its author too: publishing is no approval.
 * Errors  POLICY_REFUSED, POLICY_INVALID, PROVER_UNAVAILABLE; what is in force stays.
 */
import { cedarSchema } from "../policy/cedar-schema.ts";
import { bundleText } from "../policy/policy-bundle.ts";
import { requireBase, standingOf } from "./approvals.ts";
import { changeOf } from "./change.ts";
import type { CompiledContent } from "./compiled.ts";
import { requireProved } from "./proofs.ts";
import type { Approval, Draft, Officer, Publication } from "./statements.ts";
import { acted, inForce, owners, refused, type StoreTools } from "./store-tools.ts";

export async function publishDraft(
  tools: StoreTools,
  officer: Officer,
  number: number,
): Promise<Publication> {
  const { store, signer, schemaDir } = tools;
  const draft = await store.draft(number);
  const before = await inForce(tools);
  requireBase(draft, before.publication);
  requireApproved(draft, await store.approvals(number), draft.needs);
  const content = await store.content(draft.hash);
  const compiled = await requireProved(content, before.compiled.invariants, schemaDir);
  const { needs } = await changeOf(before.compiled, compiled, await owners(tools), draft.by);
  const body = bundleOf(compiled);
  return store.write(signer, async (writer) => {
    requireBase(draft, await writer.published());
    const counting = requireApproved(draft, await writer.approvals(number), needs);
    return writer.addPublication({
      ...{ act: "publish", version: null, hash: draft.hash, draft: number },
      policies: compiled.policySet.version,
      bundle: await writer.addBundle(body),
      with: counting.map(({ by }) => by),
      ...acted(tools, officer),
    });
  });
}

function requireApproved(
  draft: Draft,
  approvals: readonly Approval[],
  needs: readonly string[],
): readonly Approval[] {
  const { counting, missing } = standingOf(draft, approvals, needs);
  if (missing.length === 0) return counting;
  throw refused(`draft ${draft.number} is not approved`, missing);
}

/** What gateways take up without compiling. */
export const bundleOf = ({ policySet }: CompiledContent): string =>
  bundleText(policySet, cedarSchema(policySet.domain));
