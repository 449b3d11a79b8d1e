/** `npm run bench -- federation` in short rounds, built as people run it (`npm run build`, which `npm ci` does). No figure is asserted. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FederationReport, SideReport } from "../../../bench/federation/report.ts";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";

const MAIN = join(PACKAGE_ROOT, "dist/bench/main.js");
const run = promisify(execFile);
const SHORT = ["--rounds", "1", "--seconds", "0.5", "--warm-up", "0.5"];

/** Four scenarios, each with processes of its own. */
const PATIENCE_MS = 240_000;

const place = await mkdtemp(join(tmpdir(), "ihala-bench-results-"));
afterAll(() => rm(place, { recursive: true, force: true }));

const federation = (...args: readonly string[]) =>
  run(process.execPath, [MAIN, "federation", ...SHORT, "--results", place, ...args]);

describe("a short round", () => {
  let text: string;
  let report: FederationReport;
  let file: string;
  beforeAll(async () => {
    const wanted = "standard-shared,distinct,growth-rows-10,event-loop-200";
    text = (await federation("--scenarios", wanted, "--name", "short")).stdout;
    file = join(place, (await readdir(place)).find((name) => name.endsWith("-short.json")) ?? "");
    report = JSON.parse(await readFile(file, "utf8")) as FederationReport;
  }, PATIENCE_MS);
  const sidesOf = (wanted: string): readonly SideReport[] =>
    report.scenarios.find(({ name }) => name === wanted)?.sides ?? [];

  it("measures both sides, whose answers were those of graphql-js", () => {
    for (const scenario of ["standard-shared", "distinct", "growth-rows-10"]) {
      const sides = sidesOf(scenario);
      expect(sides.map(({ name }) => name)).toEqual(["ours", "bare"]);
      for (const { cpuUsPerRequest, peakRssBytes, rounds } of sides) {
        expect(rounds).toHaveLength(1);
        expect(cpuUsPerRequest).toBeGreaterThan(0);
        expect(peakRssBytes).toBeGreaterThan(20_000_000);
      }
    }
  });

  it("needs no more calls than the best plan", () => {
    const calls = (scenario: string) =>
      sidesOf(scenario).map((side) => Object.values(side.calls).reduce((sum, count) => sum + count, 0));
    expect(calls("standard-shared")).toEqual([7, 7]);
    expect(calls("distinct")).toEqual([5, 5]);
  });

  it("watches our event loop while fragment bombs are refused", () => {
    const [ours, ...others] = sidesOf("event-loop-200");
    expect(others).toEqual([]);
    expect(ours?.loopDelayMaxMs).toBeGreaterThan(0);
  });

  it("keeps no folder of this machine", async () => {
    const kept = await readFile(file, "utf8");
    expect(kept).toContain("{root}/dist/src/cli/main.js dev");
    expect(kept).not.toContain(PACKAGE_ROOT);
    expect(kept).not.toContain(tmpdir());
  });

  it("says on what it was measured, and shows tables, then and later", async () => {
    expect(report).toMatchObject({ node: process.version, effort: { rounds: 1, seconds: 0.5 } });
    expect(text).toMatch(/\| distinct +\| ours +\|/);
    const { stdout: later } = await federation("--table", file);
    expect(text.startsWith(later.trimEnd())).toBe(true);
  });
});

it("knows no side by a wrong name", async () => {
  await expect(federation("--only", "theirs")).rejects.toThrow("no side is called `theirs`");
});

describe("a peer that answers wrongly", () => {
  it("ends the run by name, and is itself ended", async () => {
    const server = join(place, "wrong.mjs");
    const portFile = join(place, "wrong.port");
    await writeFile(
      server,
      `import { createServer } from "node:http";
       import { writeFileSync } from "node:fs";
       writeFileSync(${JSON.stringify(portFile)}, process.argv[2]);
       createServer((_, response) => response.end('{"data":{"user":null}}')).listen(Number(process.argv[2]));`,
    );
    const peer = `wrong="${process.execPath}" ${server} {port}`;
    const failed = federation("--scenarios", "standard-shared", "--only", "wrong", "--peer", peer);
    await expect(failed).rejects.toThrow("wrong gives another answer than graphql-js");
    const port = await readFile(portFile, "utf8");
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
  });

  it("ends the run when it does not start, with what it wrote", async () => {
    const peer = "silent=echo I have no licence; exit 3";
    const failed = federation("--scenarios", "standard-shared", "--only", "silent", "--peer", peer);
    await expect(failed).rejects.toThrow(/silent: ended before it answered.*I have no licence/s);
  });
});
