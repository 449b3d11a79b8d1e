/** Every fault of docs/operations.md has a row, in order, with a figure and a test whose title names it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const DOCS = join(PACKAGE_ROOT, "docs");
const ROW = /^\| (F\d+) \| (.+) \| (.+) \| \[[a-z]+\]\((.+)\) \|$/gm;
/** Of a test or a group of tests. */
const TITLE = /\b(?:describe|it)\(\s*["`](F\d+): /g;

const rows = [...readFileSync(join(DOCS, "operations.md"), "utf8").matchAll(ROW)].map(
  ([, id = "", , seen = "", file = ""]) => ({ id, seen, file: join(DOCS, file) }),
);

describe("the faults as they were measured", () => {
  it("are all there, once and in order", () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, i) => `F${i + 1}`));
  });

  it.each(rows)("$id has a figure, and a test of that name", ({ id, seen, file }) => {
    expect(seen).toMatch(/\d/);
    const titles = [...readFileSync(file, "utf8").matchAll(TITLE)].map(([, title]) => title);
    expect(titles).toContain(id);
  });
});
