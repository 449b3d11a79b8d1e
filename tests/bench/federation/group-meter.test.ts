import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { groupMeter } from "../../../bench/federation/group-meter.ts";

let child: ChildProcess | undefined;
afterEach(() => {
  if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
});

/** Says its pid, then works without a pause. */
const BUSY =
  "console.log(process.pid); setImmediate(function work() { for (let i = 0; i < 1e6; i++); setImmediate(work); })";

it("tells the process that works from the shell that waits for it", async () => {
  child = spawn("/bin/sh", ["-c", `"${process.execPath}" -e '${BUSY}'; true`], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(child.stdout!, "data");
  const meter = groupMeter(child.pid!);
  meter.begin();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const usage = meter.end();
  expect(usage.cpuUs).toBeGreaterThanOrEqual(20_000);
  expect(usage.peakRssBytes).toBeGreaterThan(20_000_000);
  expect(usage.others).toMatchObject({ cpuUs: 0 });
  expect(usage.others.rssBytes).toBeGreaterThan(0);
  expect(meter.busiest()).toBe(Number(String(said)));
});

it("says so when nothing of the group is left", () => {
  expect(() => groupMeter(999_999_999).end()).toThrow("no process of the group");
});
