/** `ihala policy prove` and `policy diff`: what z3 is asked for. Each resolves to the status of the process. */
import type { Config } from "../config/config.ts";
import { policyInvalid } from "../policy/problem.ts";
import { readInvariants } from "../policy/prove/invariants.ts";
import { proofText, questionOf, whenWords } from "../policy/prove/proof-text.ts";
import { proveInvariants } from "../policy/prove/prove.ts";
import { folderSource, policySetAt } from "./policy-folder.ts";
import type { Terminal } from "./terminal.ts";

interface ProveOptions {
  readonly json?: boolean;
}

export async function runPolicyProve(
  config: Config,
  folder: string | undefined,
  { json = false }: ProveOptions,
  terminal: Terminal,
): Promise<number> {
  const policySet = await policySetAt(config, folder);
  const { policiesDir } = folderSource(config, folder);
  const { invariants, problems } = await readInvariants(policiesDir, policySet.domain);
  if (problems.length > 0) throw policyInvalid(problems);
  const proofs = await proveInvariants(policySet, invariants);
  if (json) {
    const report = proofs.map(({ invariant: { id, title }, cases, breaches }) => ({
      ...{ id, title, cases, holds: cases > 0 && breaches.length === 0 },
      breaches: breaches.map(({ reader, fields, situation, answer }) => ({
        fields: fields.map(({ coordinate }) => coordinate),
        when: whenWords(situation, reader),
        question: questionOf(reader, fields[0]!.coordinate, situation),
        answer,
      })),
    }));
    terminal.out(`${JSON.stringify(report, null, 2)}\n`);
  } else for (const proof of proofs) terminal.out(proofText(proof));
  return proofs.every(({ cases, breaches }) => cases > 0 && breaches.length === 0) ? 0 : 1;
}
