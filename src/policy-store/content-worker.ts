/**
 * One review of a content, in a thread of its own: `run-content-job.ts` starts it, and ends it with the answer.
 *
 * In      the job. A message, whatever it says, ends the thread before the answer, with the solver that it waits for.
 * Out     what was found, or the code and message of what went wrong. No word of a fault of ours: it could hold policy text.
 */
import { parentPort, workerData } from "node:worker_threads";
import { GatewayError } from "../kernel/errors.ts";
import { endSolvers } from "../policy/prove/solver.ts";
import { type ContentJob, type Found, problemsOf, type Reviewed, reviewContent } from "./content-review.ts";

export interface ContentTask {
  readonly job: ContentJob;
  readonly schemaDir: string;
}

export type ContentReply =
  | { readonly reviewed: Reviewed<Found> }
  | { readonly code: GatewayError["code"]; readonly message: string };

parentPort?.once("message", () => {
  endSolvers();
  process.exit();
});
parentPort?.postMessage(await reply(workerData as ContentTask));

async function reply({ job, schemaDir }: ContentTask): Promise<ContentReply> {
  try {
    return { reviewed: await reviewContent(job, schemaDir) };
  } catch (error) {
    const problems = problemsOf(error);
    if (problems) return { reviewed: { problems, found: null } };
    if (error instanceof GatewayError) return { code: error.code, message: error.message };
    return { code: "INTERNAL_SERVER_ERROR", message: "a review of policies failed" };
  }
}
