import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MemberAddress } from "../../src/kernel/brands.ts";
import { CURSOR_LIFETIME_MS, openCursor, sealCursor } from "../../src/kernel/sealed-cursor.ts";

const keys = { current: randomBytes(32) };
const nowMs = 1_753_833_600_000;
const binding = {
  member: "BH/GOV/LMRA/labour" as MemberAddress,
  purpose: "LABOUR_DISPUTE",
  filterHash: "9f2c",
};
const sealed = (cursor: string) =>
  sealCursor(keys, { ...binding, cursor, expiresAtMs: nowMs + CURSOR_LIFETIME_MS });

describe("sealed cursors", () => {
  it("give back the agency's own cursor, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (cursor) => {
        expect(openCursor(keys, { ...binding, nowMs }, sealed(cursor))).toBe(cursor);
      }),
    );
  });

  it.each([
    ["another member", { member: "BH/NGO/MWPS/assist" as MemberAddress }],
    ["another purpose", { purpose: "PREVENTIVE_MONITORING" }],
    ["another filter", { filterHash: "9f2d" }],
    ["a day later", { nowMs: nowMs + CURSOR_LIFETIME_MS }],
  ])("are no cursor for %s", (_, change) => {
    expect(openCursor(keys, { ...binding, nowMs, ...change }, sealed("40"))).toBeNull();
  });

  it("keep purpose and filter apart, however they are cut", () => {
    const text = sealCursor(keys, {
      ...binding,
      purpose: "AB",
      filterHash: "C",
      cursor: "1",
      expiresAtMs: nowMs + 1,
    });
    expect(openCursor(keys, { ...binding, purpose: "A", filterHash: "BC", nowMs }, text)).toBeNull();
  });

  it("are no cursor once edited, and never throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(openCursor(keys, { ...binding, nowMs }, text)).toBeNull();
      }),
    );
  });
});
