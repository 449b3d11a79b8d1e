/**
 * Rows of the ministry's old system as objects of its schema: codes, dates without dashes, text in cp1256.
 *
 * Errors  a code that is in no list is AGENCY_BAD_REPLY: better nothing than a wrong status.
 */
import type { Selectable } from "kysely";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { MosdDatabase } from "./database.ts";
import type * as T from "./types.ts";

type Row<Table extends keyof MosdDatabase> = Selectable<MosdDatabase[Table]>;

const KINDS: Readonly<Record<string, string>> = {
  1: "SHELTER",
  2: "SOCIAL",
  3: "PSYCHOLOGICAL",
  4: "FINANCIAL",
};
const STATES: Readonly<Record<string, string>> = {
  0: "NOT_ASSESSED",
  1: "POSSIBLE_VICTIM",
  2: "ACTUAL_VICTIM",
  9: "NOT_A_VICTIM",
};

export const careRecord = (row: Row<"care_record">): T.CareRecord => ({
  kind: coded(KINDS, row.ry_nw),
  on: dashed(row.ry_tr),
  summary: readable(row.ry_ml),
});

export const decisionRecord = (row: Row<"status_decision">): T.StatusDecision => ({
  status: coded(STATES, row.qr_hl),
  decidedOn: dashed(row.qr_tr),
  reasons: readable(row.qr_sb),
});

export const facilityRecord = (row: Row<"licence">): T.Facility => ({
  uid: row.tr_no,
  licence: {
    number: row.tr_rq,
    validUntil: row.tr_nh === null ? null : dashed(row.tr_nh),
    capacity: row.tr_sa,
  },
});

function coded(list: Readonly<Record<string, string>>, code: string | number): string {
  const name = list[code];
  if (name === undefined)
    throw new GatewayError("AGENCY_BAD_REPLY", "a code that is in no list", { agency: "MOSD" });
  return name;
}

const dashed = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;

const cp1256 = new TextDecoder("windows-1256");

const readable = (bytes: Uint8Array | null): string | null => (bytes === null ? null : cp1256.decode(bytes));
