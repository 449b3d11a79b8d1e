/**
 * Link rows: under which of its own keys each agency holds what it shares with others (model.md §6).
 *
 * Types   Person, Employer, Case, CaseParty, Suspect, Compensation, Referral, ReturnPlan, Facility, Staff. Types
 *         that one agency alone serves (Worker, Passport, Trial, LabourComplaint, …) have no row: their uid is derived from
 *         the agency's own key.
 * Rule    (agency, member, type, key) is unique, and so is (uid, agency, member).
 */

import type { AgencyCode } from "./codes.ts";
import type { Context } from "./context.ts";
import { convictedEmployer } from "./courts.ts";
import { crNumber, employerCount, employerNo } from "./employers.ts";
import { FACILITIES, facilityUid } from "./facilities.ts";
import * as K from "./keys.ts";
import { addressOf } from "./members.ts";
import { person, residenceKey } from "./people.ts";
import { filePlan, planOf } from "./plan.ts";
import { suspectsOf } from "./police.ts";
import { personAt, populationCount } from "./population.ts";
import { staffTable } from "./staff.ts";
import * as S from "./subjects.ts";
import { reached } from "./tracks.ts";
import type { LinkRow } from "./types.ts";
import { compensationUid, employerUid, suspectUid } from "./uids.ts";

const link = (
  type: string,
  uid: string,
  agency: AgencyCode,
  keyType: string,
  key: string,
  member: string = addressOf(agency),
): LinkRow => ({ uid, agency, member, type, keyType, key });

const BY_TYPE: Readonly<Record<string, (ctx: Context) => Iterable<LinkRow>>> = {
  Person: persons,
  Employer: employers,
  Case: cases,
  CaseParty: parties,
  Suspect: suspects,
  Compensation: compensations,
  Referral: referrals,
  ReturnPlan: returnPlans,
  Facility: facilities,
  Staff: staff,
};
export const LINKED_TYPES: readonly string[] = Object.keys(BY_TYPE);

export function* links(ctx: Context, type?: string): Iterable<LinkRow> {
  for (const [name, rows] of Object.entries(BY_TYPE))
    if (type === undefined || type === name) yield* rows(ctx);
}

function* persons(ctx: Context): Iterable<LinkRow> {
  for (let i = 0; i < populationCount(ctx.sizes); i++) {
    const who = person(ctx, personAt(ctx.sizes, i));
    const uid = S.personUid(ctx, who.n);
    if (who.cpr !== null) yield link("Person", uid, "IGA", "CPR", who.cpr);
    if (who.cpr !== null && who.kind === "worker") yield link("Person", uid, "LMRA", "CPR", who.cpr);
    yield link("Person", uid, "NPRA", "CPR", residenceKey(who));
  }
  for (const { file, n } of fileSuspects(ctx)) {
    const uid = S.personUid(ctx, n);
    yield link("Person", uid, "MOI", "CPR", person(ctx, n).cpr!);
    if (prosecuted(ctx, file)) yield link("Person", uid, "PPO", "PARTY", K.prosecutionPerson(n));
    if (tried(ctx, file)) yield link("Person", uid, "CRT", "PARTY", K.courtPerson(n));
  }
}

function* employers(ctx: Context): Iterable<LinkRow> {
  for (let i = 0; i < employerCount(ctx); i++)
    yield link("Employer", employerUid(ctx, i), "LMRA", "EMPLOYER", employerNo(i));
  const convicted = new Set(files(ctx).map((file) => convictedEmployer(ctx, file)));
  for (const employer of convicted)
    if (employer !== undefined)
      yield link("Employer", employerUid(ctx, employer), "CRT", "CR_NUMBER", crNumber(employer));
}

function* cases(ctx: Context): Iterable<LinkRow> {
  for (let i = 0; i < ctx.sizes.cases; i++) {
    const plan = planOf(ctx, i);
    const uid = S.caseUid(ctx, i);
    if (S.isFunded(plan)) yield link("Case", uid, "NCC", "FUND_FILE", K.fundCaseRef(i));
    if (plan.file === null) continue;
    const place = S.placeInFile(ctx, plan);
    const at = (number: string) => K.victimRef(number, place);
    yield link("Case", uid, "MOI", "POLICE_REPORT", at(K.policeNumber(plan.file)));
    if (prosecuted(ctx, plan.file))
      yield link("Case", uid, "PPO", "PROSECUTION_ENTRY", at(K.prosecutionNumber(plan.file)));
    if (tried(ctx, plan.file)) yield link("Case", uid, "CRT", "COURT_ENTRY", at(K.courtNumber(plan.file)));
  }
}

