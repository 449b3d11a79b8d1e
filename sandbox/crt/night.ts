/** Hours in which the court registry is off, Bahrain time (UTC+3): from 22 until 5 passes midnight. */
import type { Clock } from "../../src/kernel/clock.ts";

export interface NightWindow {
  /** Whole hours, 0 to 23. */
  readonly fromHour: number;
  readonly untilHour: number;
}

const BAHRAIN_OFFSET_HOURS = 3;

export function isOpenAt({ fromHour, untilHour }: NightWindow, clock: Clock): boolean {
  const hour = (new Date(clock.now()).getUTCHours() + BAHRAIN_OFFSET_HOURS) % 24;
  const closed =
    fromHour <= untilHour ? hour >= fromHour && hour < untilHour : hour >= fromHour || hour < untilHour;
  return !closed;
}
