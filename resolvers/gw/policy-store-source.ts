/**
 * The policy store as officers use it over GraphQL, and who of those who ask is one.
 *
 * Rule    policy has cut these fields for everybody else before; acts are refused here once more, by role and purpose, whatever the
 *         policies in force may say of group POLICIES.
 * Errors  OPERATION_FORBIDDEN; POLICY_REFUSED where policies are files.
 */
import type { OutboundReader } from "../../src/execute/backend.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { officerOf } from "../../src/policy-store/officer.ts";
import type { OfficerAct } from "../../src/policy-store/officer-act.ts";
import type { Officer } from "../../src/policy-store/statements.ts";
import type { PolicyStore } from "../../src/policy-store/store.ts";

export interface PolicyStoreSource {
  /** Read only: what changes it goes through `perform`. */
  readonly store: PolicyStore;
  /** What a first draft is made of. */
  readonly startingFolder: string;
  /** Gives the number of the draft, publication or shadow that stands for the act then. */
  perform(officer: Officer, act: OfficerAct, signal: AbortSignal): Promise<number>;
  /** How often the draft of that shadow differed, as far as this gateway has seen; null when it has not seen it. */
  differences(shadow: number): number | null;
}

interface Asking {
  readonly policyStore: PolicyStoreSource | null;
  readonly reader: OutboundReader;
}

/** For an officer; null never: where there is no store, it says so. */
export function storeFor({ policyStore, reader }: Asking): {
  readonly source: PolicyStoreSource;
  readonly officer: Officer;
} {
  const officer = officerOf(reader);
  if (policyStore) return { source: policyStore, officer };
  throw new GatewayError(
    "POLICY_REFUSED",
    "this deployment decides by files: set `policy.source: store`, or change the files",
  );
}
