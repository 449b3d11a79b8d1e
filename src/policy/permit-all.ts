/**
 * Policies of a supergraph in which nothing is decided: one profile for everybody, and every field permitted.
 *
 * Rule    for `ihala dev` alone; `serve` and `sandbox` have no way to reach it (tests/architecture/layers.test.ts).
 */
import { NO_OBLIGATIONS } from "../kernel/obligations.ts";
import type { Outcome, Profile, Verdict } from "./verdict.ts";

const ALLOWED: Outcome = {
  ...{ effect: "ALLOW", reason: null, shownReason: null, policies: [], mask: null },
  obligations: NO_OBLIGATIONS,
};
const PERMIT: Verdict = Object.freeze({ kind: "settled", outcome: ALLOWED });
const PROFILE: Profile = Object.freeze({ key: "permit-all", verdict: () => PERMIT });

/** No case, and so no groups that one opens. */
const NO_GROUPS = Object.freeze({ groups: new Map<string, string>() });

export const permitAll = Object.freeze({
  version: "permit-all",
  domain: NO_GROUPS,
  profile: (): Profile => PROFILE,
  profiles: (): readonly Profile[] => [PROFILE],
});
