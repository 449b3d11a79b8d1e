/**
 * The five tracks of a case as events: the shortest lawful way from the first state to the present one.
 *
 * Group  each event names the group of the record that it belongs to. A track whose record a reader may not see
 *        enters that reader's stage as NONE: so two readers of one header see different stages (G17).
 * Rule   transitions of model.md §7.
 */
import { isoInstant } from "./calendar.ts";
import type { CasePlan } from "./case-plan.ts";
import type * as C from "./codes.ts";
import type { Context } from "./context.ts";
import { addressOf } from "./members.ts";
import type { CaseEventRow, CaseTracks } from "./types-ledger.ts";

export const TRACKS = [
  "IDENTIFICATION",
  "PROTECTION",
  "JUSTICE",
  "LABOUR",
  "REDRESS",
] as const satisfies readonly C.Track[];

/** States passed through on the way to each state, the state itself last; NONE has no event. */
const WAYS: { readonly [T in C.Track]: Readonly<Record<CaseTracks[T], readonly string[]>> } = {
  IDENTIFICATION: {
    REPORTED: ["REPORTED"],
    INTAKE: ["REPORTED", "INTAKE"],
    SCREENING: ["REPORTED", "INTAKE", "SCREENING"],
    REVIEW: ["REPORTED", "INTAKE", "SCREENING", "REVIEW"],
    PRESUMED: ["REPORTED", "INTAKE", "SCREENING", "PRESUMED"],
    LABOUR_ONLY: ["REPORTED", "INTAKE", "SCREENING", "REVIEW", "LABOUR_ONLY"],
    INSUFFICIENT: ["REPORTED", "INTAKE", "SCREENING", "INSUFFICIENT"],
    NOT_VICTIM: ["REPORTED", "INTAKE", "SCREENING", "NOT_VICTIM"],
    CONFIRMED: ["REPORTED", "INTAKE", "SCREENING", "PRESUMED", "CONFIRMED"],
  },
  PROTECTION: {
    NONE: [],
    OFFERED: ["OFFERED"],
    DECLINED: ["OFFERED", "DECLINED"],
    REFLECTION: ["OFFERED", "REFLECTION"],
    ASSISTED: ["OFFERED", "REFLECTION", "ASSISTED"],
    EXITING: ["OFFERED", "REFLECTION", "ASSISTED", "EXITING"],
    COMPLETED: ["OFFERED", "REFLECTION", "ASSISTED", "EXITING", "COMPLETED"],
  },
  JUSTICE: {
    NONE: [],
    POLICE_REPORT: ["POLICE_REPORT"],
    INVESTIGATION: ["POLICE_REPORT", "INVESTIGATION"],
    PROSECUTION_REVIEW: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW"],
    CHARGED: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW", "CHARGED"],
    TRIAL: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW", "CHARGED", "TRIAL"],
    VERDICT: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW", "CHARGED", "TRIAL", "VERDICT"],
    APPEAL: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW", "CHARGED", "TRIAL", "VERDICT", "APPEAL"],
    FINAL: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW", "CHARGED", "TRIAL", "VERDICT", "FINAL"],
    NO_GROUNDS: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW", "NO_GROUNDS"],
    SHELVED: ["POLICE_REPORT", "INVESTIGATION", "SHELVED"],
    RECHARACTERISED: ["POLICE_REPORT", "INVESTIGATION", "PROSECUTION_REVIEW", "RECHARACTERISED"],
  },
  LABOUR: {
    NONE: [],
    COMPLAINT: ["COMPLAINT"],
    INSPECTION: ["COMPLAINT", "INSPECTION"],
    SETTLEMENT: ["COMPLAINT", "SETTLEMENT"],
    LABOUR_COURT: ["COMPLAINT", "SETTLEMENT", "LABOUR_COURT"],
    RESOLVED: ["COMPLAINT", "SETTLEMENT", "RESOLVED"],
    ESCALATED: ["COMPLAINT", "ESCALATED"],
  },
  REDRESS: {
    NONE: [],
    CLAIMED: ["CLAIMED"],
    AWARDED: ["CLAIMED", "AWARDED"],
    FUND_GRANT: ["FUND_GRANT"],
    PAID: ["CLAIMED", "AWARDED", "PAID"],
    REFUSED: ["CLAIMED", "REFUSED"],
  },
};
/** Days after the opening at which each track begins, and between two of its events. */
const PACE: Readonly<Record<C.Track, readonly [first: number, step: number]>> = {
  IDENTIFICATION: [0, 1],
  PROTECTION: [3, 25],
  JUSTICE: [4, 18],
  LABOUR: [2, 20],
  REDRESS: [90, 20],
};
/** Who brings a state about when it is not the track's first owner. */
const JUSTICE_BY: Readonly<Record<string, C.AgencyCode>> = {
  PROSECUTION_REVIEW: "PPO",
  CHARGED: "PPO",
  NO_GROUNDS: "PPO",
  SHELVED: "PPO",
  RECHARACTERISED: "PPO",
  TRIAL: "CRT",
  VERDICT: "CRT",
  APPEAL: "CRT",
  FINAL: "CRT",
};
const JUSTICE_GROUPS: Readonly<Record<string, C.FieldGroup>> = {
  MOI: "INVESTIGATION_FILE",
  PPO: "PROSECUTION_FILE",
  CRT: "TRIAL_VERDICT",
};

