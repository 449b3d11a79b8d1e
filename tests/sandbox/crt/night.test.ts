import { expect, it } from "vitest";
import { isOpenAt } from "../../../sandbox/crt/night.ts";
import { fixedClock } from "../../../src/kernel/clock.ts";

/** Bahrain is three hours ahead of UTC. */
it.each([
  ["2025-07-30T18:59:00Z", true],
  ["2025-07-30T19:00:00Z", false],
  ["2025-07-30T23:00:00Z", false],
  ["2025-07-31T01:59:00Z", false],
  ["2025-07-31T02:00:00Z", true],
])("a night from 22 to 5 at %s: open is %s", (instant, open) => {
  expect(isOpenAt({ fromHour: 22, untilHour: 5 }, fixedClock(instant))).toBe(open);
});

it.each([
  ["2025-07-30T08:59:00Z", true],
  ["2025-07-30T09:00:00Z", false],
  ["2025-07-30T11:00:00Z", true],
])("a window inside one day, 12 to 14, at %s: open is %s", (instant, open) => {
  expect(isOpenAt({ fromHour: 12, untilHour: 14 }, fixedClock(instant))).toBe(open);
});
