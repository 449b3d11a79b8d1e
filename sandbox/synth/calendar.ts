/** Days and instants of the synthetic world. Its past ends on 30 July 2025; validity that must hold runs to 2099. */
import { pad } from "./identifiers.ts";

const DAY_MS = 86_400_000;
/** Days since the epoch of the last day that data speak of. */
export const TODAY = Date.parse("2025-07-30T00:00:00Z") / DAY_MS;
export const FAR_FUTURE = "2099-12-31T00:00:00Z";
export const LONG_PAST = "2025-03-01T00:00:00Z";

export const isoDate = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A day in working hours, 05:00 to 14:59 UTC; `u` in [0, 1). */
export function isoInstant(day: number, u: number): string {
  const minute = Math.floor(u * 600);
  return `${isoDate(day)}T${pad(5 + Math.floor(minute / 60), 2)}:${pad(minute % 60, 2)}:00Z`;
}

export const yearOf = (day: number): number => Number(isoDate(day).slice(0, 4));

/** `YYYY-MM`, `back` months before July 2025. */
export function monthBefore(back: number): string {
  const months = 2025 * 12 + 6 - back;
  return `${Math.floor(months / 12)}-${pad((months % 12) + 1, 2)}`;
}
