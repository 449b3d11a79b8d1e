/**
 * What every subscription at an agency has in common, whatever protocol brings its events.
 *
 * In      `open`, which asks for the subscription and gives its events; its signal aborts when nobody wants them any more.
 * Opened  with the first `next`, within the deadline, through the agency's breaker. How long an event may take has no bound.
 * Ends    the asker's `return` or signal ends it at the agency. An agency that breaks off ends it with AGENCY_UNAVAILABLE; whether
 *         to ask again is the client's to decide, who alone knows what it has missed.
 * Errors  agency family, thrown by `next`. Too many at one member is AGENCY_UNAVAILABLE too.
 */
import type { Backend, SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { Interruptible } from "../kernel/interruptible.ts";
import { Withdrawn, withDeadline } from "./deadline.ts";
import type { Guard } from "./resilience.ts";

export interface SubscriptionOptions {
  readonly agency: AgencyCode;
  /** For the opening. */
  readonly timeoutMs: number;
  /** None for what lives in this process. */
  readonly guard?: Guard;
  readonly maxStreams: number;
}

export type Events = AsyncIterator<SubgraphReply>;
export type Open = (request: SubgraphRequest, signal: AbortSignal) => Promise<Events>;

export type Subscribe = NonNullable<Backend["subscribe"]>;

export function createSubscribe(options: SubscriptionOptions, open: Open): Subscribe {
  const { agency, maxStreams } = options;
  let running = 0;
  return (request) => {
    const life = new AbortController();
    const source = running < maxStreams ? lazily(() => begin(options, open, request, life)) : tooMany(agency);
    const withdraw = () => stream.interrupt(new Withdrawn(agency));
    const stream = new Interruptible(source, () => {
      running -= 1;
      request.signal.removeEventListener("abort", withdraw);
      life.abort();
    });
    running += 1;
    request.signal.addEventListener("abort", withdraw, { once: true });
    if (request.signal.aborted) withdraw();
    return stream;
  };
}

/** When the deadline passes, the opening is given up, and fails for the breaker too. */
function begin(
  { agency, timeoutMs, guard }: SubscriptionOptions,
  open: Open,
  request: SubgraphRequest,
  life: AbortController,
): Promise<Events> {
  return withDeadline(agency, { signal: life.signal, timeoutMs }, (signal) => {
    signal.addEventListener("abort", () => life.abort(), { once: true });
    const opening = () =>
      open(request, life.signal).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : error;
      });
    return guard ? guard.run(opening) : opening();
  });
}

function lazily(start: () => Promise<Events>): Events {
  let events: Promise<Events> | null = null;
  return {
    async next() {
      events ??= start();
      return (await events).next();
    },
    async return() {
      await (await events)?.return?.();
      return { done: true, value: undefined };
    },
  };
}

const tooMany = (agency: AgencyCode): Events => ({
  next: () =>
    Promise.reject(
      new GatewayError("AGENCY_UNAVAILABLE", "too many subscriptions at the agency", { agency }),
    ),
});

export const brokenOff = (agency: AgencyCode, cause?: unknown): GatewayError =>
  new GatewayError("AGENCY_UNAVAILABLE", "the agency broke off", { agency, cause });
