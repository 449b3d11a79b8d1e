/** Rows of the national committee (NCC) and of the training centre (RTC). */
import type * as C from "./codes.ts";
import type { DateRange, LocalizedText, Money } from "./types-values.ts";

// NCC: committee

export interface NccRecommendationRow {
  readonly number: string;
  readonly source: "TIP_REPORT" | "UPR" | "UNTOC_REVIEW" | "TREATY_BODY" | "NATIONAL";
  readonly text: LocalizedText;
  /** Member addresses. */
  readonly assignees: readonly string[];
  readonly status: "OPEN" | "IN_PROGRESS" | "PARTLY" | "DONE" | "REJECTED";
  readonly evidence: readonly { readonly code: string; readonly year: number }[];
  readonly published: boolean;
}
export interface NccReportRow {
  readonly number: string;
  readonly kind: string;
  readonly period: DateRange;
  readonly status: "DRAFT" | "AGENCY_APPROVED" | "FILED";
  readonly assignees: readonly string[];
  readonly tables: readonly { readonly code: string; readonly year: number }[];
}
export interface NccTableRow {
  readonly code: string;
  readonly year: number;
  readonly title: LocalizedText;
  readonly method: "NONE" | "SUPPRESSION" | "ROUNDING" | "NOISE";
  readonly cells: readonly {
    readonly keys: readonly string[];
    readonly value: number | null;
    readonly mark: "SMALL" | "COMPLEMENTARY" | "NOT_AVAILABLE" | null;
  }[];
}
/** A grant (`caseRef` is NCC's key of Case, `FND-…`) or the payment of a court's award. `ref`: key of Compensation at NCC. */
export interface NccFundRow {
  readonly ref: string;
  readonly caseRef: string;
  /** `grant`: listed by `Case.fundGrants`; `award`: the court's, of which the fund records the payment only. */
  readonly kind: "grant" | "award";
  readonly source: "COURT" | "FUND" | "SETTLEMENT";
  readonly amount: Money;
  readonly paidOn: string | null;
}

// RTC: training

/** Key of Staff at RTC is `holderNo`; of the rest their own `number`. */
export interface RtcHolderRow {
  readonly holderNo: string;
  /** As the member's own staff list has the person, and its tokens name them. */
  readonly staffId: string;
  readonly member: string;
  readonly agency: C.AgencyCode;
}
export interface RtcTrainerRow {
  readonly number: string;
  readonly holderNo: string;
  readonly certifiedBy: string;
  readonly member: string;
  readonly agency: C.AgencyCode;
}
export interface RtcCertificateRow {
  readonly number: string;
  readonly skill: C.Skill;
  readonly holderNo: string;
  readonly member: string;
  readonly validUntil: string;
}
export interface RtcProgrammeRow {
  readonly number: string;
  readonly title: LocalizedText;
  readonly published: boolean;
  readonly runs: readonly {
    readonly from: string;
    readonly until: string;
    readonly place: string;
    readonly seats: number;
  }[];
}
export interface RtcKnowledgeRow {
  readonly number: string;
  readonly kind: "STUDY" | "STANDARD" | "MANUAL" | "SCREENING_FORM";
  readonly title: LocalizedText;
  readonly body: LocalizedText;
  readonly published: boolean;
}
