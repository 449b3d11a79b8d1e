/** The social ministry's tables as its database describes them: see `sandbox/mosd/schema.ts` for what the names mean. */
export interface MosdDatabase {
  readonly care_record: {
    readonly ry_no: string;
    readonly ry_sl: number;
    readonly ry_nw: number;
    readonly ry_tr: string;
    readonly ry_ml: Uint8Array | null;
  };
  readonly status_decision: {
    readonly qr_no: string;
    readonly qr_hl: string;
    readonly qr_tr: string;
    readonly qr_sb: Uint8Array | null;
  };
  readonly licence: {
    readonly tr_no: string;
    readonly tr_rq: string;
    readonly tr_nh: string | null;
    readonly tr_sa: number | null;
  };
}
