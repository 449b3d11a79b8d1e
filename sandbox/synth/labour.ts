/**
 * Tables of the labour market register (LMRA): one worker file for each worker, and what hangs on it.
 *
 * Complaints 2.5 % of workers a year, left-work reports 0.8 %, wages late in 1.5 % of months, clustered by employer.
 * Cases put their victims' files in the state that the labour track says.
 */
import { FAR_FUTURE, isoDate, monthBefore, TODAY } from "./calendar.ts";
import { CAST_PEOPLE, CAST_WORKERS } from "./cast-people.ts";
import type { LabourState } from "./codes.ts";
import type { Context } from "./context.ts";
import { employerNo, employerOf, lateRate } from "./employers.ts";
import { pad, phoneNumber } from "./identifiers.ts";
import * as K from "./knobs.ts";
import { type Person, person } from "./people.ts";
import { caseOfPerson, planOf } from "./plan.ts";
import { chooser, normal, pick } from "./random.ts";
import { type SparseTable, sparseTable, type Table, table } from "./tables.ts";
import type * as R from "./types.ts";

const WAGE_MONTHS = 12;
const pickPermit = chooser(K.PERMIT_TYPES);
const pickGround = chooser(K.COMPLAINT_GROUNDS);
const pickSector = { M: chooser(K.SECTORS.M), F: chooser(K.SECTORS.F) };
const OCCUPATIONS: Readonly<Record<string, string>> = {
  F: "9313 Building construction labourer",
  G: "5223 Shop sales assistant",
  C: "8160 Food products machine operator",
  H: "8322 Car, taxi and van driver",
  I: "5131 Waiter",
  N: "9112 Cleaner in offices",
  T: "9111 Domestic cleaner and helper",
  A: "9211 Crop farm labourer",
};

export const permitNo = (worker: number): string => `LW-${pad(worker, 9)}`;

export function workers(ctx: Context): Table<R.LmraWorkerRow> {
  return table("lmra.workers", ctx.sizes.workers, (i) => workerRow(ctx, person(ctx, i)));
}

export function contracts(ctx: Context): Table<R.LmraContractRow> {
  return table("lmra.contracts", ctx.sizes.workers, (i) => {
    const who = person(ctx, i);
    const draw = ctx.draws("contract", i);
    return {
      permitNo: permitNo(i),
      wage: money(agreedWage(ctx, who)),
      hoursPerWeek: who.domestic ? 60 : 48,
      signedInOrigin: draw() < 0.7,
      languages: ["ara", pick(["eng", "hin", "ben", "urd", "tgl", "amh"], draw())],
    };
  });
}

export function employments(ctx: Context): SparseTable<R.LmraEmploymentRow> {
  return sparseTable("lmra.employments", ctx.sizes.workers, (i) => {
    const draw = ctx.draws("employment", i);
    if (draw() > 0.3) return undefined;
    const until = TODAY - 800 - Math.floor(draw() * 400);
    return {
      permitNo: permitNo(i),
      employerNo: employerNo(Math.floor(draw() * ctx.sizes.establishments)),
      from: isoDate(until - 700),
      until: isoDate(until),
      reason: draw() < 0.7 ? "contract ended" : "transferred",
    };
  });
}

/** Twelve rows for each worker, August 2024 to July 2025, a worker's rows together. */
export function wageMonths(ctx: Context): Table<R.LmraWageMonthRow> {
  return table("lmra.wageMonths", ctx.sizes.workers * WAGE_MONTHS, (i) => {
    const worker = Math.floor(i / WAGE_MONTHS);
    const back = WAGE_MONTHS - 1 - (i % WAGE_MONTHS);
    const who = person(ctx, worker);
    const unpaid = back < unpaidMonths(ctx, who);
    const due = money(agreedWage(ctx, who));
    return {
      permitNo: permitNo(worker),
      period: monthBefore(back),
      due,
      paid: unpaid ? money(0) : due,
      paidOn: unpaid ? null : `${monthBefore(back)}-${isLate(ctx, who, back) ? "28" : "05"}`,
    };
  });
}

export function complaints(ctx: Context): SparseTable<R.LmraComplaintRow> {
  return sparseTable("lmra.complaints", ctx.sizes.workers, (i) => {
    const state = complaintState(ctx, i);
    if (state === undefined) return undefined;
    const draw = ctx.draws("complaint:row", i);
    return {
      number: `CMP-2025-${pad(i, 6)}`,
      permitNo: permitNo(i),
      grounds: [pickGround(draw())],
      filedOn: isoDate(complaintDay(ctx, i)),
      state,
      screenedForTrafficking: state === "RESOLVED" || draw() < 0.8,
    };
  });
}

