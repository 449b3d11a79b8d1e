/** The threat model names a test for each attack, and each test names the attack. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const DOCS = join(PACKAGE_ROOT, "docs");
const ROW = /^\| (A\d+) \| (.+) \| (.+) \| (.+) \|$/gm;
const LINK = /\]\(([^)]+)\)/g;

const rows = [...readFileSync(join(DOCS, "threat-model.md"), "utf8").matchAll(ROW)].map(
  ([, id = "", , , tests = ""]) => ({
    id,
    files: [...tests.matchAll(LINK)].map(([, file = ""]) => join(DOCS, file)),
  }),
);

/** There is nothing to attack yet. */
const WITHOUT_A_TEST_OF_ITS_OWN = new Set(["A31"]);

describe("the threat model", () => {
  it("has every attack once, in order", () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 31 }, (_, i) => `A${i + 1}`));
  });

  it.each(rows)("$id is made by a test that names it", ({ id, files }) => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect({ file, exists: existsSync(file) }).toEqual({ file, exists: true });
    if (WITHOUT_A_TEST_OF_ITS_OWN.has(id)) return;
    const [first = ""] = files;
    expect(first).toContain("/tests/security/");
    expect(readFileSync(first, "utf8")).toMatch(new RegExp(`\\b${id}\\b`));
  });
});

it("there is no console whose files a path could leave: A31 has nothing to attack", () => {
  expect(existsSync(join(PACKAGE_ROOT, "console"))).toBe(false);
});
