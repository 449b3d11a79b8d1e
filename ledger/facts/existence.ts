/**
 * Whether a case may exist for a reader: rules §4 for `Case.id` (group CASE_HEADER, class S3), certificates and
 * break-glass aside, which only the gateway knows. The same rule twice: here on folded facts, in `visible.ts` in SQL;
 * a test holds the two equal.
 *
 * In      the reader, for the rule; the facts of one case, for the answer.
 * Out     true unless the gateway is certain to hide the case. The gateway decides again, with everything it knows.
 */
import { isRegister, loadDomain } from "../../src/policy/domain.ts";
import type { Reader } from "../reader.ts";
import type { CaseFacts } from "./case-facts.ts";

export interface ExistenceRule {
  /** What the reader must be to the case (step 5). */
  readonly relation: "none" | "party" | "charged";
  /** A refusal of the header hides the case, unless the reader holds it or a duty lifts the refusal (step 4). */
  readonly refusable: boolean;
  /** The purpose is cleared for S3 only, and a child's S3 is S4 (step 8). */
  readonly adultsOnly: boolean;
  /** A consul sees a child's case only in the child's interest (step 10). */
  readonly childInterestOnly: boolean;
}

const GROUP = "CASE_HEADER";
const LEVEL = "S3";
export const LIFTS_REFUSAL: readonly string[] = ["LEGAL_DUTY", "COURT_ORDER", "VITAL_INTEREST"];
export const CHILD_INTEREST = "CHILD_INTEREST";

/** Null: no case exists for this reader, whatever the row says. */
export function existenceRule({ agency, role, purpose }: Reader): ExistenceRule | null {
  const domain = loadDomain();
  const held = role.startsWith(`${agency}.`) && domain.roles.get(role)?.has(purpose);
  if (!held || purpose === "IMMIGRATION_ENFORCEMENT") return null;
  const cell = domain.cell(GROUP, agency);
  const register = isRegister(cell);
  const clearance = domain.clearance.get(purpose) ?? "S0";
  const relation = RELATIONS[cell.effect];
  if (!relation || (!register && clearance < LEVEL)) return null;
  return {
    relation,
    refusable: !register && (cell.effect === "A" || cell.effect === "P"),
    adultsOnly: !register && clearance === LEVEL,
    childInterestOnly: purpose === "CONSULAR_ASSISTANCE",
  };
}

const RELATIONS: Readonly<Record<string, ExistenceRule["relation"]>> = {
  A: "none",
  M: "none",
  P: "party",
  S: "charged",
};

export function mayExist(rule: ExistenceRule | null, facts: CaseFacts): boolean {
  if (!rule || facts.officialSuspect || facts.staffConflict) return false;
  if (rule.relation === "party" && !facts.party) return false;
  if (rule.relation === "charged" && !facts.charged) return false;
  if (rule.refusable && facts.refusedGroups.includes(GROUP) && !facts.holder && !lifts(facts.basis))
    return false;
  if (facts.child && rule.adultsOnly) return false;
  return !(facts.child && rule.childInterestOnly && facts.basis !== CHILD_INTEREST);
}

const lifts = (basis: string | null): boolean => basis !== null && LIFTS_REFUSAL.includes(basis);
