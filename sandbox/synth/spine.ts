/**
 * The ledger's spine: a row for each case with everything that decides who may know of it.
 *
 * Out   header, tracks and their events, parties, referrals, consents, holders, staff on the case, overlays.
 * Note  the reporter is no party: parties are part of the header, and who reported is not (R9).
 */

import { assignmentsOf, caseWorkerOf } from "./assignments.ts";
import { FAR_FUTURE, isoDate, isoInstant, LONG_PAST, TODAY } from "./calendar.ts";
import type { CasePlan, ConsentPlan, ReferralPlan } from "./case-plan.ts";
import type { RiskLevel } from "./codes.ts";
import type { Context } from "./context.ts";
import { survivorCode } from "./keys.ts";
import { addressOf } from "./members.ts";
import { ageOn, person } from "./people.ts";
import { filePlan, planOf } from "./plan.ts";
import { aroundCase } from "./population.ts";
import { pick } from "./random.ts";
import { staffUid } from "./staff.ts";
import * as S from "./subjects.ts";
import { type Table, table } from "./tables.ts";
import { eventsOf, openedAt, TRACKS } from "./tracks.ts";
import type * as R from "./types-ledger.ts";

const EPC = addressOf("EPC");

export function spine(ctx: Context): Table<R.CaseSpineRow> {
  return table("epc.spine", ctx.sizes.cases, (i) => spineRow(ctx, planOf(ctx, i)));
}

function spineRow(ctx: Context, plan: CasePlan): R.CaseSpineRow {
  const draw = ctx.draws("spine", plan.index);
  const tracks = S.tracksOf(ctx, plan);
  const events = eventsOf(ctx, plan, tracks);
  const versions = TRACKS.map((track) => [track, events.filter((event) => event.track === track).length]);
  return {
    uid: S.caseUid(ctx, plan.index),
    index: plan.index,
    nrmNumber: S.caseNumber(ctx, plan),
    owner: EPC,
    caseWorker: staffUid(ctx, caseWorkerOf(ctx, plan)),
    openedAt: openedAt(ctx, plan),
    closedAt: plan.closed === null ? null : isoInstant(Math.min(TODAY, plan.openedDay + 150), draw()),
    closureReason: plan.closed,
    mergedInto: plan.mergedInto === null ? null : S.caseUid(ctx, plan.mergedInto),
    riskLevel: pick<RiskLevel>(["LOW", "MEDIUM", "MEDIUM", "HIGH", "IMMINENT"], draw()),
    tracks,
    trackVersions: Object.fromEntries(versions),
    events,
    parties: parties(ctx, plan),
    referrals: plan.referrals.map((referral, place) => referralRow(ctx, plan, referral, place)),
    consents: plan.consents.map((consent, place) => consentRow(ctx, plan, consent, place)),
    relatedCases: S.relatedCases(ctx, plan).map((index) => S.caseUid(ctx, index)),
    holders: S.holdersOf(ctx, plan),
    assignments: assignmentsOf(ctx, plan),
    overlays: overlays(ctx, plan),
  };
}

function overlays(ctx: Context, plan: CasePlan): R.CaseOverlays {
  const file = plan.file === null ? null : filePlan(ctx, plan.file);
  const charged = S.hasReached(ctx, plan, "CHARGED");
  return {
    child: plan.child,
    sealed: file?.sealed ?? false,
    charged,
    courtGroups: charged ? plan.courtGroups : [],
    officialSuspect: file?.officialSuspect ?? [],
    staffConflict: plan.staffConflict,
  };
}

function parties(ctx: Context, plan: CasePlan): R.CasePartyRow[] {
  const others: R.CasePartyRow[] = [];
  const around = aroundCase(plan.index, "guardian");
  if (plan.child) others.push(otherParty(ctx, plan, around, "GUARDIAN", 1));
  else if (ctx.draws("witness", plan.index)() < 0.15)
    others.push(otherParty(ctx, plan, around, "WITNESS", 3));
  return [victimParty(ctx, plan), ...others];
}

