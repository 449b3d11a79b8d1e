/** Rows of the labour authority's tables as objects of its schema. */
import type { Selectable } from "kysely";
import { dinars } from "../shared/values.ts";
import type { LmraDatabase } from "./database.ts";
import type * as T from "./types.ts";

type Row<Table extends keyof LmraDatabase> = Selectable<LmraDatabase[Table]>;

export const workerRecord = (row: Row<"worker">): T.Worker => ({
  uid: row.permit_no,
  cpr: row.cpr,
  mobilePhone: row.mobile_phone,
  employerNo: row.employer_no,
  workPermitNo: row.permit_no,
  permitType: row.permit_type,
  permitStatus: row.permit_status,
  permitValid: { from: row.valid_from, until: row.valid_until },
  occupation: row.occupation,
  sector: row.sector,
  unpaidMonths: row.unpaid_months,
});

export const personRecord = ({ cpr, mobilePhone }: T.Worker): T.Person => ({ uid: cpr, mobilePhone });

export const employmentRecord = (row: Row<"permit">): T.Employment => ({
  employerNo: row.employer_no,
  from: row.valid_from,
  until: row.valid_until,
  reason: row.end_reason,
});

export const contractRecord = (row: Row<"contract">): T.Contract => ({
  wage: dinars(row.wage),
  hoursPerWeek: row.hours_per_week,
  signedInOrigin: row.signed_in_origin,
  languages: row.languages,
});

export const wageRecord = (row: Row<"wage_month">): T.WagePayment => ({
  period: row.period,
  due: dinars(row.due),
  paid: dinars(row.paid),
  paidOn: row.paid_on,
});

export const complaintRecord = (row: Row<"complaint">): T.LabourComplaint => ({
  uid: row.number,
  permitNo: row.permit_no,
  number: row.number,
  grounds: row.grounds,
  filedOn: row.filed_on,
  state: row.state,
  screenedForTrafficking: row.screened_for_trafficking,
});

export const leftWorkRecord = (row: Row<"left_work">): T.LeftWorkReport => ({
  filedOn: row.filed_on,
  byEmployer: row.by_employer,
  complaintBefore: row.complaint_before,
});

export const employerRecord = (row: Row<"employer">): T.Employer => ({
  uid: row.employer_no,
  crNumber: row.cr_number,
  kind: row.kind,
  name: row.name,
  area: row.area,
  workerCount: row.worker_count,
});

export const inspectionRecord = (row: Row<"inspection">): T.Inspection => ({
  uid: row.number,
  on: row.visited_on,
  findings: row.findings,
  result: row.result,
});

export const signalRecord = (row: Row<"risk_signal">): T.RiskSignal => ({
  uid: row.number,
  employerNo: row.employer_no,
  rule: row.rule,
  score: row.score,
  facts: row.facts,
  raisedAt: row.raised_at,
  sector: row.sector,
  area: row.area,
  intervention: row.intervention,
});
