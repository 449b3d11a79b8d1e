/** Nobody real: every identifier breaks a rule that real ones keep, and the generator refuses one that does not. */
import { describe, expect, it } from "vitest";
import {
  checkCharacter,
  couldBeRealCpr,
  couldBeRealPassport,
  couldBeRealPhone,
  cprNumber,
  nrmNumber,
  passportNumber,
} from "../../../sandbox/synth/identifiers.ts";
import { SEED } from "../../../sandbox/synth/world.ts";
import { tablesOf, textsOf, world } from "./tables-of.ts";

describe("identifiers", () => {
  it("tell a real shape from an impossible one", () => {
    expect(["900112345", "991212345", "12", "90011234A"].map(couldBeRealCpr)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(couldBeRealCpr("901312345")).toBe(false);
    expect(["A1234567", "X1234567", "Z0123456"].map(couldBeRealPassport)).toEqual([true, true, true]);
    expect(couldBeRealPhone("+97336000000")).toBe(true);
  });

  it("are refused when no impossible one is left", () => {
    expect(() => cprNumber(700_000, 1990, 1)).toThrow(RangeError);
    expect(() => passportNumber(1_000_000, "IND", false)).toThrow(RangeError);
  });

  it("of cases carry a check character of ISO 7064 mod 37,36 and are distinct", () => {
    const numbers = Array.from({ length: 5_000 }, (_, i) => nrmNumber(SEED, 2025, i));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers.slice(0, 50)) {
      expect(number).toMatch(/^NRM-\d{4}-\d{6}-[0-9A-Z]$/);
      expect(checkCharacter(number.slice(0, -2).replaceAll("-", ""))).toBe(number.at(-1));
    }
  });
});

describe("the demo world", () => {
  const demo = world("demo");

  it("has impossible personal numbers, passports and phones only, each of them once", () => {
    const cprs = [...demo.iga.persons].map(({ cpr }) => cpr);
    const passports = [...demo.npra.persons].flatMap(({ passports }) =>
      passports.map(({ number }) => number),
    );
    const phones = [...demo.lmra.workers].map(({ mobilePhone }) => mobilePhone);
    expect(cprs.filter(couldBeRealCpr)).toEqual([]);
    expect(passports.filter(couldBeRealPassport)).toEqual([]);
    expect(phones.filter(couldBeRealPhone)).toEqual([]);
    for (const all of [cprs, passports, phones]) expect(new Set(all).size).toBe(all.length);
  });

  it("has no text in which a personal number or phone could be real", () => {
    const tiny = [...tablesOf(world("tiny")).values()].flatMap((rows) => [...rows]);
    for (const [path, text] of tiny.flatMap((row) => [...textsOf(row)])) {
      if (/^\d{9}$/.test(text)) expect(couldBeRealCpr(text), path).toBe(false);
      if (text.startsWith("+")) expect(couldBeRealPhone(text), path).toBe(false);
    }
  });

  it("marks every narrative as synthetic", () => {
    for (const { report, statements, notes } of demo.epc.content)
      for (const text of [report.summary, ...statements.map((s) => s.text), ...notes.map((n) => n.text)])
        expect(text).toMatch(/\[synthetic\]$/);
  });
});