function victimParty(ctx: Context, plan: CasePlan): R.CasePartyRow {
  const draw = ctx.draws("party", plan.index);
  const { IDENTIFICATION } = plan.tracks;
  const presumed = IDENTIFICATION === "PRESUMED" || IDENTIFICATION === "CONFIRMED";
  const decided = presumed || IDENTIFICATION === "LABOUR_ONLY" || IDENTIFICATION === "NOT_VICTIM";
  const status =
    IDENTIFICATION === "CONFIRMED" ? "ACTUAL_VICTIM" : presumed ? "POSSIBLE_VICTIM" : "NOT_A_VICTIM";
  const recruiter = pick(["EMPLOYER", "BROKER", "FRIEND", "ACQUAINTED", "UNACQUAINTED"] as const, draw());
  const kept = pick(["EMPLOYER", "EMPLOYER", "AGENCY", "WORKER", "AUTHORITY"] as const, draw());
  return {
    uid: S.partyUid(ctx, plan.index, 0),
    person: S.personUid(ctx, plan.victim),
    role: "VICTIM",
    traffickingStatus: decided ? status : "NOT_ASSESSED",
    statusDecidedBy: decided ? "NON_POLICE_GOVERNMENT" : null,
    ageWhenTrafficked: presumed ? ageOn(person(ctx, plan.victim), plan.openedDay - 200) : null,
    relationshipToTrafficker: presumed ? recruiter : null,
    documentsHeldBy: presumed ? kept : "UNKNOWN",
    code: survivorCode(ctx, plan.index),
    from: S.openedOn(plan),
    until: null,
    isChild: plan.child,
    holders: ["EPC", ...S.partyHolders(plan)],
  };
}

function otherParty(
  ctx: Context,
  plan: CasePlan,
  n: number,
  role: "GUARDIAN" | "WITNESS",
  place: number,
): R.CasePartyRow {
  return {
    uid: S.partyUid(ctx, plan.index, place),
    person: S.personUid(ctx, n),
    role,
    traffickingStatus: null,
    statusDecidedBy: null,
    ageWhenTrafficked: null,
    relationshipToTrafficker: null,
    documentsHeldBy: null,
    code: null,
    from: S.openedOn(plan),
    until: null,
    isChild: false,
    holders: ["EPC"],
  };
}

function referralRow(ctx: Context, plan: CasePlan, referral: ReferralPlan, place: number): R.ReferralRow {
  const draw = ctx.draws("referral", plan.index * 32 + place);
  const sent = plan.openedDay + 4;
  const answered = referral.status !== "DRAFT" && referral.status !== "SENT";
  const consentPlace = plan.consents.findIndex(({ recipients }) => recipients.includes(referral.to));
  return {
    uid: S.referralUid(ctx, plan.index, place),
    from: EPC,
    to: referral.to,
    reason: referral.reason,
    purpose: referral.purpose,
    status: referral.status,
    grantedGroups: referral.groups,
    basis: referral.basis,
    consent:
      referral.basis === "CONSENT" && consentPlace >= 0 ? S.consentUid(ctx, plan.index, consentPlace) : null,
    sentAt: referral.status === "DRAFT" ? null : isoInstant(sent, draw()),
    respondedAt: answered ? isoInstant(sent + 1, draw()) : null,
    expiresAt: referral.expires === "future" ? FAR_FUTURE : LONG_PAST,
    details: ctx.text(
      `Referral for ${referral.reason.toLowerCase().replaceAll("_", " ")}. [synthetic]`,
      "epc.spine",
      plan.index,
      `referral-${place}-details`,
    ),
  };
}

function consentRow(ctx: Context, plan: CasePlan, consent: ConsentPlan, place: number): R.ConsentRow {
  const draw = ctx.draws("consent", plan.index * 32 + place);
  const { status } = consent;
  const asked = plan.openedDay + 3;
  const given = status === "GIVEN" || status === "WITHDRAWN" || status === "EXPIRED";
  return {
    uid: S.consentUid(ctx, plan.index, place),
    scope: consent.scope,
    recipients: consent.recipients,
    fieldGroups: consent.groups,
    status,
    givenBy: consent.givenBy,
    checklist: {
      agreedToInterview: true,
      toldPurpose: true,
      toldUses: true,
      toldResearch: true,
      toldAccessRight: true,
      toldRetention: true,
      toldWithdrawal: true,
    },
    givenAt: given ? isoInstant(asked, draw()) : null,
    validUntil: consent.validity === "future" ? FAR_FUTURE : LONG_PAST,
    withdrawnAt: status === "WITHDRAWN" ? isoDate(Math.min(TODAY, asked + 40)).concat("T08:00:00Z") : null,
    replacedBy: null,
  };
}
