/** Tables of the courts (CRT): trials with verdicts, awards in each case, deportation orders, convicted employers. */
import { isoDate, isoInstant, yearOf } from "./calendar.ts";
import type { JusticeState } from "./codes.ts";
import type { Context } from "./context.ts";
import { crNumber, employerOf } from "./employers.ts";
import { awardRef, courtNumber, courtPerson, victimRef } from "./keys.ts";
import { money } from "./labour.ts";
import { addressOf } from "./members.ts";
import { person } from "./people.ts";
import { casesOfFile, filePlan, planOf } from "./plan.ts";
import { fileOpened, suspectsOf } from "./police.ts";
import { AROUND_FILE, aroundFile } from "./population.ts";
import { defendant } from "./prosecution.ts";
import { hasReached, placeInFile } from "./subjects.ts";
import { type SparseTable, sparseTable } from "./tables.ts";
import { reached } from "./tracks.ts";
import type * as R from "./types.ts";

const COURT = "High Criminal Court";
/** Of those judged. */
const CONVICTED = 0.7;

export function crtCases(ctx: Context): SparseTable<R.CrtCaseRow> {
  return sparseTable("crt.cases", ctx.sizes.cases, (i) => {
    const plan = planOf(ctx, i);
    if (plan.file === null || !hasReached(ctx, plan, "TRIAL")) return undefined;
    const number = courtNumber(plan.file);
    const awarded = plan.compensation.award !== "none";
    return {
      ref: victimRef(number, placeInFile(ctx, plan)),
      courtNumber: number,
      compensation: awarded ? [{ ref: awardRef(i), source: "COURT", amount: awardOf(ctx, i) }] : [],
    };
  });
}

/** What a court awarded in a case. */
export const awardOf = (ctx: Context, index: number): R.Money =>
  money(1_000 + 500 * Math.floor(ctx.draws("award", index)() * 8));

export function trials(ctx: Context): SparseTable<R.CrtTrialRow> {
  return sparseTable("crt.trials", ctx.sizes.files, (file) => {
    const { state, sealed } = filePlan(ctx, file);
    if (!reached(state, "TRIAL")) return undefined;
    const number = courtNumber(file);
    const opened = fileOpened(ctx, file) + 80;
    const draw = ctx.draws("trial", file);
    const hearing = (kind: R.CrtTrialRow["hearings"][number]["kind"], after: number) => ({
      on: isoInstant(opened + after, draw()),
      kind,
      closed: sealed,
    });
    const judged = reached(state, "VERDICT");
    return {
      courtNumber: number,
      court: COURT,
      hearings: [hearing("FIRST", 0), hearing("EVIDENCE", 14), ...(judged ? [hearing("JUDGMENT", 28)] : [])],
      verdicts: judged ? suspectsOf(ctx, file).map((suspect) => verdict(ctx, file, state, suspect)) : [],
      sealed,
    };
  });
}

/** Defendants of registered trials; convicted foreigners are to leave once the judgment is final. */
export function crtPersons(ctx: Context): SparseTable<R.CrtPersonRow> {
  return sparseTable("crt.persons", ctx.sizes.files * AROUND_FILE, (i) => {
    const file = Math.floor(i / AROUND_FILE);
    const slot = i % AROUND_FILE;
    const { state, suspects } = filePlan(ctx, file);
    if (slot >= suspects || !reached(state, "TRIAL")) return undefined;
    const n = aroundFile(file, slot);
    const leaves = state === "FINAL" && isConvicted(ctx, n) && person(ctx, n).nationality !== "BHR";
    return {
      ref: courtPerson(n),
      deportationOrder: leaves
        ? {
            kind: "DEPORTATION",
            authority: { address: addressOf("CRT"), code: "CRT" },
            from: isoDate(fileOpened(ctx, file) + 150),
            until: null,
          }
        : null,
    };
  });
}

/** Employers of victims in files that ended in a final conviction; one slot for each file. */
export function crtEmployers(ctx: Context): SparseTable<R.CrtEmployerRow> {
  return sparseTable("crt.employers", ctx.sizes.files, (file) => {
    const employer = convictedEmployer(ctx, file);
    if (employer === undefined) return undefined;
    const year = yearOf(fileOpened(ctx, file) + 150);
    return {
      ref: crNumber(employer),
      finalConvictions: [{ court: COURT, year, article: "BH/2008/1/3" }],
    };
  });
}

/** Establishment that employed the first victim of a file, when its judgment is final and somebody was convicted. */
export function convictedEmployer(ctx: Context, file: number): number | undefined {
  const first = casesOfFile(ctx, file)[0];
  if (filePlan(ctx, file).state !== "FINAL" || first === undefined) return undefined;
  const victim = person(ctx, planOf(ctx, first).victim);
  const convicted = suspectsOf(ctx, file).some(({ n }) => isConvicted(ctx, n));
  const employer = employerOf(ctx, victim);
  return convicted && victim.kind === "worker" && employer < ctx.sizes.establishments ? employer : undefined;
}

/** The first suspect of a file is convicted, the others by chance. */
function isConvicted(ctx: Context, n: number): boolean {
  return n % AROUND_FILE === aroundFile(0, 0) % AROUND_FILE || ctx.draws("convicted", n)() < CONVICTED;
}

function verdict(
  ctx: Context,
  file: number,
  state: JusticeState,
  suspect: { readonly n: number; readonly slot: number },
): R.CrtTrialRow["verdicts"][number] {
  const draw = ctx.draws("verdict", suspect.n);
  const convicted = isConvicted(ctx, suspect.n);
  const final = state === "FINAL";
  const role = !final ? "DEFENDANT" : convicted ? "CONVICTED" : "ACQUITTED";
  return {
    defendant: defendant(courtNumber(file), suspect, courtPerson, role),
    outcome: convicted ? "CONVICTED" : "ACQUITTED",
    sentenceMonths: convicted ? 36 + 12 * Math.floor(draw() * 5) : null,
    fine: convicted ? money(2_000 + 1_000 * Math.floor(draw() * 9)) : null,
    final,
  };
}
