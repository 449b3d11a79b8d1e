/**
 * Where reviews of one policy version are asked for: a worker thread does them, and what it found out is kept.
 *
 * In      the policies in force and the schema folder that they were compiled against.
 * Out     explanations, who sees a field, the access matrix; those that are the same for everybody are worked out once.
 * Errors  PROVER_UNAVAILABLE when a review takes longer than two minutes, or its thread ends; the next one has another.
 * Cost    nothing until somebody asks; then a thread of some 100 MB until `close`.
 */
import { Worker } from "node:worker_threads";
import { LRUCache } from "lru-cache";
import { GatewayError } from "../../kernel/errors.ts";
import type { DecideQuestion } from "../decide.ts";
import type { Explanation } from "../explain/explain.ts";
import type { Language } from "../explain/phrases.ts";
import type { PolicySet } from "../policy-set.ts";
import type { AccessMatrix } from "./matrix.ts";
import type { NumberedReply, ReviewJob, ReviewSource } from "./review-worker.ts";
import type { PlainWho } from "./who.ts";

export interface ReviewDesk {
  explain(question: DecideQuestion, language: Language): Promise<Explanation>;
  /** Null for what is no field with a group. */
  who(field: string, language: Language): Promise<PlainWho | null>;
  matrix(): Promise<AccessMatrix>;
  close(): Promise<void>;
}

const REVIEW_TIMEOUT_MS = 120_000;
const MAX_KEPT = 200;

export function createReviewDesk(policySet: PolicySet, schemaDir: string): ReviewDesk {
  const { version, policies, schema } = policySet;
  const thread = new ReviewThread({ version, policies, schema, schemaDir });
  const kept = new LRUCache<string, Promise<unknown>>({ max: MAX_KEPT });
  const once = <Reply>(key: string, job: ReviewJob): Promise<Reply> => {
    const known = kept.get(key) ?? thread.ask(job);
    kept.set(key, known);
    known.catch(() => kept.delete(key));
    return known as Promise<Reply>;
  };
  return {
    explain: (question, language) =>
      thread.ask({ kind: "explain", question, language }) as Promise<Explanation>,
    who: (field, language) => once(`${field} ${language}`, { kind: "who", field, language }),
    matrix: () => once("matrix", { kind: "matrix" }),
    close: () => thread.close(),
  };
}

class ReviewThread {
  readonly #source: ReviewSource;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | null = null;
  #count = 0;

  constructor(source: ReviewSource) {
    this.#source = source;
  }

  ask(job: ReviewJob): Promise<unknown> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const asked = Promise.withResolvers<unknown>();
    this.#count += 1;
    const number = this.#count;
    this.#open.set(number, asked);
    worker.postMessage({ number, job });
    const timer = setTimeout(() => this.#end(worker, "did not answer in time"), REVIEW_TIMEOUT_MS);
    return asked.promise.finally(() => {
      clearTimeout(timer);
      this.#open.delete(number);
    });
  }

  async close(): Promise<void> {
    if (this.#worker) await this.#end(this.#worker, "was closed");
  }

  #start(): Worker {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const worker = new Worker(new URL(`./review-worker.${extension}`, import.meta.url), {
      workerData: this.#source,
    });
    worker.unref();
    worker.on("message", (reply: NumberedReply) => this.#take(reply));
    worker.on("error", () => void this.#end(worker, "failed"));
    worker.on("exit", () => void this.#end(worker, "ended"));
    return worker;
  }

  #take(reply: NumberedReply): void {
    const asked = this.#open.get(reply.number);
    if ("code" in reply) asked?.reject(new GatewayError(reply.code, reply.message));
    else asked?.resolve(reply.reply);
  }

  /** Everything that it was asked is refused; whoever asks next is given another. */
  async #end(worker: Worker, why: string): Promise<void> {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const asked of this.#open.values())
      asked.reject(new GatewayError("PROVER_UNAVAILABLE", `the thread that reviews policies ${why}`));
    await worker.terminate();
  }
}
