/** The social ministry's rows, table by table, in its own codes. */
import type { AgencyDatabase } from "../database/agency-database.ts";
import type { CopiedTable } from "../database/copy.ts";
import { tableOf } from "../database/table-rows.ts";
import type { World } from "../synth/world.ts";
import { cp1256 } from "./cp1256.ts";
import { CARE_CODES, MOSD_INDEXES, MOSD_TABLES, STATUS_CODES } from "./schema.ts";

export const MOSD_DATABASE: AgencyDatabase = {
  name: "mosd",
  tables: MOSD_TABLES,
  indexes: MOSD_INDEXES,
  rows: mosdRows,
};

function mosdRows({ mosd }: World): readonly CopiedTable[] {
  let line = 0;
  return [
    tableOf("care_record", mosd.care, {
      ry_no: (row) => row.careNo,
      ry_sl: () => ++line,
      ry_nw: (row) => CARE_CODES[row.kind],
      ry_tr: (row) => compact(row.on),
      ry_ml: (row) => cp1256(row.summary),
    }),
    tableOf("status_decision", mosd.statusDecisions, {
      qr_no: (row) => row.careNo,
      qr_hl: (row) => STATUS_CODES[row.status],
      qr_tr: (row) => compact(row.decidedOn),
      qr_sb: (row) => cp1256(row.reasons),
    }),
    tableOf("licence", mosd.licences, {
      tr_no: (row) => row.licenceNo,
      tr_rq: (row) => row.number,
      tr_nh: (row) => compact(row.validUntil),
      tr_sa: (row) => row.capacity,
    }),
  ];
}

const compact = (date: string): string => date.replaceAll("-", "");
