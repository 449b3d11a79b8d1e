import { expect, it } from "vitest";
import { rateLimit } from "../../../sandbox/http/rate-limit.ts";

it("lets as many pass as a second holds, then as fast as they come back", () => {
  let nowMs = 0;
  const limit = rateLimit(50, () => nowMs);
  const passed = () => {
    let count = 0;
    while (limit.take() === 0) count += 1;
    return count;
  };
  expect(passed()).toBe(50);
  expect(limit.take()).toBeGreaterThan(0);
  nowMs += 100;
  expect(passed()).toBe(5);
  nowMs += 60_000;
  expect(passed()).toBe(50);
});
