/**
 * A bound on how long an agency may take, queueing included. When it passes, or the asker gives up, the task's signal
 * aborts and the call rejects at once, whether the task listens or not.
 *
 * Errors  AGENCY_TIMEOUT; `Withdrawn` (AGENCY_UNAVAILABLE) when the asker gave up, which says nothing about the agency.
 */
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";

export class Withdrawn extends GatewayError {
  constructor(agency: AgencyCode) {
    super("AGENCY_UNAVAILABLE", "the question was withdrawn", { agency });
  }
}

export async function withDeadline<Result>(
  agency: AgencyCode,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (signal.aborted) throw new Withdrawn(agency);
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (error: GatewayError) => {
    reject(error);
    controller.abort(error);
  };
  const withdraw = () => end(new Withdrawn(agency));
  signal.addEventListener("abort", withdraw, { once: true });
  const timer = setTimeout(
    () => end(new GatewayError("AGENCY_TIMEOUT", "the agency did not answer in time", { agency })),
    timeoutMs,
  );
  try {
    return await Promise.race([task(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", withdraw);
  }
}
