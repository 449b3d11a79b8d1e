import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { ERRORS, type ErrorCode } from "../../src/kernel/errors.ts";
import { MESSAGES } from "../../src/kernel/messages.ts";
import { errorReference } from "../../src/server/error-reference.ts";

const page = await readFile(join(PACKAGE_ROOT, "docs", "errors.md"), "utf8");
const documented = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+|–) \|/gm)].map(([, code, status]) => ({
  code,
  status,
}));

describe("docs/errors.md (node scripts/docs.ts writes it)", () => {
  it("is what the tables say", () => {
    expect(page).toBe(errorReference());
  });

  it("documents every code with its status, and no other", () => {
    const known = (Object.keys(ERRORS) as ErrorCode[]).map((code) => ({
      code,
      status: String(ERRORS[code].status || "–"),
    }));
    const byCode = (a: { code?: string | undefined }, b: { code?: string | undefined }) =>
      (a.code ?? "") < (b.code ?? "") ? -1 : 1;
    expect(documented.toSorted(byCode)).toEqual(known.toSorted(byCode));
  });

  it.each(Object.entries(MESSAGES))(
    "says %s in English in one lower-case line and in Arabic",
    (_, { en, ar, advice }) => {
      expect(en).not.toMatch(/^[A-Z]|\n/);
      expect(ar).toMatch(/[\u0600-\u06ff]/);
      expect(advice).toMatch(/\.$/);
      const placeholders = (text: string) => text.match(/\{\w+\}/g)?.toSorted() ?? [];
      expect(placeholders(ar)).toEqual(placeholders(en));
    },
  );
});
