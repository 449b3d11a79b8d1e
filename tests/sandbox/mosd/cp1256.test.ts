import { describe, expect, it } from "vitest";
import { cp1256 } from "../../../sandbox/mosd/cp1256.ts";

describe("cp1256", () => {
  it("holds Arabic and Latin text in a byte a letter", () => {
    const text = "قرار اللجنة رقم 12 — cnr-mosd";
    expect(cp1256(text)).toHaveLength(text.length);
    expect(new TextDecoder("windows-1256").decode(cp1256(text))).toBe(text);
  });

  it("refuses what it cannot hold", () => {
    expect(() => cp1256("汉")).toThrow("cp1256 has no character U+6C49");
  });
});
