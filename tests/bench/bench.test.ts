/** `npm run bench` on one short round, built as people run it (`npm run build`, which `npm ci` does). No figure is asserted. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../bench/report.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const MAIN = join(PACKAGE_ROOT, "dist/bench/main.js");
const run = promisify(execFile);

const results = await mkdtemp(join(tmpdir(), "ihala-bench-results-"));
afterAll(() => rm(results, { recursive: true, force: true }));

let text: string;
let report: Report;
beforeAll(async () => {
  const args = [MAIN, "--rounds", "1", "--share", "0.02", "--connections", "2", "--results", results];
  text = (await run(process.execPath, args)).stdout;
  const [file = ""] = await readdir(results);
  expect(file).toMatch(/^\d{4}-\d\d-\d\d-overview-workers-hidden\.json$/);
  report = JSON.parse(await readFile(join(results, file), "utf8")) as Report;
});

describe("a short round", () => {
  it("measures every operation on both sides, whose answers were the same", () => {
    expect(report.operations.map(({ name }) => name)).toEqual(["overview", "workers", "hidden"]);
    for (const { gateway, bare } of report.operations) {
      expect([gateway.rounds.length, bare.rounds.length]).toEqual([1, 1]);
      expect(gateway.cpuUsPerRequest).toBeGreaterThan(0);
      expect(bare.cpuUsPerRequest).toBeGreaterThan(0);
    }
  });

  it("asks all agencies for the overview, three for the page of workers, the ledger alone for a hidden case", () => {
    const [overview, workers, hidden] = report.operations.map(({ agencies }) => agencies);
    expect(overview).toHaveLength(12);
    expect(workers).toEqual(["IGA", "LMRA", "NPRA"]);
    expect(hidden).toEqual(["EPC"]);
  });

  it("says on what it was measured, and shows a table", () => {
    expect(report).toMatchObject({ scale: "tiny", node: process.version, effort: { connections: 2 } });
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(text).toMatch(/\| overview +\| gateway +\|/);
  });
});
