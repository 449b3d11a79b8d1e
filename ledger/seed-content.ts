/** How the content of the synthetic world's cases becomes rows of the ledger's tables: one function per table. */
import type { CaseContentRow, ExploitationRow, ReportRow, ScreeningRow } from "../sandbox/synth/types.ts";
import { fileRows } from "./seed-files.ts";
import type { TableRows } from "./seed-spine.ts";

export function contentRows(cases: readonly CaseContentRow[]): TableRows {
  /** Entries of a case keep their order by `position`. */
  const each = <Row>(list: (row: CaseContentRow) => readonly Row[]) =>
    cases.flatMap((row) => list(row).map((item, position) => ({ case_uid: row.uid, position, ...item })));
  const one = <Row>(item: (row: CaseContentRow) => Row | null) =>
    cases.flatMap((row) => {
      const its = item(row);
      return its ? [{ case_uid: row.uid, ...its }] : [];
    });
  const every = <Row>(list: (row: CaseContentRow) => readonly Row[]) =>
    cases.flatMap((row) => list(row).map((item) => ({ case_uid: row.uid, ...item })));
  return {
    report: one((row) => report(row.report)),
    screening: one((row) => row.screening && screening(row.screening)),
    screening_finding: every((row) => row.screening?.findings ?? []),
    screening_dimension: every((row) => row.screening?.dimensionResults ?? []),
    exploitation: one((row) => row.exploitation && exploitation(row.exploitation)),
    trafficking_event: each((row) => row.exploitation?.events ?? []),
    ...fileRows(cases),
    victim_statement: each((row) => row.statements.map(statement)),
    support_plan: each((row) => row.supportPlans.map(supportPlan)),
    service_delivery: each((row) => row.services.map(service)),
    shelter_stay: each((row) => row.shelterStays.map(stay)),
    health_assessment: each((row) => row.health.map(assessment)),
    case_note: each((row) => row.notes.map(({ at, by, text }) => ({ at, by_staff: by, text }))),
    return_plan: one((row) => row.returnPlan && returnPlan(row.returnPlan)),
  };
}

const report = (row: ReportRow) => ({
  uid: row.uid,
  number: row.number,
  channel: row.channel,
  received_at: row.receivedAt,
  reporter: row.reporter,
  anonymous: row.anonymous,
  summary: row.summary,
  immediate_danger: row.immediateDanger,
  taken_by_member: row.takenBy,
});

const screening = (row: ScreeningRow) => ({
  outcome: row.outcome,
  suggested_outcome: row.suggestedOutcome,
  rationale: row.rationale,
  screener: row.screener,
  reviewer: row.reviewer,
  interview_language: row.interviewLanguage,
  interpreter_used: row.interpreterUsed,
  decided_at: row.decidedAt,
});

const exploitation = (row: ExploitationRow) => ({
  acts: row.acts,
  means: row.means,
  purposes: row.purposes,
  sexual_kinds: row.sexualKinds,
  sector: row.sector,
  control_methods: row.controlMethods,
  recruitment_methods: row.recruitmentMethods,
  recruitment_platforms: row.recruitmentPlatforms,
  exploitation_platforms: row.exploitationPlatforms,
  location_of_recruitment: row.locationOfRecruitment,
  location_of_exploitation: row.locationOfExploitation,
  duration_band: row.durationBand,
  narrative: row.narrative,
});

const statement = (row: CaseContentRow["statements"][number]) => ({
  text: row.text,
  taken_by: row.takenBy,
  taken_by_member: row.takenByMember,
  recording_ref: row.recordingRef,
  taken_at: row.takenAt,
});

const supportPlan = (row: CaseContentRow["supportPlans"][number]) => ({
  type: row.type,
  objectives: row.objectives,
  action_plan: row.actionPlan,
  planned_end: row.plannedEnd,
  actual_end: row.actualEnd,
});

const service = (row: CaseContentRow["services"][number]) => ({
  type: row.type,
  provider_member: row.provider,
  delivered_at: row.deliveredAt,
});

const stay = (row: CaseContentRow["shelterStays"][number]) => ({
  facility: row.facility,
  house_member: row.house,
  admitted_on: row.admittedOn,
  left_on: row.leftOn,
  free_to_leave: row.freeToLeave,
  security_plan: row.securityPlan,
});

const assessment = (row: CaseContentRow["health"][number]) => ({
  physical: row.physical,
  psychological: row.psychological,
  disability: row.disability,
  urgent_need: row.urgentNeed,
});

const returnPlan = (row: NonNullable<CaseContentRow["returnPlan"]>) => ({
  uid: row.uid,
  wish: row.wish,
  risk_assessment: row.riskAssessment,
  planned_month: row.plannedMonth,
  receiving_organisation: row.receivingOrganisation,
});
