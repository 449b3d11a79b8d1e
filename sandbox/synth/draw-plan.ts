/**
 * Draws the plan of a case that nobody scripted: outcome, form, tracks, referrals, consents.
 *
 * In     the case's number and the worker whom its stretch offers as victim (`victims.ts`).
 * Rule   the funnel of synthetic.md §3: 78 % labour-only, 11 % insufficient, 6 % other, 5 % presumed.
 */
import { TODAY } from "./calendar.ts";
import {
  type CasePlan,
  type ConsentPlan,
  consent,
  GRANTS,
  type ReferralPlan,
  referral,
} from "./case-plan.ts";
import type * as C from "./codes.ts";
import { CAST_FILES, type Context } from "./context.ts";
import * as K from "./knobs.ts";
import { AMAN, addressOf, INDIAN_EMBASSY, MWPS, PHILIPPINE_EMBASSY } from "./members.ts";
import type { Person } from "./people.ts";
import { aroundCase } from "./population.ts";
import { chooser, type Draw, pick } from "./random.ts";

type Decided = "PRESUMED" | "LABOUR_ONLY" | "INSUFFICIENT" | "NOT_VICTIM";
const pickOutcome = chooser(K.OUTCOMES);
const pickForm = { M: chooser(K.FORMS.M), F: chooser(K.FORMS.F) };
const pickProtection = chooser(K.PROTECTION_OF_PRESUMED);
const pickLabour = chooser(K.LABOUR_OF_LABOUR_ONLY);
const pickConsent = chooser(K.CONSENTS);
const pickWish = chooser(K.WISHES);
const OUTCOME_OF: Readonly<Record<Decided, C.ScreeningOutcome>> = {
  PRESUMED: "PRESUMED_VICTIM",
  LABOUR_ONLY: "LABOUR_VIOLATION_ONLY",
  INSUFFICIENT: "INSUFFICIENT_INDICATORS",
  NOT_VICTIM: "NO_CONCERN",
};

export function drawPlan(ctx: Context, index: number, candidate: Person): CasePlan {
  const draw = ctx.draws("case", index);
  const decided = pickOutcome(draw());
  const presumed = decided === "PRESUMED";
  const form = pickForm[candidate.sex](draw());
  const visitor = presumed && form === "sexual" && candidate.sex === "F" && draw() < K.VISITORS_AMONG_SEXUAL;
  const undecided = !presumed && draw() < K.UNDECIDED;
  const file = presumed && draw() < K.POLICE_INVOLVED[form] ? drawFile(ctx, draw()) : null;
  const granted = presumed && draw() < 0.15;
  const base: CasePlan = {
    index,
    victim: visitor ? aroundCase(index, "visitor") : candidate.n,
    form,
    openedDay: TODAY - (undecided ? 1 : 10 + Math.floor(draw() * 355)),
    tracks: presumed ? presumedTracks(draw, granted) : otherTracks(decided, undecided, draw),
    outcome: undecided ? null : OUTCOME_OF[decided],
    file,
    closed: null,
    mergedInto: null,
    child: false,
    anonymousReport: draw() < 0.2,
    shelteredAt:
      draw() < (presumed ? K.SHELTERED.presumed : K.SHELTERED.others) ? house(candidate, draw()) : null,
    referrals: [],
    consents: [],
    courtGroups: file === null ? [] : GRANTS.court,
    staffConflict: [],
    assistedBy: [],
    cared: presumed && draw() < 0.5,
    compensation: { grant: granted, award: "none" },
    returnWish: presumed ? wish(draw) : null,
  };
  return close(
    { ...base, ...(presumed ? shared(base, candidate, draw) : labourReferral(decided, undecided)) },
    draw(),
  );
}

/** Files get unequal numbers of victims: a few big ones, many of one or two. */
function drawFile(ctx: Context, u: number): number {
  const drawn = ctx.sizes.files - CAST_FILES;
  return CAST_FILES + Math.floor(u ** K.FILE_SKEW * drawn);
}

function presumedTracks(draw: Draw, granted: boolean): CasePlan["tracks"] {
  const protection = pickProtection(draw());
  const confirmed = draw() < (protection === "COMPLETED" ? 0.6 : 0.25);
  return {
    IDENTIFICATION: confirmed ? "CONFIRMED" : "PRESUMED",
    PROTECTION: protection,
    LABOUR: draw() < 0.3 ? pickLabour(draw()) : "NONE",
    REDRESS: granted ? "FUND_GRANT" : "NONE",
  };
}

