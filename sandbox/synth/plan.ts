/**
 * The plan of each case: scripted for the cast, drawn for all others; and the ways back, from a person to the case
 * and from a police file to its cases.
 *
 * Cost   a plan is made once and kept with the context (1,500 plans take some milliseconds); `casesOfFile` makes all.
 * Rule   a worker is the victim of at most one drawn case: each case picks from workers of its own.
 */

import { TODAY } from "./calendar.ts";
import { type CasePlan, consent, type FilePlan } from "./case-plan.ts";
import { CAST_FILE_PLANS, victimOf } from "./cast-people.ts";
import { CAST, DEFAULT_TRACKS } from "./cast-script.ts";
import type { Context } from "./context.ts";
import { drawPlan } from "./draw-plan.ts";
import { FILE_STATES, SUSPECTS_A_FILE } from "./knobs.ts";
import { addressOf } from "./members.ts";
import { placeOf } from "./population.ts";
import { chooser } from "./random.ts";
import { caseOfCandidate, victimFor } from "./victims.ts";

const pickFileState = chooser(FILE_STATES);
const pickSuspects = chooser(SUSPECTS_A_FILE);

interface Memo {
  readonly plans: CasePlan[];
  readonly byFile: Map<number, readonly number[]>;
}
const memos = new WeakMap<Context, Memo>();

export function planOf(ctx: Context, index: number): CasePlan {
  const { plans } = memoOf(ctx);
  const known = plans[index];
  if (known) return known;
  const plan = index < CAST.length ? castPlan(index) : drawPlan(ctx, index, victimFor(ctx, index));
  plans[index] = plan;
  return plan;
}

/** The (first) case whose victim somebody is. */
export function caseOfPerson(ctx: Context, n: number): number | undefined {
  const place = placeOf(n);
  if (place.kind === "file") return undefined;
  const index = place.kind === "case" ? place.index : caseOfCandidate(ctx, n);
  return index !== undefined && planOf(ctx, index).victim === n ? index : undefined;
}

export function filePlan(ctx: Context, file: number): FilePlan {
  const scripted = CAST_FILE_PLANS[file];
  if (scripted) return { index: file, ...scripted };
  const draw = ctx.draws("file", file);
  return {
    index: file,
    state: pickFileState(draw()),
    suspects: pickSuspects(draw()),
    sealed: draw() < 0.1,
    officialSuspect: [],
  };
}

/** Cases at a police file, in order. */
export function casesOfFile(ctx: Context, file: number): readonly number[] {
  const { byFile } = memoOf(ctx);
  if (byFile.size === 0) {
    for (let i = 0; i < ctx.sizes.cases; i++) {
      const at = planOf(ctx, i).file;
      if (at !== null) byFile.set(at, [...(byFile.get(at) ?? []), i]);
    }
  }
  return byFile.get(file) ?? [];
}

function castPlan(index: number): CasePlan {
  const entry = CAST[index]!;
  const { plan } = entry;
  const services = consent("SERVICES", [addressOf("EPC")], ["SERVICES_PLAN", "SHELTER_PLACEMENT"]);
  return {
    victim: victimOf(entry),
    form: "labour",
    openedDay: TODAY - 300 + index * 5,
    tracks: DEFAULT_TRACKS,
    outcome: "PRESUMED_VICTIM",
    file: null,
    closed: null,
    mergedInto: null,
    child: false,
    anonymousReport: false,
    shelteredAt: null,
    referrals: [],
    courtGroups: [],
    staffConflict: [],
    assistedBy: [],
    cared: false,
    compensation: { grant: false, award: "none" },
    returnWish: null,
    ...plan,
    consents: [services, ...(plan.consents ?? [])],
    index,
  };
}

function memoOf(ctx: Context): Memo {
  const known = memos.get(ctx);
  if (known) return known;
  const memo: Memo = { plans: [], byFile: new Map() };
  memos.set(ctx, memo);
  return memo;
}
