/** `npm run bench -- policies` in a short round, built as people run it. No figure is asserted. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { compileSome } from "../../bench/policy-texts.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const results = await mkdtemp(join(tmpdir(), "ihala-bench-results-"));
afterAll(() => rm(results, { recursive: true, force: true }));

it("takes the same ten policies of one agency, and others of other agencies under ids of their own", async () => {
  const [ten, many] = await Promise.all([compileSome(10), compileSome(250)]);
  const idsOf = ({ policies }: typeof ten) => policies.map(({ id }) => id);
  expect(idsOf(ten)).toHaveLength(10);
  expect(idsOf(many).slice(0, 10)).toEqual(idsOf(ten));
  expect(idsOf(ten).filter((id) => !id.startsWith("LMRA."))).toEqual([]);
  expect(
    idsOf(many)
      .slice(10)
      .filter((id) => id.startsWith("LMRA.")),
  ).toEqual([]);
  expect(new Set(idsOf(many)).size).toBe(250);
});

it("measures verdicts and decisions under each number of policies", async () => {
  const main = join(PACKAGE_ROOT, "dist/bench/main.js");
  const args = [
    main,
    "policies",
    "--sizes",
    "10,30",
    "--rounds",
    "1",
    "--share",
    "0.02",
    "--results",
    results,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [file = ""] = await readdir(results);
  const { sizes, shipped, permitAll } = JSON.parse(await readFile(join(results, file), "utf8"));
  expect(file).toMatch(/^\d{4}-\d\d-\d\d-policies\.json$/);
  expect(sizes).toMatchObject([{ policies: 10 }, { policies: 30 }]);
  for (const { leftToRows, decisionNs } of sizes) {
    expect(leftToRows).toBeGreaterThan(0);
    expect(decisionNs).toBeGreaterThan(0);
  }
  expect(stdout).toMatch(/\|\s+30 \|\s+\d+ \|/);
  expect(shipped).toMatchObject({ page: { rows: 1_000, fields: 20 } });
  expect(shipped.proof.invariants).toBeGreaterThan(10);
  expect(shipped.readers).toBeGreaterThan(100);
  expect(permitAll.ratio).toBeGreaterThan(0);
}, 60_000);