export function leftWork(ctx: Context): SparseTable<R.LmraLeftWorkRow> {
  return sparseTable("lmra.leftWork", ctx.sizes.workers, (i) => {
    const report = leftWorkOf(ctx, i);
    if (!report) return undefined;
    return {
      permitNo: permitNo(i),
      filedOn: isoDate(report.day),
      byEmployer: true,
      complaintBefore: report.afterComplaint,
    };
  });
}

export function hasPendingDispute(ctx: Context, n: number): boolean {
  if (n >= ctx.sizes.workers) return false;
  const state = complaintState(ctx, n);
  return state !== undefined && state !== "RESOLVED";
}

/** Whole unpaid months up to July 2025; the wage rows agree. */
export function unpaidMonths(ctx: Context, who: Person): number {
  const draw = ctx.draws("unpaid", who.n);
  const index = caseOfPerson(ctx, who.n);
  const wagesWithheld = index !== undefined && planOf(ctx, index).form === "labour" && draw() < 0.6;
  if (wagesWithheld || (index !== undefined && CAST_PEOPLE.has(who.n))) return 2 + Math.floor(draw() * 4);
  return draw() < lateRate(ctx, employerOf(ctx, who)) ? 1 + Math.floor(draw() * 3) : 0;
}

export const money = (amount: number): R.Money => ({ amount: amount.toFixed(3), currency: "BHD" });

/** ISIC section in which somebody works. */
export function sectorOf(ctx: Context, who: Person): string {
  return who.domestic ? "T" : pickSector[who.sex](ctx.draws("sector", who.n)());
}

function workerRow(ctx: Context, who: Person): R.LmraWorkerRow {
  const draw = ctx.draws("permit", who.n);
  const type = who.domestic ? "DOMESTIC" : pickPermit(draw());
  const sector = sectorOf(ctx, who);
  const from = TODAY - 30 - Math.floor(draw() * 700);
  const lapsed = type === "NONE";
  const status = lapsed
    ? "EXPIRED"
    : leftWorkOf(ctx, who.n)
      ? "LEFT_WORK"
      : draw() < 0.02
        ? "GRACE"
        : "ACTIVE";
  return {
    permitNo: permitNo(who.n),
    cpr: who.cpr!,
    mobilePhone: phoneNumber(who.n),
    permitType: type,
    permitStatus: status,
    permitFrom: isoDate(from),
    permitUntil: lapsed ? isoDate(TODAY - 20) : FAR_FUTURE.slice(0, 10),
    employerNo: type === "LABOUR_REGISTRATION" ? null : employerNo(employerOf(ctx, who)),
    occupation: OCCUPATIONS[sector] ?? "9629 Elementary worker",
    sector,
    unpaidMonths: unpaidMonths(ctx, who),
  };
}

function agreedWage(ctx: Context, who: Person): number {
  const median = K.WAGE_MEDIANS[sectorOf(ctx, who)] ?? K.WAGE_MEDIAN;
  return 5 * Math.round((median * Math.exp(K.WAGE_SIGMA * normal(ctx.draws("wage", who.n)))) / 5);
}

function isLate(ctx: Context, who: Person, back: number): boolean {
  return ctx.draws("late", who.n * WAGE_MONTHS + back)() < lateRate(ctx, employerOf(ctx, who));
}

function complaintState(ctx: Context, n: number): LabourState | undefined {
  if (n === CAST_WORKERS.disputed) return "SETTLEMENT";
  const index = caseOfPerson(ctx, n);
  const fromCase = index === undefined ? "NONE" : planOf(ctx, index).tracks.LABOUR;
  if (fromCase !== "NONE") return fromCase;
  if (CAST_PEOPLE.has(n)) return undefined;
  const draw = ctx.draws("complaint", n);
  if (draw() >= K.COMPLAINTS_A_YEAR && !leftWorkOf(ctx, n)?.afterComplaint) return undefined;
  return pick(["COMPLAINT", "INSPECTION", "SETTLEMENT", "RESOLVED", "RESOLVED", "RESOLVED"], draw());
}

function complaintDay(ctx: Context, n: number): number {
  const left = leftWorkOf(ctx, n);
  const draw = ctx.draws("complaint:day", n);
  return left?.afterComplaint ? left.day - 1 - Math.floor(draw() * 30) : TODAY - 1 - Math.floor(draw() * 365);
}

function leftWorkOf(ctx: Context, n: number): { day: number; afterComplaint: boolean } | undefined {
  const draw = ctx.draws("leftWork", n);
  if (draw() >= K.LEFT_WORK_A_YEAR) return undefined;
  return { day: TODAY - 1 - Math.floor(draw() * 300), afterComplaint: draw() < K.LEFT_WORK_AFTER_COMPLAINT };
}
