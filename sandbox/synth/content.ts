/**
 * The ledger's content: what was reported, found, said, planned and given in each case.
 *
 * Rule   a case that was not screened has no screening; one that is no trafficking has no exploitation profile.
 */
import { assigned } from "./assignments.ts";
import { isoDate, isoInstant, monthBefore, TODAY } from "./calendar.ts";
import type { CasePlan } from "./case-plan.ts";
import { REPORT_CHANNELS, type ServiceType } from "./codes.ts";
import type { Context } from "./context.ts";
import { exploitationOf } from "./exploitation.ts";
import { FACILITIES, facilityUid } from "./facilities.ts";
import { pad } from "./identifiers.ts";
import { STAY } from "./knobs.ts";
import { addressOf, JORDAN_NRM } from "./members.ts";
import { type Narrative, narrative } from "./narratives.ts";
import { planOf } from "./plan.ts";
import { normal, pick } from "./random.ts";
import { dimensionResults, findingsOf, suggest } from "./screening.ts";
import { staffUid } from "./staff.ts";
import * as S from "./subjects.ts";
import { type Table, table } from "./tables.ts";
import { openedAt } from "./tracks.ts";
import type * as R from "./types-ledger.ts";

const EPC = addressOf("EPC");

export function content(ctx: Context): Table<R.CaseContentRow> {
  return table("epc.content", ctx.sizes.cases, (i) => contentRow(ctx, planOf(ctx, i)));
}

function contentRow(ctx: Context, plan: CasePlan): R.CaseContentRow {
  const presumed = plan.outcome === "PRESUMED_VICTIM";
  const stays = shelterStays(ctx, plan);
  return {
    uid: S.caseUid(ctx, plan.index),
    index: plan.index,
    report: report(ctx, plan),
    screening:
      plan.tracks.IDENTIFICATION === "REPORTED" || plan.tracks.IDENTIFICATION === "INTAKE"
        ? null
        : screening(ctx, plan),
    exploitation: presumed ? exploitationOf(ctx, plan) : null,
    statements: presumed ? [statement(ctx, plan)] : [],
    supportPlans: presumed || stays.length > 0 ? [supportPlan(ctx, plan)] : [],
    services: services(ctx, plan, presumed),
    shelterStays: stays,
    sheltered: stays.some(({ leftOn }) => leftOn === null),
    health: presumed || stays.length > 0 ? [health(ctx, plan)] : [],
    notes: [note(ctx, plan)],
    returnPlan: returnPlan(ctx, plan),
  };
}

function told(ctx: Context, plan: CasePlan, kind: Narrative): string {
  return ctx.text(narrative(kind, ctx.draws(`text:${kind}`, plan.index)()), "epc.content", plan.index, kind);
}

function report(ctx: Context, plan: CasePlan): R.ReportRow {
  const draw = ctx.draws("report", plan.index);
  const reporter = S.reporterOf(plan);
  return {
    uid: ctx.uid("Report", plan.index),
    number: `RPT-${pad(plan.index, 6)}`,
    channel: pick(REPORT_CHANNELS, draw()),
    receivedAt: openedAt(ctx, plan),
    reporter: reporter === null ? null : S.personUid(ctx, reporter),
    anonymous: reporter === null,
    summary: told(ctx, plan, "summary"),
    immediateDanger: draw() < 0.1,
    takenBy: EPC,
  };
}

function screening(ctx: Context, plan: CasePlan): R.ScreeningRow {
  const draw = ctx.draws("screening", plan.index);
  const findings = findingsOf(ctx, plan);
  const results = dimensionResults(findings);
  const reviewed = plan.outcome !== "PRESUMED_VICTIM" && results.some(({ strong }) => strong > 0);
  return {
    outcome: plan.outcome,
    findings,
    dimensionResults: results,
    suggestedOutcome: suggest(results, plan.child),
    rationale: told(ctx, plan, "rationale"),
    screener: staffUid(ctx, assigned(ctx, plan, EPC, "EPC.screener")),
    reviewer: reviewed ? staffUid(ctx, assigned(ctx, plan, EPC, "EPC.reviewer")) : null,
    interviewLanguage: pick(["eng", "hin", "amh", "tgl", "ben", "ara"], draw()),
    interpreterUsed: draw() < 0.6,
    decidedAt: plan.outcome === null ? null : isoInstant(plan.openedDay + 3, draw()),
  };
}

