/**
 * Facts of a case that several agencies' rows need: its uid and number, its tracks, its people, who holds rows.
 */
import { isoDate, yearOf } from "./calendar.ts";
import type { CasePlan } from "./case-plan.ts";
import type { AgencyCode, JusticeState } from "./codes.ts";
import type { Context } from "./context.ts";
import { nrmNumber } from "./identifiers.ts";
import { MEMBERS } from "./members.ts";
import { type Person, person } from "./people.ts";
import { casesOfFile, filePlan, planOf } from "./plan.ts";
import { aroundCase } from "./population.ts";
import { reached } from "./tracks.ts";
import type { CaseTracks } from "./types.ts";

export const caseUid = (ctx: Context, index: number): string => ctx.uid("Case", index);
export const personUid = (ctx: Context, n: number): string => ctx.uid("Person", n);
/** Parties of a case: 0 the victim, 1 the guardian, 2 a dependant, 3 a witness. */
export const partyUid = (ctx: Context, index: number, place: number): string =>
  ctx.uid("CaseParty", index * 4 + place);
/** At most 32 referrals and consents a case. */
export const referralUid = (ctx: Context, index: number, place: number): string =>
  ctx.uid("Referral", index * 32 + place);
export const consentUid = (ctx: Context, index: number, place: number): string =>
  ctx.uid("Consent", index * 32 + place);

export const caseNumber = (ctx: Context, plan: CasePlan): string =>
  nrmNumber(ctx.seed, yearOf(plan.openedDay), plan.index);
export const openedOn = (plan: CasePlan): string => isoDate(plan.openedDay);
export const victimOfCase = (ctx: Context, plan: CasePlan): Person => person(ctx, plan.victim);
/** Who reported; null when nobody is named. */
export const reporterOf = (plan: CasePlan): number | null =>
  plan.anonymousReport ? null : aroundCase(plan.index, "reporter");

export function tracksOf(ctx: Context, plan: CasePlan): CaseTracks {
  return { ...plan.tracks, JUSTICE: justiceOf(ctx, plan) };
}

function justiceOf(ctx: Context, plan: CasePlan): JusticeState {
  return plan.file === null ? "NONE" : filePlan(ctx, plan.file).state;
}

export const hasReached = (ctx: Context, plan: CasePlan, step: JusticeState): boolean =>
  reached(justiceOf(ctx, plan), step);

/** Place of a case among the victims of its police file, from 0. */
export const placeInFile = (ctx: Context, plan: CasePlan): number =>
  plan.file === null ? -1 : casesOfFile(ctx, plan.file).indexOf(plan.index);

export function relatedCases(ctx: Context, plan: CasePlan): readonly number[] {
  return plan.file === null ? [] : casesOfFile(ctx, plan.file).filter((index) => index !== plan.index);
}

/** Agencies with rows about the case or its victim's part in it. */
export function holdersOf(ctx: Context, plan: CasePlan): AgencyCode[] {
  const holders: AgencyCode[] = ["EPC"];
  if (plan.file !== null) holders.push("MOI");
  if (hasReached(ctx, plan, "PROSECUTION_REVIEW")) holders.push("PPO");
  if (hasReached(ctx, plan, "TRIAL")) holders.push("CRT");
  if (plan.returnWish !== null && plan.returnWish !== "UNDECIDED") holders.push("NPRA");
  if (isFunded(plan)) holders.push("NCC");
  if (plan.referrals.some(({ to }) => isForeign(to))) holders.push("EXT");
  return [...holders, ...partyHolders(plan)];
}

export function partyHolders(plan: CasePlan): AgencyCode[] {
  const holders: AgencyCode[] = [];
  if (plan.cared) holders.push("MOSD");
  if (plan.assistedBy.length > 0) holders.push("NGO");
  return holders;
}

/** The assistance fund has a file on the case. */
export const isFunded = ({ compensation }: CasePlan): boolean =>
  compensation.grant || compensation.award === "paid";

export const isForeign = (member: string): boolean =>
  MEMBERS.some(({ address, agency }) => address === member && agency === "EXT");

export const agencyOf = (member: string): AgencyCode =>
  MEMBERS.find(({ address }) => address === member)!.agency;

/** Indexes of cases whose rows `keep` says to make; a helper for tables that follow the cases. */
export function plansWhere(ctx: Context, keep: (plan: CasePlan) => boolean): CasePlan[] {
  return Array.from({ length: ctx.sizes.cases }, (_, i) => planOf(ctx, i)).filter(keep);
}
