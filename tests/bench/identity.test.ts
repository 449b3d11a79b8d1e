/** `npm run bench:identity` on one short round, built as people run it. No figure is asserted. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

it("measures what is known, what is new, proofs and ids", async () => {
  const main = join(PACKAGE_ROOT, "dist/bench/identity.js");
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--seconds", "0.2"]);
  const [, , ...rows] = stdout.trim().split("\n");
  expect(rows).toHaveLength(5);
  for (const row of rows) expect(row).toMatch(/^\| an? [a-z ]+ \| [1-9]\d* \| [1-9]\d* \| \d+\.\d+ \|$/);
});
