/**
 * What the faults of docs/operations.md show in figures. `npm test` makes each fault shortly, `npm run test:faults` at the length that
 * its figures ask for; both print one line of figures a fault.
 */
import { loadavg } from "node:os";
import { inject } from "vitest";
import { processes } from "../../bench/processes.ts";

const SAMPLE_MS = 20;

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

/** What is resident of a process, and the most that was while `act` ran. */
export async function residentDuring<Done>(
  pid: number,
  act: () => Promise<Done>,
): Promise<{ readonly done: Done; readonly before: number; readonly most: number; readonly after: number }> {
  const resident = () => processes().find((one) => one.pid === pid)?.rssBytes ?? 0;
  const before = resident();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, resident());
  }, SAMPLE_MS);
  const done = await act().finally(() => clearInterval(timer));
  const after = resident();
  return { ...{ done, before, after }, most: Math.max(most, after) };
}
