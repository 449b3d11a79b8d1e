/** Rows of the labour market register (LMRA, PostgreSQL). */
import type * as C from "./codes.ts";
import type { DateRange, Money } from "./types-values.ts";

/** Key of Person at LMRA is `cpr`, of Worker `permitNo`, of Employer `employerNo`; the rest are LMRA's own. */
export interface LmraWorkerRow {
  readonly permitNo: string;
  readonly cpr: string;
  readonly mobilePhone: string;
  readonly permitType: PermitType;
  readonly permitStatus: PermitStatus;
  readonly permitFrom: string;
  readonly permitUntil: string;
  readonly employerNo: string | null;
  /** ISCO-08 code and title. */
  readonly occupation: string;
  readonly sector: string;
  readonly unpaidMonths: number;
}
export type PermitType =
  | "EMPLOYER_SPONSORED"
  | "DOMESTIC"
  | "LABOUR_REGISTRATION"
  | "FLEXI"
  | "TEMPORARY"
  | "NONE";
export type PermitStatus = "ACTIVE" | "EXPIRED" | "CANCELLED" | "LEFT_WORK" | "GRACE";
export interface LmraContractRow {
  readonly permitNo: string;
  readonly wage: Money;
  readonly hoursPerWeek: number;
  readonly signedInOrigin: boolean;
  readonly languages: readonly string[];
}
/** A permit before the present one. */
export interface LmraEmploymentRow {
  readonly permitNo: string;
  readonly employerNo: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}
export interface LmraWageMonthRow {
  readonly permitNo: string;
  /** `YYYY-MM`. */
  readonly period: string;
  readonly due: Money;
  readonly paid: Money;
  readonly paidOn: string | null;
}
export interface LmraComplaintRow {
  readonly number: string;
  readonly permitNo: string;
  readonly grounds: readonly string[];
  readonly filedOn: string;
  readonly state: C.LabourState;
  readonly screenedForTrafficking: boolean;
}
export interface LmraLeftWorkRow {
  readonly permitNo: string;
  readonly filedOn: string;
  readonly byEmployer: boolean;
  readonly complaintBefore: boolean;
}
export interface LmraEmployerRow {
  readonly employerNo: string;
  /** Null for households. */
  readonly crNumber: string | null;
  readonly kind: "ESTABLISHMENT" | "HOUSEHOLD" | "RECRUITMENT_AGENCY";
  readonly name: string;
  readonly area: string;
  readonly workerCount: number;
}
export interface LmraInspectionRow {
  readonly number: string;
  readonly employerNo: string;
  readonly on: string;
  readonly findings: string;
  readonly result: "CLEAR" | "VIOLATION" | "REFERRED" | "REFUSED";
}
export interface LmraRiskSignalRow {
  readonly number: string;
  readonly employerNo: string;
  readonly rule: string;
  readonly score: number;
  readonly facts: readonly { readonly name: string; readonly count: number; readonly period: DateRange }[];
  readonly raisedAt: string;
  readonly sector: string;
  readonly area: string;
  readonly intervention: {
    readonly kind: "CALL" | "VISIT" | "NOTICE" | "SUSPENSION";
    readonly openedOn: string;
    readonly result: string;
  } | null;
}
