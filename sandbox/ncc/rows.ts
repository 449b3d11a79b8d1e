/** The national committee's rows, table by table. */
import type { AgencyDatabase } from "../database/agency-database.ts";
import type { CopiedTable } from "../database/copy.ts";
import { tableOf } from "../database/table-rows.ts";
import type { World } from "../synth/world.ts";
import { NCC_INDEXES, NCC_TABLES } from "./schema.ts";

export const NCC_DATABASE: AgencyDatabase = {
  name: "ncc",
  tables: NCC_TABLES,
  indexes: NCC_INDEXES,
  rows: nccRows,
};

function nccRows({ ncc, members }: World): readonly CopiedTable[] {
  const codes = new Map(members.map(({ address, agency }) => [address, agency]));
  const agencies = (addresses: readonly string[]) =>
    JSON.stringify(addresses.map((address) => ({ address, code: codes.get(address) })));
  return [
    tableOf("recommendation", ncc.recommendations, {
      number: (row) => row.number,
      source: (row) => row.source,
      text_ar: (row) => row.text.ar,
      text_en: (row) => row.text.en,
      assignees: (row) => agencies(row.assignees),
      status: (row) => row.status,
      evidence: (row) => JSON.stringify(row.evidence),
      published: (row) => row.published,
    }),
    tableOf("report", ncc.reports, {
      number: (row) => row.number,
      kind: (row) => row.kind,
      period_from: (row) => row.period.from,
      period_until: (row) => row.period.until,
      status: (row) => row.status,
      assignees: (row) => agencies(row.assignees),
      cites: (row) => JSON.stringify(row.tables),
    }),
    tableOf("release_table", ncc.releasedTables, {
      code: (row) => row.code,
      year: (row) => row.year,
      title_ar: (row) => row.title.ar,
      title_en: (row) => row.title.en,
      method: (row) => row.method,
      cells: (row) => JSON.stringify(row.cells),
    }),
    tableOf("fund_payment", ncc.fund, {
      ref: (row) => row.ref,
      case_ref: (row) => row.caseRef,
      kind: (row) => row.kind,
      source: (row) => row.source,
      amount: (row) => row.amount.amount,
      paid_on: (row) => row.paidOn,
    }),
  ];
}
