/** `ihala policy prove` and `policy diff`: what z3 is asked for. Each resolves to the status of the process. */
import type { Config } from "../config/config.ts";
import { policyInvalid } from "../policy/problem.ts";
import { readInvariants } from "../policy/prove/invariants.ts";
import { proofText } from "../policy/prove/proof-text.ts";
import { type Proof, proveInvariants } from "../policy/prove/prove.ts";
import { type DecisionChange, diffPolicies } from "../policy/review/diff.ts";
import { diffText } from "../policy/review/diff-text.ts";
import { findingJson } from "../policy/review/finding-text.ts";
import { folderSource, policySetAt } from "./policy-folder.ts";
import type { Terminal } from "./terminal.ts";

interface ProveOptions {
  readonly json?: boolean;
  readonly against?: string;
}

export async function runPolicyProve(
  config: Config,
  folder: string | undefined,
  { json = false, against }: ProveOptions,
  terminal: Terminal,
): Promise<number> {
  const policySet = await policySetAt(config, folder);
  const { invariants, problems } = await readInvariants(
    folderSource(config, folder).policiesDir,
    policySet.domain,
  );
  if (problems.length > 0) throw policyInvalid(problems);
  const proofs = await proveInvariants(policySet, invariants);
  const diff =
    against === undefined ? null : await diffPolicies(await policySetAt(config, against), policySet);
  const wider = diff?.changes.filter(({ kind }) => kind === "wider") ?? [];
  if (json)
    terminal.out(
      `${JSON.stringify({ invariants: proofs.map(proofJson), wider: wider.map(changeJson) }, null, 2)}\n`,
    );
  else {
    for (const proof of proofs) terminal.out(proofText(proof));
    if (diff && wider.length === 0) terminal.out(`ok   grants nothing that \`${against}\` denies\n`);
    if (diff && wider.length > 0)
      terminal.out(`FAIL grants what \`${against}\` denies\n${diffText({ ...diff, changes: wider })}`);
  }
  const isKept = proofs.every(({ cases, breaches }) => cases > 0 && breaches.length === 0);
  return isKept && wider.length === 0 ? 0 : 1;
}

/** Status 1 when a decision differs, as `diff` does. */
export async function runPolicyDiff(
  config: Config,
  before: string | undefined,
  after: string | undefined,
  { json = false }: { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const sets = await Promise.all([policySetAt(config, before), policySetAt(config, after)]);
  const diff = await diffPolicies(...sets);
  if (json) terminal.out(`${JSON.stringify({ ...diff, changes: diff.changes.map(changeJson) }, null, 2)}\n`);
  else terminal.out(diffText(diff));
  return diff.changes.length > 0 ? 1 : 0;
}

const proofJson = ({ invariant: { id, title }, cases, breaches }: Proof) => ({
  ...{ id, title, cases, holds: cases > 0 && breaches.length === 0 },
  breaches: breaches.map((breach) => ({ ...findingJson(breach), answer: breach.answer })),
});

const changeJson = (change: DecisionChange) => ({
  kind: change.kind,
  ...findingJson(change),
  before: change.before,
  after: change.after,
});
