/**
 * Keeps a failing agency from holding up the others: a circuit breaker and a bulkhead per agency (or member).
 *
 * Breaker   opens after 20 failures in a row; while it is open calls fail at once; after 5 s one call tries again.
 *           A failure is any error of the agency family except `Withdrawn`: answers that deny or know nothing are answers.
 * Bulkhead  at most 64 calls at a time and 256 waiting; more fail at once.
 * Errors    AGENCY_UNAVAILABLE for what was not even asked.
 */
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from "cockatiel";
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import {
  DEFAULT_AGENCY_CONCURRENCY,
  DEFAULT_BREAKER_FAILURES,
  DEFAULT_BREAKER_PAUSE_MS,
} from "../kernel/limits.ts";
import { Withdrawn } from "./deadline.ts";

export interface GuardOptions {
  readonly agency: AgencyCode;
  readonly failures?: number;
  readonly halfOpenAfterMs?: number;
  readonly concurrent?: number;
  readonly waiting?: number;
}

export interface Guard {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

const DEFAULTS = {
  failures: DEFAULT_BREAKER_FAILURES,
  halfOpenAfterMs: DEFAULT_BREAKER_PAUSE_MS,
  concurrent: DEFAULT_AGENCY_CONCURRENCY,
  waiting: 256,
};

export function createGuard(options: GuardOptions): Guard {
  const { agency, failures, halfOpenAfterMs, concurrent, waiting } = { ...DEFAULTS, ...options };
  const limit = bulkhead(concurrent, waiting);
  const breaker = circuitBreaker(handleWhen(isAgencyFailure), {
    breaker: new ConsecutiveBreaker(failures),
    halfOpenAfter: halfOpenAfterMs,
  });
  return {
    async run(task) {
      try {
        return await breaker.execute(() => limit.execute(task));
      } catch (cause) {
        if (cause instanceof BrokenCircuitError)
          throw new GatewayError("AGENCY_UNAVAILABLE", "the agency failed too often", { agency, cause });
        if (cause instanceof BulkheadRejectedError)
          throw new GatewayError("AGENCY_UNAVAILABLE", "too many questions wait for the agency", {
            agency,
            cause,
          });
        throw cause;
      }
    },
  };
}

const isAgencyFailure = (error: unknown) =>
  error instanceof GatewayError && error.family === "agency" && !(error instanceof Withdrawn);
