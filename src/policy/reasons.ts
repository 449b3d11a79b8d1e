/**
 * Reasons R1–R17: which one an outcome records, and which one its reader is told.
 *
 * Rule    domain rules §4 (reason) and the wall of silence around overlays: a child (R10), a sealed trial and a staff
 *         conflict read as R7, because the true reason would tell what is withheld. HIDE tells nothing at all.
 */
import type { PolicyId } from "../kernel/brands.ts";
import { NO_OBLIGATIONS, type Obligations } from "../kernel/obligations.ts";
import type { Effect, Outcome } from "./verdict.ts";

const MINIMISATION = "R7";
const SILENT = new Set(["R10"]);
/** The refusal of the person is answered before the relation is looked at (rules §4, step 4). */
export const REFUSAL = "R3";

/** The first code of `@legalBasis` is the reason that a forbid gives; the others say what else it rests on. */
export const reasonOf = (legalBasis: string): string => legalBasis.split(" ")[0] ?? MINIMISATION;

function shownReason(effect: Effect, reason: string | null): string | null {
  if (effect === "HIDE" || reason === null) return null;
  return SILENT.has(reason) ? MINIMISATION : reason;
}

export function outcome(
  effect: Effect,
  reason: string | null,
  policies: readonly PolicyId[],
  mask: Outcome["mask"] = null,
  obligations: Obligations = NO_OBLIGATIONS,
): Outcome {
  return Object.freeze({
    effect,
    reason,
    shownReason: shownReason(effect, reason),
    policies: Object.freeze(policies),
    mask,
    obligations,
  });
}

/** Step 1: a field or role that does not exist, or a purpose that is not held. */
export const UNKNOWN: Outcome = outcome("DENY", null, []);
