import { expect, it } from "vitest";
import { Metrics } from "../../src/telemetry/metrics.ts";

const lineOf = async (metrics: Metrics) =>
  (await metrics.text()).split("\n").find((line) => line.startsWith("ihala_break_glass_overdue"));

it("says how many reviews are overdue whenever it is read, and that it is not known when it is not", async () => {
  const metrics = new Metrics();
  const answers: (() => Promise<number>)[] = [
    async () => 0,
    async () => 3,
    () => Promise.reject(new Error("away")),
    () => new Promise(() => {}),
    async () => 2,
  ];
  metrics.watchOverdueReviews(() => answers.shift()?.() ?? expect.fail("asked once more"));
  for (const value of ["0", "3", "Nan", "Nan", "2"])
    expect(await lineOf(metrics)).toBe(`ihala_break_glass_overdue ${value}`);
});