export function eventsOf(ctx: Context, plan: CasePlan, tracks: CaseTracks): CaseEventRow[] {
  return TRACKS.flatMap((track) => trackEvents(ctx, plan, track, tracks[track])).sort((a, b) =>
    a.at < b.at ? -1 : 1,
  );
}

/** The instant of the report, with which a case begins. */
export const openedAt = (ctx: Context, plan: CasePlan): string =>
  isoInstant(plan.openedDay, ctx.draws("opened", plan.index)());

/** The states that a justice track passed through. */
export function reached(state: C.JusticeState, step: C.JusticeState): boolean {
  return WAYS.JUSTICE[state].includes(step);
}

function trackEvents(ctx: Context, plan: CasePlan, track: C.Track, state: string): CaseEventRow[] {
  const way = (WAYS[track] as Readonly<Record<string, readonly string[]>>)[state] ?? [];
  const [first, step] = PACE[track];
  const draw = ctx.draws(`event:${track}`, plan.index);
  return way.map((to, k) => {
    const { by, purpose, group } = actOf(track, to);
    return {
      version: k + 1,
      at:
        track === "IDENTIFICATION" && k === 0
          ? openedAt(ctx, plan)
          : isoInstant(plan.openedDay + first + k * step, draw()),
      track,
      from: way[k - 1] ?? "NONE",
      to,
      by: addressOf(by),
      purpose,
      group,
    };
  });
}

function actOf(
  track: C.Track,
  to: string,
): { by: C.AgencyCode; purpose: C.PurposeOfUse; group: C.FieldGroup } {
  if (track === "IDENTIFICATION")
    return { by: "EPC", purpose: "IDENTIFICATION_SCREENING", group: "CASE_HEADER" };
  if (track === "PROTECTION") return { by: "EPC", purpose: "SHELTER_CARE", group: "CASE_HEADER" };
  if (track === "LABOUR") return { by: "LMRA", purpose: "LABOUR_DISPUTE", group: "WAGES_COMPLAINTS" };
  if (track === "REDRESS") {
    const by = to === "CLAIMED" ? "EPC" : to === "FUND_GRANT" || to === "PAID" ? "NCC" : "CRT";
    return { by, purpose: by === "CRT" ? "ADJUDICATION" : "REDRESS", group: "COMPENSATION" };
  }
  const by = JUSTICE_BY[to] ?? "MOI";
  const purposes = { MOI: "CRIMINAL_INVESTIGATION", PPO: "PROSECUTION", CRT: "ADJUDICATION" } as const;
  return { by, purpose: purposes[by as keyof typeof purposes], group: JUSTICE_GROUPS[by]! };
}
