/**
 * A member's backend that asks nothing while the member, or its agency, is suspended.
 *
 * Fetches        fail before anything is sent; what was sent before the suspension was known is finished.
 * Subscriptions  that are open when it is suspended end at once.
 * Errors         AGENCY_SUSPENDED beside those of the backend.
 */
import type { Backend } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { Interruptible } from "../kernel/interruptible.ts";
import type { FollowedSuspensions } from "./suspensions.ts";

export interface SuspendableMember {
  readonly agency: AgencyCode;
  readonly member: MemberAddress;
}

export function suspendable(
  backend: Backend,
  { agency, member }: SuspendableMember,
  suspensions: Pick<FollowedSuspensions, "isSuspended" | "onSuspended">,
): Backend {
  const { subgraph } = backend;
  const isSuspended = () => suspensions.isSuspended(agency, member);
  const suspended = () => new GatewayError("AGENCY_SUSPENDED", "the agency is suspended", { agency });
  const subscribe: Backend["subscribe"] = (request) => {
    const events = backend.subscribe?.(request);
    if (!events) throw new GatewayError("NOT_IMPLEMENTED", `\`${subgraph}\` cannot be subscribed at`);
    const stream = new Interruptible(events, () => forget());
    const interrupt = () => {
      if (isSuspended()) stream.interrupt(suspended());
    };
    const forget = suspensions.onSuspended(interrupt);
    interrupt();
    return stream;
  };
  return {
    subgraph,
    async fetch(request) {
      if (isSuspended()) throw suspended();
      return backend.fetch(request);
    },
    ...(backend.subscribe && { subscribe }),
  };
}
