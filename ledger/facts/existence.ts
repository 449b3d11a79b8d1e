/**
 * When a case may exist for a reader: rules §4 for `Case.id` (group CASE_HEADER, class S3), certificates
 * aside, which only the gateway knows. `visible.ts` asks it of rows, in SQL; a test holds what a list
 * shows equal to the decision procedure, row by row.
 *
 * In      the reader, the domain that the ledger is configured for. Out: what must hold of a case, null when none exists for this reader whatever its row says.
 * The gateway decides again, with everything it knows: here only what it would hide for certain is left out.
 */
import { type Domain, isRegister } from "../../src/policy/domain.ts";
import type { Reader } from "../reader.ts";

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

export function existenceRule({ agency, role, purpose }: Reader, domain: Domain): ExistenceRule | null {
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
