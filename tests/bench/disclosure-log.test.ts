/** `npm run bench:log` on one short round, built as people run it. No figure is asserted. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const MAIN = join(PACKAGE_ROOT, "dist/bench/disclosure-log.js");

it("measures appenders with the log and without", async () => {
  const args = [MAIN, "--seconds", "0.2", "--appenders", "3", "--requestUs", "50"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [, , row = ""] = stdout.split("\n");
  const [requestUs, appenders, perSecond, cpuUs, perSync] = row.split("|").slice(1).map(Number);
  expect([requestUs, appenders]).toEqual([50, 3]);
  expect(perSecond).toBeGreaterThan(0);
  expect(cpuUs).toBeGreaterThan(0);
  expect(perSync).toBeGreaterThanOrEqual(1);
});
