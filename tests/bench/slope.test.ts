import { describe, expect, it } from "vitest";
import { slopeOf } from "../../bench/slope.ts";

const MIB = 1_048_576;
const samples = (bytesAt: (second: number) => number) =>
  Array.from({ length: 60 }, (_, second) => ({ ms: second * 1_000, bytes: bytesAt(second) }));

describe("a slope", () => {
  it("is what grows in ten minutes, whatever the samples begin with", () => {
    expect(slopeOf(samples((second) => 300 * MIB + (second * MIB) / 60))).toBeCloseTo(10);
    expect(slopeOf(samples((second) => 300 * MIB - (second * MIB) / 600))).toBeCloseTo(-1);
  });

  it("is nothing of what goes up and down, of one sample, and of none", () => {
    expect(slopeOf(samples((second) => 300 * MIB + Math.abs(second - 29.5) * MIB))).toBeCloseTo(0);
    expect(slopeOf([{ ms: 5, bytes: MIB }])).toBe(0);
    expect(slopeOf([])).toBe(0);
  });
});
