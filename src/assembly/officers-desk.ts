/**
 * Where officers' acts on the policy store are done for those who ask over the network: one after the other, each in a thread that
 * ends with it, so that no reader waits.
 *
 * In      where the store is, and the seed of the key that signs.
 * Out     the number of what stands for the act.
 * Bounds  `MOST_WAITING` acts wait; an act takes `ACT_TIMEOUT_MS` at most. One that waits is dropped when its asker has gone; one that
 *         was begun is done or not done as a whole, whoever waits for it.
 * Errors  OVERLOADED; PROVER_UNAVAILABLE when the thread ends before its act; those of the act.
 */
import { Worker } from "node:worker_threads";
import { GatewayError } from "../kernel/errors.ts";
import { Turns } from "../kernel/turns.ts";
import type { OfficerJob, OfficerReply } from "./officer-worker.ts";

export type OfficerRequest = Pick<OfficerJob, "officer" | "act" | "schemaDir" | "startingFolder">;
export type DeskPlace = Pick<OfficerJob, "databaseUrl" | "seed" | "vkeys">;

const MOST_WAITING = 8;
/** Ten times what a publication takes, and less than its asker waits for the gateway's own subgraph. */
const ACT_TIMEOUT_MS = 80_000;

export class OfficersDesk {
  readonly #place: DeskPlace;
  readonly #timeoutMs: number;
  readonly #turns = new Turns(MOST_WAITING);
  #worker: Worker | null = null;
  #isClosed = false;

  constructor(place: DeskPlace, timeoutMs: number = ACT_TIMEOUT_MS) {
    this.#place = place;
    this.#timeoutMs = timeoutMs;
  }

  perform(request: OfficerRequest, signal: AbortSignal): Promise<number> {
    return this.#turns.take(signal, () => this.#inThread({ ...this.#place, ...request }));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  async #inThread(job: OfficerJob): Promise<number> {
    if (this.#isClosed) throw ended("was closed");
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const worker = new Worker(new URL(`./officer-worker.${extension}`, import.meta.url), { workerData: job });
    this.#worker = worker;
    const { promise, resolve, reject } = Promise.withResolvers<OfficerReply>();
    worker.once("message", resolve).once("error", () => reject(ended("failed")));
    worker.once("exit", () => reject(ended("ended")));
    const timer = setTimeout(() => reject(ended("did not answer in time")), this.#timeoutMs);
    try {
      const reply = await promise;
      if ("number" in reply) return reply.number;
      const { code, message, problems } = reply;
      throw new GatewayError(code, message, problems.length > 0 ? { problems } : {});
    } finally {
      clearTimeout(timer);
      await worker.terminate();
      this.#worker = null;
    }
  }
}

const ended = (why: string): GatewayError =>
  new GatewayError(
    "PROVER_UNAVAILABLE",
    `the thread that works on the policies ${why}: look at what stands, then try again`,
  );
