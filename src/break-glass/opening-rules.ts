/**
 * Who may open emergency access, and with what reason: every rule that needs no look at what is to be opened.
 *
 * Out     null, or what keeps this member of staff from it. Nothing here depends on the case, so no refusal tells of one.
 * Rule    security design §2.7: purpose EMERGENCY_PROTECTION, certificate SAFEGUARDING, AAL2 or higher with authentication
 *         younger than five minutes, a reason of 20 characters or more, blanks at its ends and repeated ones not counted.
 * Bounds  a reason has at most 2,000 characters.
 */
export interface Applicant {
  readonly purpose: string;
  readonly certificates: ReadonlySet<string>;
  readonly assurance: string;
  /** Milliseconds since the epoch; null when the issuer does not say. */
  readonly authenticatedAtMs: number | null;
}

export type Refusal =
  | { readonly kind: "forbidden"; readonly reason: "PURPOSE" | "NOT_YOURS" }
  | { readonly kind: "certificate"; readonly skill: typeof CERTIFICATE }
  | { readonly kind: "guard"; readonly guard: Guard };

export type Guard = "FRESH_AUTHENTICATION" | "JUSTIFICATION" | "DAILY_LIMIT" | "ALREADY_REVIEWED";

export const EMERGENCY = "EMERGENCY_PROTECTION";
export const GLASS_MS = 3_600_000;
export const REVIEW_WITHIN_MS = 72 * 3_600_000;
export const OPENINGS_A_DAY = 3;
/** So many openings without justification suspend the member of staff. */
export const UNJUSTIFIED_SUSPENDS = 2;
const CERTIFICATE = "SAFEGUARDING";
const FRESH_MS = 300_000;
/** The issuer's clock may be ahead by as much. */
const AHEAD_MS = 10_000;
const REASON_CHARACTERS = { least: 20, most: 2_000 } as const;
const STRONG: ReadonlySet<string> = new Set(["AAL2", "AAL3"]);

export function refusalOf(applicant: Applicant, reason: string, nowMs: number): Refusal | null {
  if (applicant.purpose !== EMERGENCY) return { kind: "forbidden", reason: "PURPOSE" };
  if (!applicant.certificates.has(CERTIFICATE)) return { kind: "certificate", skill: CERTIFICATE };
  if (!isFresh(applicant, nowMs)) return guard("FRESH_AUTHENTICATION");
  const characters = [...reason.trim().replaceAll(/\s+/g, " ")].length;
  const { least, most } = REASON_CHARACTERS;
  return characters < least || characters > most ? guard("JUSTIFICATION") : null;
}

export const guard = (failed: Guard): Refusal => ({ kind: "guard", guard: failed });

function isFresh({ assurance, authenticatedAtMs }: Applicant, nowMs: number): boolean {
  if (!STRONG.has(assurance) || authenticatedAtMs === null) return false;
  const age = nowMs - authenticatedAtMs;
  return age < FRESH_MS && age >= -AHEAD_MS;
}
