/**
 * How people are numbered: one number `n` for a person in every register and at every scale, whoever knows them.
 *
 * Workers 0 …; four persons around each case (a visitor, a reporter, a guardian or witness, a dependant) from
 * 600,000; four possible suspects of each police file from 690,000. Those whom no case needs are ordinary people.
 */
import type { Sizes } from "./context.ts";

const AROUND_CASE = 4;
export const AROUND_FILE = 4;
const CASES_FROM = 600_000;
const FILES_FROM = 690_000;

type Place =
  | { readonly kind: "worker"; readonly worker: number }
  | { readonly kind: "case"; readonly index: number; readonly slot: CaseSlot }
  | { readonly kind: "file"; readonly index: number; readonly slot: number };
const CASE_SLOTS = ["visitor", "reporter", "guardian", "dependant"] as const;
export type CaseSlot = (typeof CASE_SLOTS)[number];

export const aroundCase = (index: number, slot: CaseSlot): number =>
  CASES_FROM + index * AROUND_CASE + CASE_SLOTS.indexOf(slot);
export const aroundFile = (index: number, slot: number): number => FILES_FROM + index * AROUND_FILE + slot;

export function placeOf(n: number): Place {
  if (n < CASES_FROM) return { kind: "worker", worker: n };
  const [from, width] = n < FILES_FROM ? [CASES_FROM, AROUND_CASE] : [FILES_FROM, AROUND_FILE];
  const index = Math.floor((n - from) / width);
  const slot = (n - from) % width;
  return n < FILES_FROM ? { kind: "case", index, slot: CASE_SLOTS[slot]! } : { kind: "file", index, slot };
}

export const populationCount = (sizes: Sizes): number =>
  sizes.workers + sizes.cases * AROUND_CASE + sizes.files * AROUND_FILE;

/** The person in row i of a register of everybody. */
export function personAt(sizes: Sizes, i: number): number {
  if (i < sizes.workers) return i;
  const past = i - sizes.workers;
  const around = sizes.cases * AROUND_CASE;
  return past < around ? CASES_FROM + past : FILES_FROM + past - around;
}
