/**
 * What is decided about a case before any of its rows is written. The cast scripts plans; `plan.ts` draws the rest.
 */
import type * as C from "./codes.ts";
import type { Form } from "./knobs.ts";

export interface ReferralPlan {
  /** Member. */
  readonly to: string;
  readonly reason: C.ReferralReason;
  readonly purpose: C.PurposeOfUse;
  readonly groups: readonly C.FieldGroup[];
  readonly status: C.ReferralStatus;
  readonly basis: C.DisclosureBasis;
  /** `past`: ran out although nobody ended it. */
  readonly expires: "future" | "past";
}
export interface ConsentPlan {
  readonly scope: C.ConsentScope;
  /** Members. */
  readonly recipients: readonly string[];
  readonly groups: readonly C.FieldGroup[];
  readonly status: C.ConsentStatus;
  readonly validity: "future" | "past";
  readonly givenBy: C.ConsentGiver;
}
export interface CasePlan {
  readonly index: number;
  /** Number of the victim in the population. */
  readonly victim: number;
  readonly form: Form;
  readonly openedDay: number;
  readonly tracks: Omit<import("./types-ledger.ts").CaseTracks, "JUSTICE">;
  readonly outcome: C.ScreeningOutcome | null;
  /** Police file. */
  readonly file: number | null;
  readonly closed: C.ClosureReason | null;
  readonly mergedInto: number | null;
  readonly child: boolean;
  readonly anonymousReport: boolean;
  /** Facility of the last stay; null for those who never stayed. */
  readonly shelteredAt: number | null;
  readonly referrals: readonly ReferralPlan[];
  readonly consents: readonly ConsentPlan[];
  readonly courtGroups: readonly C.FieldGroup[];
  readonly staffConflict: readonly string[];
  /** Societies that keep assistance records about the victim. */
  readonly assistedBy: readonly string[];
  readonly cared: boolean;
  /** The fund's own grant, which needs no conviction, and what a court awarded and the fund paid. */
  readonly compensation: { readonly grant: boolean; readonly award: "none" | "awarded" | "paid" };
  readonly returnWish: C.ReturnWish | null;
}
export interface FilePlan {
  readonly index: number;
  readonly state: C.JusticeState;
  readonly suspects: number;
  readonly sealed: boolean;
  /** Members for whom a suspect works. */
  readonly officialSuspect: readonly string[];
}

/** The agency's part of a member address: default grants per reason (agencies.md §7), with what a case overview needs. */
export const GRANTS = {
  police: ["CASE_HEADER", "SCREENING", "EXPLOITATION_DETAIL", "IDENTITY_CORE", "DEMOGRAPHICS"],
  prosecution: [
    "CASE_HEADER",
    "SCREENING",
    "EXPLOITATION_DETAIL",
    "IDENTITY_CORE",
    "DEMOGRAPHICS",
    "IDENTIFIERS",
    "EMPLOYMENT",
    "WAGES_COMPLAINTS",
    "VICTIM_STATEMENT",
    "SUSPECT",
    "INVESTIGATION_FILE",
    "TRIAL_VERDICT",
    "COMPENSATION",
  ],
  court: [
    "CASE_HEADER",
    "SCREENING",
    "EXPLOITATION_DETAIL",
    "IDENTITY_CORE",
    "DEMOGRAPHICS",
    "VICTIM_STATEMENT",
    "SUSPECT",
    "INVESTIGATION_FILE",
    "PROSECUTION_FILE",
  ],
  care: [
    "CASE_HEADER",
    "IDENTITY_CORE",
    "DEMOGRAPHICS",
    "SERVICES_PLAN",
    "SHELTER_PLACEMENT",
    "HEALTH_PSYCH",
  ],
  status: ["CASE_HEADER", "SCREENING", "EXPLOITATION_DETAIL", "IDENTITY_CORE", "DEMOGRAPHICS"],
  society: ["IDENTITY_CORE", "SERVICES_PLAN"],
  societyWide: ["CASE_HEADER", "IDENTITY_CORE", "DEMOGRAPHICS", "SERVICES_PLAN"],
  legalAid: ["CASE_HEADER", "EMPLOYMENT", "WAGES_COMPLAINTS", "EXPLOITATION_DETAIL", "COMPENSATION"],
  embassy: ["IDENTITY_CORE", "IDENTIFIERS", "RETURN"],
  foreign: ["IDENTITY_CORE", "RETURN", "SERVICES_PLAN"],
  labour: ["CASE_HEADER", "EMPLOYMENT", "WAGES_COMPLAINTS"],
  fund: ["COMPENSATION"],
} as const satisfies Readonly<Record<string, readonly C.FieldGroup[]>>;

export function referral(
  to: string,
  reason: C.ReferralReason,
  purpose: C.PurposeOfUse,
  groups: readonly C.FieldGroup[],
  rest: Partial<ReferralPlan> = {},
): ReferralPlan {
  return { to, reason, purpose, groups, status: "ACCEPTED", basis: "CONSENT", expires: "future", ...rest };
}

export function consent(
  scope: C.ConsentScope,
  recipients: readonly string[],
  groups: readonly C.FieldGroup[],
  rest: Partial<ConsentPlan> = {},
): ConsentPlan {
  return { scope, recipients, groups, status: "GIVEN", validity: "future", givenBy: "SELF", ...rest };
}
