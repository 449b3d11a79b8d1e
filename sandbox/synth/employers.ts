/**
 * Employers: establishments with Zipf-like sizes, recruitment agencies among them, then households.
 *
 * Number  0 … establishments − 1 are establishments, the households follow. Inspections and risk signals are theirs.
 */
import { isoDate, isoInstant, TODAY } from "./calendar.ts";
import type { Context } from "./context.ts";
import { pad } from "./identifiers.ts";
import { EMPLOYER_SKEW, LATE_WAGES, RECRUITMENT_AGENCIES } from "./knobs.ts";
import type { Person } from "./people.ts";
import { chooser, pick } from "./random.ts";
import { type SparseTable, sparseTable, type Table, table } from "./tables.ts";
import type * as R from "./types.ts";

const AREAS = ["Manama", "Muharraq", "Riffa", "Sitra", "Hidd", "Salmabad", "Tubli", "Ma'ameer"];
const FIRST = ["Blue", "Pearl", "Palm", "Coral", "North", "Dune", "Harbour", "Cedar", "Falcon", "Silver"];
const SECOND = [
  "Contracting",
  "Trading",
  "Cleaning",
  "Catering",
  "Transport",
  "Workshops",
  "Services",
  "Foods",
];
const pickResult = chooser<R.LmraInspectionRow["result"]>([
  ["CLEAR", 78],
  ["VIOLATION", 19],
  ["REFERRED", 2],
  ["REFUSED", 1],
]);
const RULES = [
  "WAGES_LATE_2M",
  "LEFT_WORK_AFTER_COMPLAINT",
  "CONTRACT_BELOW_ORIGIN",
  "MANY_COMPLAINTS",
  "INSPECTION_REFUSED",
  "PASSPORT_COMPLAINTS",
  "HOUSING_OVERCROWDED",
  "WORKERS_NOT_ON_SITE",
  "FEES_REPORTED",
] as const;
/** Employers whose wages are late this often show up in preventive monitoring. */
const SIGNAL_FROM = 0.05;

export const employerCount = (ctx: Context): number => ctx.sizes.establishments + ctx.sizes.households;
export const employerNo = (employer: number): string => `EMP-0${pad(employer, 6)}`;

/** Commercial registration of an establishment. */
export const crNumber = (employer: number): string => `0${pad(employer, 6)}-1`;

/** The employer of a worker: a household for domestic workers, else an establishment, big ones more often. */
export function employerOf(ctx: Context, who: Person): number {
  const u = ctx.draws("employer", who.n)();
  const { establishments, households } = ctx.sizes;
  return who.domestic
    ? establishments + Math.floor(u * households)
    : Math.floor(u ** EMPLOYER_SKEW * establishments);
}

/** Share of wage months that an employer pays late: most pay on time, a few hardly ever. */
export function lateRate(ctx: Context, employer: number): number {
  const u = ctx.draws("lateRate", employer)();
  const { mean, concentration } = LATE_WAGES;
  // A power of a uniform is Beta(a, 1), with mean a / (a + 1); `concentration` bounds how late the worst are.
  const a = mean / (1 / concentration - mean);
  return u ** (1 / a) / concentration;
}

export function employers(ctx: Context): Table<R.LmraEmployerRow> {
  return table("lmra.employers", employerCount(ctx), (i) => {
    const draw = ctx.draws("employer:row", i);
    const household = i >= ctx.sizes.establishments;
    const agency = draw() < RECRUITMENT_AGENCIES;
    const name = household
      ? `Household ${pad(i, 6)}`
      : `${pick(FIRST, draw())} ${pick(SECOND, draw())} ${pad(i, 5)}`;
    return {
      employerNo: employerNo(i),
      crNumber: household ? null : crNumber(i),
      kind: household ? "HOUSEHOLD" : agency ? "RECRUITMENT_AGENCY" : "ESTABLISHMENT",
      name: ctx.text(name, "lmra.employers", i, "name"),
      area: pick(AREAS, draw()),
      workerCount: workerCount(ctx, i, household),
    };
  });
}

export function inspections(ctx: Context): Table<R.LmraInspectionRow> {
  return table("lmra.inspections", ctx.sizes.inspections, (i) => {
    const draw = ctx.draws("inspection", i);
    const result = pickResult(draw());
    return {
      number: `INS-2025-${pad(i, 6)}`,
      employerNo: employerNo(Math.floor(draw() ** EMPLOYER_SKEW * ctx.sizes.establishments)),
      on: isoDate(TODAY - 1 - Math.floor(draw() * 365)),
      findings: `Visit of the site; ${result === "CLEAR" ? "nothing to note" : "points noted"}. [synthetic]`,
      result,
    };
  });
}

/** At most one signal for each establishment. */
export function riskSignals(ctx: Context): SparseTable<R.LmraRiskSignalRow> {
  return sparseTable("lmra.riskSignals", ctx.sizes.establishments, (i) => {
    const late = lateRate(ctx, i);
    const draw = ctx.draws("riskSignal", i);
    const rule = late > SIGNAL_FROM ? RULES[0] : pick(RULES, draw());
    if (late <= SIGNAL_FROM && draw() > 0.03) return undefined;
    const raised = TODAY - 1 - Math.floor(draw() * 200);
    const period = { from: isoDate(raised - 180), until: isoDate(raised) };
    return {
      number: `RSK-2025-${pad(i, 6)}`,
      employerNo: employerNo(i),
      rule,
      score: Math.round(100 * (0.4 + 0.6 * draw())) / 100,
      facts: [{ name: rule, count: 2 + Math.floor(draw() * 8), period }],
      raisedAt: isoInstant(raised, draw()),
      sector: pick(["F", "G", "C", "I", "N"], draw()),
      area: pick(AREAS, draw()),
      intervention:
        draw() < 0.5
          ? {
              kind: pick(["CALL", "VISIT", "NOTICE", "SUSPENSION"] as const, draw()),
              openedOn: isoDate(raised + 3),
              result: "noted",
            }
          : null,
    };
  });
}

/** As the size law expects it, so that no other row is needed. */
function workerCount(ctx: Context, i: number, household: boolean): number {
  if (household) return 1;
  const share = (upTo: number) => (upTo / ctx.sizes.establishments) ** (1 / EMPLOYER_SKEW);
  return Math.max(1, Math.round(ctx.sizes.workers * 0.866 * (share(i + 1) - share(i))));
}