function otherTracks(decided: Decided, undecided: boolean, draw: Draw): CasePlan["tracks"] {
  const labour = decided === "LABOUR_ONLY" && !undecided ? pickLabour(draw()) : "NONE";
  const waiting = pick(["REPORTED", "INTAKE", "SCREENING", "REVIEW"] as const, draw());
  return {
    IDENTIFICATION: undecided ? waiting : decided,
    PROTECTION: "NONE",
    LABOUR: labour,
    REDRESS: "NONE",
  };
}

function labourReferral(decided: Decided, undecided: boolean): Pick<CasePlan, "referrals"> {
  if (decided !== "LABOUR_ONLY" || undecided) return { referrals: [] };
  const basis = { basis: "LEGAL_DUTY" } as const;
  return {
    referrals: [referral(addressOf("LMRA"), "LABOUR_DISPUTE", "LABOUR_DISPUTE", GRANTS.labour, basis)],
  };
}

/** Referrals and consents of a presumed victim. */
function shared(
  plan: CasePlan,
  victim: Person,
  draw: Draw,
): Pick<CasePlan, "referrals" | "consents" | "assistedBy"> {
  const duty = { basis: "LEGAL_DUTY" } as const;
  const referrals: ReferralPlan[] = [];
  const consents: ConsentPlan[] = [
    consent("SERVICES", [addressOf("EPC")], ["SERVICES_PLAN", "SHELTER_PLACEMENT"]),
  ];
  if (plan.file !== null)
    referrals.push(
      referral(addressOf("MOI"), "POLICE_INVESTIGATION", "CRIMINAL_INVESTIGATION", GRANTS.police, duty),
      referral(addressOf("PPO"), "PUBLIC_PROSECUTION", "PROSECUTION", GRANTS.prosecution, duty),
    );
  if (plan.cared)
    referrals.push(referral(addressOf("MOSD"), "PSYCHOSOCIAL_CARE", "SHELTER_CARE", GRANTS.care));
  const society = draw() < 0.45 ? (draw() < 0.6 ? MWPS : AMAN) : undefined;
  if (society) {
    referrals.push(referral(society, "SHELTER", "SHELTER_CARE", GRANTS.societyWide));
    consents.push(consent("SHARE_WITH_NGO", [society], GRANTS.societyWide, { status: pickConsent(draw()) }));
  }
  const embassy = { IND: INDIAN_EMBASSY, PHL: PHILIPPINE_EMBASSY }[victim.nationality];
  if (embassy && plan.victim === victim.n && draw() < 0.6) {
    referrals.push(referral(embassy, "EMBASSY_ASSISTANCE", "CONSULAR_ASSISTANCE", GRANTS.embassy));
    consents.push(consent("SHARE_WITH_EMBASSY", [embassy], GRANTS.embassy, { status: pickConsent(draw()) }));
  }
  return { referrals, consents, assistedBy: society ? [society] : [] };
}

/** Facilities 0 women, 1 men, 3 the society's house for women. */
function house(victim: Person, u: number): number {
  return victim.sex === "M" ? 1 : u < 0.7 ? 0 : 3;
}

function wish(draw: Draw): C.ReturnWish {
  return pickWish(draw()) === "RETURN" ? "RETURN" : draw() < 0.1 ? "UNDECIDED" : "STAY";
}

/** Closes half of what may be closed (model.md §7); cases at a police file stay open. */
function close(plan: CasePlan, u: number): CasePlan {
  const { IDENTIFICATION, PROTECTION, LABOUR } = plan.tracks;
  const decided =
    IDENTIFICATION === "LABOUR_ONLY" ||
    IDENTIFICATION === "NOT_VICTIM" ||
    PROTECTION === "COMPLETED" ||
    PROTECTION === "DECLINED";
  const protectionEnded = ["NONE", "DECLINED", "COMPLETED"].includes(PROTECTION);
  const labourEnded = LABOUR === "NONE" || LABOUR === "RESOLVED";
  const redressEnded = !plan.compensation.grant;
  if (plan.file !== null || !decided || !protectionEnded || !labourEnded || !redressEnded || u < 0.5)
    return plan;
  const reasons = { LABOUR_ONLY: "LABOUR_ONLY", NOT_VICTIM: "NOT_VICTIM" } as const;
  const reason =
    IDENTIFICATION === "LABOUR_ONLY" || IDENTIFICATION === "NOT_VICTIM"
      ? reasons[IDENTIFICATION]
      : "GOALS_MET";
  return { ...plan, closed: reason };
}