function* parties(ctx: Context): Iterable<LinkRow> {
  for (let i = 0; i < ctx.sizes.cases; i++) {
    const plan = planOf(ctx, i);
    const uid = S.partyUid(ctx, i, 0);
    if (plan.cared) yield link("CaseParty", uid, "MOSD", "CARE_FILE", K.careNo(i));
    for (const member of plan.assistedBy)
      yield link("CaseParty", uid, "NGO", "SURVIVOR_CODE", K.survivorCode(ctx, i, member), member);
  }
}

function* suspects(ctx: Context): Iterable<LinkRow> {
  for (const { file, n, slot } of fileSuspects(ctx)) {
    const uid = suspectUid(ctx, n);
    yield link("Suspect", uid, "MOI", "SUSPECT", K.suspectRef(K.policeNumber(file), slot));
    if (prosecuted(ctx, file))
      yield link("Suspect", uid, "PPO", "DEFENDANT", K.suspectRef(K.prosecutionNumber(file), slot));
    if (tried(ctx, file))
      yield link("Suspect", uid, "CRT", "DEFENDANT", K.suspectRef(K.courtNumber(file), slot));
  }
}

function* compensations(ctx: Context): Iterable<LinkRow> {
  for (let i = 0; i < ctx.sizes.cases; i++) {
    const { grant, award } = planOf(ctx, i).compensation;
    const fund = (kind: "grant" | "award") =>
      link("Compensation", compensationUid(ctx, i, kind), "NCC", "FUND_PAYMENT", K.fundPaymentRef(i, kind));
    if (grant) yield fund("grant");
    if (award === "paid") yield fund("award");
    if (award !== "none")
      yield link("Compensation", compensationUid(ctx, i, "award"), "CRT", "AWARD", K.awardRef(i));
  }
}

function* referrals(ctx: Context): Iterable<LinkRow> {
  for (let i = 0; i < ctx.sizes.cases; i++)
    for (const [place, { to, status }] of planOf(ctx, i).referrals.entries())
      if (status === "ACCEPTED" && S.isForeign(to))
        yield link(
          "Referral",
          S.referralUid(ctx, i, place),
          "EXT",
          "LIAISON_REFERENCE",
          K.foreignRef(i, place),
          to,
        );
}

function* returnPlans(ctx: Context): Iterable<LinkRow> {
  for (const plan of S.plansWhere(ctx, ({ returnWish }) => returnWish !== null && returnWish !== "UNDECIDED"))
    yield link(
      "ReturnPlan",
      ctx.uid("ReturnPlan", plan.index),
      "NPRA",
      "DEPARTURE_FILE",
      K.returnKey(plan.index),
    );
}

function* facilities(ctx: Context): Iterable<LinkRow> {
  for (const i of FACILITIES.keys())
    yield link("Facility", facilityUid(ctx, i), "MOSD", "SHELTER_LICENCE", K.licenceNo(i));
}

function* staff(ctx: Context): Iterable<LinkRow> {
  for (const [i, { uid }] of [...staffTable(ctx)].entries())
    yield link("Staff", uid, "RTC", "STAFF_NUMBER", K.holderNo(i));
}

const files = (ctx: Context): number[] => Array.from({ length: ctx.sizes.files }, (_, file) => file);
const prosecuted = (ctx: Context, file: number): boolean =>
  reached(filePlan(ctx, file).state, "PROSECUTION_REVIEW");
const tried = (ctx: Context, file: number): boolean => reached(filePlan(ctx, file).state, "TRIAL");

function fileSuspects(ctx: Context): { file: number; n: number; slot: number }[] {
  return files(ctx).flatMap((file) => suspectsOf(ctx, file).map((suspect) => ({ file, ...suspect })));
}
