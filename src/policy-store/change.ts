/**
 * What a change of the policies does, and who must agree to it.
 *
 * Out     decisions that differ (`policy diff`), promises that are dropped, and the agencies of which an officer must approve.
 * Rule    an agency must agree when somebody would see more of a field that it owns, when a promise about its fields is dropped or
 *         reworded, and when a policy that names it as owner is added, changed or removed by another agency's officer.
 * Errors  PROVER_UNAVAILABLE when z3 cannot say what changes: nothing is taken for harmless.
 */
import type { DomainField } from "../policy/domain.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { diffPolicies, type PolicyDiff } from "../policy/review/diff.ts";
import type { CompiledContent } from "./compiled.ts";
import type { StoredFile } from "./content.ts";
import type { OwnersOf } from "./owners.ts";
import type { Officer } from "./statements.ts";

export interface PolicyChange {
  readonly diff: PolicyDiff;
  /** Ids of invariants that would no longer be stated as they are. */
  readonly dropped: readonly string[];
  /** Names of files that are added, changed or removed. */
  readonly files: readonly string[];
  readonly widens: boolean;
  /** Sorted. */
  readonly needs: readonly string[];
}

export async function changeOf(
  before: CompiledContent,
  after: CompiledContent,
  owners: OwnersOf,
  author: Pick<Officer, "agency">,
): Promise<PolicyChange> {
  const diff = await diffPolicies(before.policySet, after.policySet);
  const opened = diff.changes.filter(({ kind }) => kind === "wider").flatMap(({ fields }) => fields);
  const stated = new Set(after.invariants.map(({ saying }) => saying));
  const dropped = before.invariants.filter(({ saying }) => !stated.has(saying));
  const concerned: readonly DomainField[] = [
    ...opened,
    ...dropped.flatMap(({ invariant }) => invariant.fields),
  ];
  const others = ownersOfPolicies(before.policySet, after.policySet).filter(
    (agency) => agency !== author.agency,
  );
  return {
    diff,
    dropped: dropped.map(({ invariant }) => invariant.id),
    files: changedFiles(before.content.files, after.content.files),
    widens: concerned.length > 0,
    needs: [...new Set([...concerned.flatMap(owners), ...others])].sort(),
  };
}

/** Agencies by the `@owner` of policies whose text or annotations differ, before and after: a link has annotations of its own. */
function ownersOfPolicies(before: PolicySet, after: PolicySet): readonly string[] {
  const said = ({ policies }: PolicySet) =>
    new Map(policies.map(({ id, text, json }) => [id, JSON.stringify([text, json.annotations])]));
  const [old, now] = [said(before), said(after)];
  return [before, after].flatMap(({ policies, domain }) =>
    policies
      .filter(({ id }) => old.get(id) !== now.get(id))
      .map(({ json }) => json.annotations?.["owner"] ?? "")
      .filter((agency) => domain.agencies.includes(agency)),
  );
}

/** Names, sorted. */
export function changedFiles(before: readonly StoredFile[], after: readonly StoredFile[]): readonly string[] {
  const old = new Map(before.map(({ path, bytes }) => [path, bytes]));
  const now = new Map(after.map(({ path, bytes }) => [path, bytes]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().filter((path) => {
    const [a, b] = [old.get(path), now.get(path)];
    return !a || !b || !a.equals(b);
  });
}
