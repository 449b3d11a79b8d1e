/**
 * What the faults of docs/operations.md show in figures. `npm test` makes each fault shortly, `npm run test:faults` at the length that
 * its figures ask for; both print one line of figures a fault.
 */
import { loadavg } from "node:os";
import { inject } from "vitest";

/** Whether faults are made at their full length. */
export const isLong: boolean = inject("campaign").isLong;

/** Prints the line of one fault, with the load of the machine that it was seen on. */
export const showFigures = (id: `F${number}`, figures: string): void =>
  console.info(`${id}: ${figures} (load ${loadavg()[0]?.toFixed(1)})`);

/** In milliseconds. */
export function percentile(durations: readonly number[], share: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/** For people. */
export const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MB`;
