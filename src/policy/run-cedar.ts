/**
 * Runs one job of cedar-wasm in a worker thread that ends with it.
 *
 * Errors  POLICY_INVALID when the worker traps, crashes or hangs: it refuses the policies and never reaches the gateway.
 */
import { Worker } from "node:worker_threads";
import type { CedarJob, FormatJob } from "./cedar-worker.ts";
import { folderInvalid } from "./problem.ts";

const WORKER_TIMEOUT_MS = 30_000;

export function runCedar<Reply>(job: CedarJob | FormatJob, timeoutMs = WORKER_TIMEOUT_MS): Promise<Reply> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./cedar-worker.${extension}`, import.meta.url), { workerData: job });
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const refuse = (why: string) => reject(folderInvalid(`Cedar's compiler ${why}`));
  const timer = setTimeout(() => refuse(`did not answer in ${timeoutMs} ms`), timeoutMs);
  worker.once("message", resolve);
  worker.once("error", (error: Error) => refuse(`failed: ${error.message}`));
  worker.once("exit", () => refuse("ended without an answer"));
  return promise.finally(() => {
    clearTimeout(timer);
    void worker.terminate();
  });
}