function statement(ctx: Context, plan: CasePlan): R.CaseContentRow["statements"][number] {
  const draw = ctx.draws("statement", plan.index);
  const takenBy = assigned(ctx, plan, EPC, "EPC.legalOfficer");
  const isRecorded = draw() < 0.5;
  const own = (value: string, field: string) => ctx.text(value, "epc.content", plan.index, field);
  return {
    text: told(ctx, plan, "statement"),
    takenBy: staffUid(ctx, takenBy),
    takenByMember: EPC,
    recordingRef: isRecorded ? own(`rec-${pad(plan.index, 6)}`, "recording") : null,
    recordingTitle: isRecorded ? own("Recorded statement", "sound") : null,
    takenAt: isoInstant(plan.openedDay + 6, draw()),
  };
}

function supportPlan(ctx: Context, plan: CasePlan): R.CaseContentRow["supportPlans"][number] {
  const draw = ctx.draws("supportPlan", plan.index);
  const ended = plan.tracks.PROTECTION === "COMPLETED" || plan.closed !== null;
  return {
    type: pick<ServiceType>(["SHELTER", "PSYCHOLOGICAL", "LEGAL", "LABOUR_REHABILITATION"], draw()),
    objectives: told(ctx, plan, "objectives"),
    actionPlan: told(ctx, plan, "actionPlan"),
    plannedEnd: isoDate(plan.openedDay + 120),
    actualEnd: ended ? isoDate(Math.min(TODAY, plan.openedDay + 110)) : null,
  };
}

function services(ctx: Context, plan: CasePlan, presumed: boolean): R.CaseContentRow["services"] {
  const draw = ctx.draws("services", plan.index);
  const first = { type: "GUIDANCE", provider: EPC, deliveredAt: isoDate(plan.openedDay + 1) } as const;
  if (!presumed) return [first];
  const types = ["FOOD_CLOTHING", "HEALTH", "LEGAL", "INTERPRETATION"] as const;
  const given = types.map((type, k) => ({
    type,
    provider: EPC,
    deliveredAt: isoDate(plan.openedDay + 2 + k),
  }));
  const societies = plan.assistedBy.map((provider) => ({
    type: pick(["SOCIAL_CARE", "TRANSPORT", "EDUCATION"] as const, draw()),
    provider,
    deliveredAt: isoDate(plan.openedDay + 9),
  }));
  return [first, ...given, ...societies];
}

function shelterStays(ctx: Context, plan: CasePlan): R.CaseContentRow["shelterStays"] {
  const at = plan.shelteredAt;
  if (at === null) return [];
  const draw = ctx.draws("stay", plan.index);
  const admitted = plan.openedDay + 1;
  const median = STAY.meanDays / Math.exp(STAY.sigma ** 2 / 2);
  const left = admitted + Math.max(1, Math.round(median * Math.exp(STAY.sigma * normal(draw))));
  const open =
    plan.tracks.PROTECTION === "ASSISTED" || plan.tracks.PROTECTION === "REFLECTION" || left > TODAY;
  return [
    {
      facility: facilityUid(ctx, at),
      house: FACILITIES[at]!.house,
      admittedOn: isoDate(admitted),
      leftOn: open && plan.closed === null ? null : isoDate(Math.min(left, TODAY)),
      freeToLeave: true,
      securityPlan: told(ctx, plan, "security"),
    },
  ];
}

function health(ctx: Context, plan: CasePlan): R.CaseContentRow["health"][number] {
  const draw = ctx.draws("health", plan.index);
  return {
    physical: told(ctx, plan, "physical"),
    psychological: told(ctx, plan, "psychological"),
    disability: draw() < 0.03,
    urgentNeed: draw() < 0.15,
  };
}

function note(ctx: Context, plan: CasePlan): R.CaseContentRow["notes"][number] {
  return {
    at: isoInstant(plan.openedDay + 2, ctx.draws("note", plan.index)()),
    by: staffUid(ctx, assigned(ctx, plan, EPC, "EPC.caseWorker")),
    text: told(ctx, plan, "note"),
  };
}

function returnPlan(ctx: Context, plan: CasePlan): R.CaseContentRow["returnPlan"] {
  if (plan.returnWish === null) return null;
  const foreign = plan.referrals.some(({ to }) => to === JORDAN_NRM);
  return {
    uid: ctx.uid("ReturnPlan", plan.index),
    wish: plan.returnWish,
    riskAssessment: told(ctx, plan, "risk"),
    plannedMonth: plan.returnWish === "RETURN" ? monthBefore(-3) : null,
    receivingOrganisation: foreign ? JORDAN_NRM : null,
  };
}
