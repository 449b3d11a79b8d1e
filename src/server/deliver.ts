/**
 * Hands the bodies of an answer to a transport, one at a time, until something ends the stream.
 *
 * Pull      the next body is asked for when the transport has taken the last one: what waits in memory is one body a stream,
 *           however slow its reader is, and nothing is decided long before it is shown.
 * Ends      complete; failed (the iterator throws, or the gateway ends the stream through `ended`); hung up; too slow (a body
 *           not taken for `stallMs`); stopping (only between two bodies).
 * Upstream  whatever ends it, `return` is called once and not waited for: it ends what stands behind the bodies.
 */
import type { GatewayError } from "../kernel/errors.ts";
import type { Answer, Body } from "../respond/answer.ts";
import { toGatewayError } from "./refusal.ts";
import type { Streams } from "./streams.ts";

export type Streaming = Exclude<Answer, { readonly kind: "whole" }>;

export type Ending =
  | { readonly kind: "complete" | "hung-up" | "too-slow" | "stopping" }
  | { readonly kind: "failed"; readonly error: GatewayError };

export interface Stops {
  readonly hangUp: AbortSignal;
  /** Draining ends subscriptions, which have no end of their own. */
  readonly streams: Streams;
}

/** `write` resolves when the transport has taken the body, and rejects when the reader is gone. */
export async function deliver(
  answer: Streaming,
  write: (body: Body) => Promise<void>,
  stops: Stops,
): Promise<Ending> {
  const { bodies } = answer;
  const { streams, hangUp } = stops;
  const waiting = new Waiting();
  const offs = [on(hangUp, () => waiting.end({ kind: "hung-up" }))];
  if (answer.kind === "events") {
    const { ended } = answer;
    offs.push(streams.onDrain(() => waiting.endWhenIdle({ kind: "stopping" })));
    if (ended) offs.push(on(ended, () => waiting.end(failed(ended.reason))));
  }
  try {
    for (;;) {
      const next = await waiting.forNext(bodies.next());
      if (next.done) return { kind: "complete" };
      await waiting.forWrite(write(next.value), streams.options.stallMs);
    }
  } catch (thrown) {
    return thrown instanceof Ended ? thrown.ending : failed(thrown);
  } finally {
    for (const off of offs) off();
    void bodies.return?.().catch(() => {});
  }
}

const failed = (error: unknown): Ending => ({ kind: "failed", error: toGatewayError(error) });

function on(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  signal.addEventListener("abort", act, { once: true });
  return () => signal.removeEventListener("abort", act);
}

class Ended {
  readonly ending: Ending;
  constructor(ending: Ending) {
    this.ending = ending;
  }
}

/** One wait at a time, each with a promise of its own: racing a promise as old as the stream would keep every event's memory. */
class Waiting {
  #ending: Ending | null = null;
  #whenIdle: Ending | null = null;
  #isIdle = false;
  #give: ((ended: Ended) => void) | null = null;

  end(ending: Ending): void {
    this.#ending ??= ending;
    this.#give?.(new Ended(this.#ending));
  }

  endWhenIdle(ending: Ending): void {
    this.#whenIdle = ending;
    if (this.#isIdle) this.end(ending);
  }

  async forNext<Value>(next: Promise<Value>): Promise<Value> {
    if (this.#whenIdle) this.end(this.#whenIdle);
    this.#isIdle = true;
    try {
      return await this.#until(next);
    } finally {
      this.#isIdle = false;
    }
  }

  async forWrite(written: Promise<void>, stallMs: number): Promise<void> {
    const stall = setTimeout(() => this.end({ kind: "too-slow" }), stallMs);
    const taken = written.catch(() => Promise.reject(new Ended({ kind: "hung-up" })));
    try {
      await this.#until(taken);
    } finally {
      clearTimeout(stall);
    }
  }

  #until<Value>(task: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#give = reject;
      task.then(resolve, reject);
      if (this.#ending) reject(new Ended(this.#ending));
    });
  }
}
