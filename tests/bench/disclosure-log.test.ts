/** `npm run bench:log` on one short round, built as people run it. No figure is asserted. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const MAIN = join(PACKAGE_ROOT, "dist/bench/disclosure-log.js");

async function rowOf(...more: readonly string[]): Promise<readonly number[]> {
  const args = [MAIN, "--seconds", "0.2", "--appenders", "3", "--requestUs", "50", ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [, , row = ""] = stdout.split("\n");
  return row.split("|").slice(1, -1).map(Number);
}

it.each([
  ["alone", 8],
  ["--ship", 9],
])("measures appenders with the log, %s, and without", async (how, columns) => {
  const row = await rowOf(...(how === "alone" ? [] : [how]));
  expect(row).toHaveLength(columns);
  const [requestUs, appenders, perSecond, cpuUs, perSync] = row;
  expect([requestUs, appenders]).toEqual([50, 3]);
  expect(perSecond).toBeGreaterThan(0);
  expect(cpuUs).toBeGreaterThan(0);
  expect(perSync).toBeGreaterThanOrEqual(1);
  expect(row.at(-1)).toBeGreaterThanOrEqual(0);
});
