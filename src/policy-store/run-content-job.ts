/**
 * Runs one review of a content in a worker thread that ends with it: whatever a text does to it, the gateway goes on.
 *
 * Bounds  the deadline; 1 GiB of memory.
 * Errors  PROVER_UNAVAILABLE when the thread does not answer in time, fails, or is not waited for any more. It is gone then, and
 *         its solver with it.
 * Cost    0.2 s for the thread, 0.7 s for each content that is compiled, and the review.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { GatewayError } from "../kernel/errors.ts";
import type { Found, Reviewed } from "./content-review.ts";
import type { ContentReply, ContentTask } from "./content-worker.ts";

const DEADLINE_MS = 75_000;
const MAX_MEMORY_MB = 1024;
/** For a thread to end its solver; one that computes hears nothing, and has none. */
const GRACE_MS = 500;

export async function runContentJob(
  task: ContentTask,
  signal: AbortSignal,
  deadlineMs = DEADLINE_MS,
): Promise<Reviewed<Found>> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./content-worker.${extension}`, import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
  });
  const { promise, resolve, reject } = Promise.withResolvers<ContentReply>();
  const refuse = (why: string) =>
    reject(new GatewayError("PROVER_UNAVAILABLE", `the thread that looks policies over ${why}`));
  const leave = () => refuse("is not waited for any more");
  const timer = setTimeout(() => refuse(`did not answer in ${deadlineMs} ms`), deadlineMs);
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  worker.once("message", resolve);
  worker.on("error", () => refuse("failed"));
  worker.once("exit", () => refuse("ended without an answer"));
  try {
    const reply = await promise;
    void worker.terminate();
    if ("reviewed" in reply) return reply.reviewed;
    throw new GatewayError(reply.code, reply.message);
  } catch (error) {
    await end(worker);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

async function end(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  worker.postMessage("end");
  await Promise.race([once(worker, "exit"), delay(GRACE_MS)]).catch(() => {});
  await worker.terminate();
}
