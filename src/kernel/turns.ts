/**
 * Work that is done one piece at a time, in the order in which it came.
 *
 * Bounds  as many wait as the bound says. Whoever hangs up while waiting leaves the queue, and is told so at once.
 * Errors  OVERLOADED when the queue is full; the signal's reason when whoever waits has hung up; those of the work.
 */
import { GatewayError } from "./errors.ts";

export class Turns {
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  constructor(mostWaiting: number) {
    this.#mostWaiting = mostWaiting;
  }

  async take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    if (this.#isTaken) await this.#turn(signal);
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#isTaken = false;
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#mostWaiting)
      throw new GatewayError("OVERLOADED", `${this.#mostWaiting} wait for a turn already`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      const at = this.#waiting.indexOf(resolve);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(signal.reason);
    };
    this.#waiting.push(resolve);
    signal.addEventListener("abort", leave, { once: true });
    await promise.finally(() => signal.removeEventListener("abort", leave));
  }
}
