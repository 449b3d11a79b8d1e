/** The national committee's tables as its database describes them (`sandbox/ncc/schema.ts` in the sandbox). */
import type { Agency } from "../shared/values.ts";
import type { AggregateCell, AggregateRef } from "./types.ts";

export interface NccDatabase {
  readonly recommendation: {
    readonly number: string;
    readonly source: string;
    readonly text_ar: string;
    readonly text_en: string;
    readonly assignees: readonly Agency[];
    readonly status: string;
    readonly evidence: readonly AggregateRef[];
    readonly published: boolean;
  };
  readonly report: {
    readonly number: string;
    readonly kind: string;
    readonly period_from: string | null;
    readonly period_until: string | null;
    readonly status: string;
    readonly assignees: readonly Agency[];
    readonly cites: readonly AggregateRef[];
  };
  readonly release_table: {
    readonly code: string;
    readonly year: number;
    readonly title_ar: string;
    readonly title_en: string;
    readonly method: string;
    readonly cells: readonly AggregateCell[];
  };
  readonly fund_payment: {
    readonly ref: string;
    readonly case_ref: string;
    /** `grant`: the fund's own; `award`: a court's, of which the fund keeps the payment. */
    readonly kind: string;
    readonly source: string;
    readonly amount: string;
    readonly paid_on: string | null;
  };
}
