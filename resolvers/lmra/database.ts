/** The labour authority's tables as its database describes them (`sandbox/lmra/schema.ts` in the sandbox). */
import type { DateRange } from "../shared/values.ts";

export interface LmraDatabase {
  readonly worker: {
    readonly permit_no: string;
    readonly cpr: string;
    readonly mobile_phone: string;
    readonly permit_type: string;
    readonly permit_status: string;
    readonly valid_from: string;
    readonly valid_until: string;
    readonly employer_no: string | null;
    readonly occupation: string;
    readonly sector: string;
    readonly unpaid_months: number;
    /** An order that says nothing. */
    readonly shuffled: string;
  };
  /** Permits before the present one, by the present one's number. */
  readonly permit: {
    readonly permit_no: string;
    readonly employer_no: string;
    readonly valid_from: string;
    readonly valid_until: string;
    readonly end_reason: string;
  };
  readonly contract: {
    readonly permit_no: string;
    readonly wage: string;
    readonly hours_per_week: number;
    readonly signed_in_origin: boolean;
    readonly languages: readonly string[];
  };
  readonly wage_month: {
    readonly permit_no: string;
    readonly period: string;
    readonly due: string;
    readonly paid: string;
    readonly paid_on: string | null;
  };
  readonly complaint: {
    readonly number: string;
    readonly permit_no: string;
    readonly grounds: readonly string[];
    readonly filed_on: string;
    readonly state: string;
    readonly screened_for_trafficking: boolean;
  };
  readonly left_work: {
    readonly permit_no: string;
    readonly filed_on: string;
    readonly by_employer: boolean;
    readonly complaint_before: boolean;
  };
  readonly employer: {
    readonly employer_no: string;
    readonly cr_number: string | null;
    readonly kind: string;
    readonly name: string;
    readonly area: string;
    readonly worker_count: number;
    readonly shuffled: string;
  };
  readonly inspection: {
    readonly number: string;
    readonly employer_no: string;
    readonly visited_on: string;
    readonly findings: string;
    readonly result: string;
  };
  readonly risk_signal: {
    readonly number: string;
    readonly employer_no: string;
    readonly rule: string;
    readonly score: number;
    readonly facts: readonly { readonly name: string; readonly count: number; readonly period: DateRange }[];
    readonly raised_at: string;
    readonly sector: string;
    readonly area: string;
    readonly intervention: {
      readonly kind: string;
      readonly openedOn: string | null;
      readonly result: string | null;
    } | null;
  };
}
