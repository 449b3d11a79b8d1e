/** The labour authority's rows, table by table, columns in the order of `schema.ts`. */
import type { AgencyDatabase } from "../database/agency-database.ts";
import type { CopiedTable } from "../database/copy.ts";
import { tableOf } from "../database/table-rows.ts";
import type { World } from "../synth/world.ts";
import { LMRA_INDEXES, LMRA_TABLES } from "./schema.ts";

export const LMRA_DATABASE: AgencyDatabase = {
  name: "lmra",
  tables: LMRA_TABLES,
  indexes: LMRA_INDEXES,
  rows: lmraRows,
};

function lmraRows({ lmra }: World): readonly CopiedTable[] {
  return [
    tableOf("employer", lmra.employers, {
      employer_no: (row) => row.employerNo,
      cr_number: (row) => row.crNumber,
      kind: (row) => row.kind,
      name: (row) => row.name,
      area: (row) => row.area,
      worker_count: (row) => row.workerCount,
    }),
    tableOf("worker", lmra.workers, {
      permit_no: (row) => row.permitNo,
      cpr: (row) => row.cpr,
      mobile_phone: (row) => row.mobilePhone,
      permit_type: (row) => row.permitType,
      permit_status: (row) => row.permitStatus,
      valid_from: (row) => row.permitFrom,
      valid_until: (row) => row.permitUntil,
      employer_no: (row) => row.employerNo,
      occupation: (row) => row.occupation,
      sector: (row) => row.sector,
      unpaid_months: (row) => row.unpaidMonths,
    }),
    tableOf("permit", lmra.employments, {
      permit_no: (row) => row.permitNo,
      employer_no: (row) => row.employerNo,
      valid_from: (row) => row.from,
      valid_until: (row) => row.until,
      end_reason: (row) => row.reason,
    }),
    tableOf("contract", lmra.contracts, {
      permit_no: (row) => row.permitNo,
      wage: (row) => row.wage.amount,
      hours_per_week: (row) => row.hoursPerWeek,
      signed_in_origin: (row) => row.signedInOrigin,
      languages: (row) => row.languages,
    }),
    tableOf("wage_month", lmra.wageMonths, {
      permit_no: (row) => row.permitNo,
      period: (row) => row.period,
      due: (row) => row.due.amount,
      paid: (row) => row.paid.amount,
      paid_on: (row) => row.paidOn,
    }),
    tableOf("complaint", lmra.complaints, {
      number: (row) => row.number,
      permit_no: (row) => row.permitNo,
      grounds: (row) => row.grounds,
      filed_on: (row) => row.filedOn,
      state: (row) => row.state,
      screened_for_trafficking: (row) => row.screenedForTrafficking,
    }),
    tableOf("left_work", lmra.leftWork, {
      permit_no: (row) => row.permitNo,
      filed_on: (row) => row.filedOn,
      by_employer: (row) => row.byEmployer,
      complaint_before: (row) => row.complaintBefore,
    }),
    tableOf("inspection", lmra.inspections, {
      number: (row) => row.number,
      employer_no: (row) => row.employerNo,
      visited_on: (row) => row.on,
      findings: (row) => row.findings,
      result: (row) => row.result,
    }),
    tableOf("risk_signal", lmra.riskSignals, {
      number: (row) => row.number,
      employer_no: (row) => row.employerNo,
      rule: (row) => row.rule,
      score: (row) => row.score,
      facts: (row) => JSON.stringify(row.facts),
      raised_at: (row) => row.raisedAt,
      sector: (row) => row.sector,
      area: (row) => row.area,
      intervention: (row) => row.intervention && JSON.stringify(row.intervention),
    }),
  ];
}
