/** People and police files that the cast fixes: victims by number, two workers without a case, eight files. */
import type { FilePlan } from "./case-plan.ts";
import {
  CAST,
  CAST_NAMES,
  type CastEntry,
  type CastName,
  type CastPerson,
  ethiopianWoman,
} from "./cast-script.ts";
import { addressOf } from "./members.ts";
import { aroundCase, aroundFile } from "./population.ts";

const MOI = addressOf("MOI");

export const CAST_FILE_PLANS: readonly Omit<FilePlan, "index">[] = [
  { state: "VERDICT", suspects: 2, sealed: false, officialSuspect: [] },
  { state: "INVESTIGATION", suspects: 1, sealed: false, officialSuspect: [] },
  { state: "PROSECUTION_REVIEW", suspects: 2, sealed: false, officialSuspect: [] },
  { state: "CHARGED", suspects: 2, sealed: false, officialSuspect: [] },
  { state: "TRIAL", suspects: 1, sealed: false, officialSuspect: [] },
  { state: "INVESTIGATION", suspects: 2, sealed: false, officialSuspect: [MOI] },
  { state: "VERDICT", suspects: 2, sealed: true, officialSuspect: [] },
  { state: "FINAL", suspects: 2, sealed: false, officialSuspect: [] },
];

/** Workers kept for each case of the cast: the first is the victim, the others have no case. */
export const CAST_WORKERS_A_CASE = 10;
/** Workers beside the victim of `presumedWorker`, of the same shape and without a case. */
export const CAST_WORKERS = {
  /** A labour dispute is pending, so the hold is on. */
  disputed: castWorker("presumedWorker") + 1,
  plain: castWorker("presumedWorker") + 2,
} as const;
/** What the script fixes about people, by number. */
export const CAST_PEOPLE: ReadonlyMap<number, CastPerson> = new Map<number, CastPerson>([
  ...CAST.map((entry) => [victimOf(entry), entry.victim] as const),
  [CAST_WORKERS.disputed, ethiopianWoman] as const,
  [CAST_WORKERS.plain, ethiopianWoman] as const,
  // The convict of the closed case is to leave the country.
  [aroundFile(7, 0), { nationality: "BGD", sex: "M", birthYear: 1980 }] as const,
]);

export function victimOf(entry: CastEntry): number {
  if (entry.plan.mergedInto !== undefined && entry.plan.mergedInto !== null)
    return castWorker(CAST_NAMES[entry.plan.mergedInto]!);
  const { around } = entry.victim;
  return around === undefined ? castWorker(entry.name) : aroundCase(CAST_NAMES.indexOf(entry.name), around);
}

function castWorker(name: CastName): number {
  return CAST_NAMES.indexOf(name) * CAST_WORKERS_A_CASE;
}
