/**
 * Reviews of one policy version in a thread of their own: what an officer asks for takes seconds, and no reader waits for it.
 *
 * In      the compiled policies when it starts; then jobs, each with a number.
 * Out     for each job its number with the reply, or with the code and message of what went wrong. One proof at a time.
 */
import { parentPort, workerData } from "node:worker_threads";
import { GatewayError } from "../../kernel/errors.ts";
import type { CedarSchema } from "../cedar/types.ts";
import type { DecideQuestion } from "../decide.ts";
import { loadDomain } from "../domain.ts";
import { explain } from "../explain/explain.ts";
import type { Language } from "../explain/phrases.ts";
import { type CompiledPolicy, PolicySet } from "../policy-set.ts";
import { accessMatrix } from "./matrix.ts";
import { plainWho, whoSees } from "./who.ts";

export interface ReviewSource {
  readonly version: string;
  readonly policies: readonly CompiledPolicy[];
  readonly schema: CedarSchema;
  readonly schemaDir: string;
}

export type ReviewJob =
  | { readonly kind: "explain"; readonly question: DecideQuestion; readonly language: Language }
  | { readonly kind: "who"; readonly field: string; readonly language: Language }
  | { readonly kind: "matrix" };

export interface NumberedJob {
  readonly number: number;
  readonly job: ReviewJob;
}

export type NumberedReply =
  | { readonly number: number; readonly reply: unknown }
  | { readonly number: number; readonly code: GatewayError["code"]; readonly message: string };

const { version, policies, schema, schemaDir } = workerData as ReviewSource;
const policySet = new PolicySet(version, policies, schema, loadDomain(schemaDir));

let turn: Promise<unknown> = Promise.resolve();

parentPort?.on("message", ({ number, job }: NumberedJob) => {
  const done = job.kind === "explain" ? run(job) : turn.then(() => run(job));
  if (job.kind !== "explain") turn = done.catch(() => {});
  done.then(
    (reply) => tell({ number, reply }),
    (error: unknown) => tell({ number, ...problemOf(error) }),
  );
});

const tell = (reply: NumberedReply): void => parentPort?.postMessage(reply);

async function run(job: ReviewJob): Promise<unknown> {
  if (job.kind === "explain") return explain(policySet, job.question, job.language);
  if (job.kind === "matrix") return accessMatrix(policySet);
  const field = policySet.domain.fields.get(job.field);
  return field ? plainWho(await whoSees(policySet, field, job.language)) : null;
}

const problemOf = (error: unknown): Pick<GatewayError, "code" | "message"> =>
  error instanceof GatewayError
    ? { code: error.code, message: error.message }
    : { code: "INTERNAL_SERVER_ERROR", message: "a review failed" };
