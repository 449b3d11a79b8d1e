/**
 * A subscription's bodies that somebody may end from outside: at the expiry of a token, a revocation, a publication of policies.
 *
 * In      the bodies as the pipeline makes them.
 * Out     the answer for the transport, and `end`: the wait for the next body ends at once with the error that the reader is told,
 *         and what makes the bodies is ended. A transport that is busy with a slow reader hears of it by `ended`.
 */
import type { GatewayError } from "../kernel/errors.ts";
import { Interruptible } from "../kernel/interruptible.ts";
import type { Answer, Body } from "./answer.ts";

export interface Endable {
  readonly answer: Extract<Answer, { readonly kind: "events" }>;
  /** Once it is over, nothing happens. */
  end(error: GatewayError): void;
}

/** `onOver` is called once, however it ends: a generator that waits is woken by nothing but what it waits for. */
export function endable(source: AsyncIterator<Body>, onOver: () => void = () => {}): Endable {
  const controller = new AbortController();
  const bodies = new Interruptible(source, onOver);
  return {
    answer: { kind: "events", bodies, ended: controller.signal },
    end(error) {
      if (bodies.isOver) return;
      bodies.interrupt(error);
      controller.abort(error);
    },
  };
}
