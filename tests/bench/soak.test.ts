/** F12: `npm run bench:soak`, shortly, built as people run it. No figure is asserted. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

it("F12: asks in several roles, subscribes and reloads, and says how memory grew", async () => {
  const main = join(PACKAGE_ROOT, "dist/bench/soak.js");
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--minutes", "0.15"]);
  const [, , row = ""] = stdout.split("\n");
  const [minutes, requests, subscriptions, reloads, warm, end, slope] = row.split("|").slice(1).map(Number);
  expect(minutes).toBe(0.15);
  expect(requests).toBeGreaterThan(20);
  expect(subscriptions).toBeGreaterThanOrEqual(8);
  expect(reloads).toBeGreaterThanOrEqual(1);
  expect([warm, end].every((megabytes = 0) => megabytes > 50)).toBe(true);
  expect(slope).not.toBeNaN();
}, 90_000);
