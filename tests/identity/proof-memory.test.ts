import { hash } from "node:crypto";
import { expect, it } from "vitest";
import { createProofMemory } from "../../src/identity/proof-memory.ts";
import { fixedClock } from "../../src/kernel/clock.ts";

const BEGIN = Date.parse("2026-11-25T08:00:00Z");
const LIFE_MS = 70_000;
const idOf = (name: string | number) => hash("sha256", String(name), "base64url");

function memory(most?: number) {
  const clock = fixedClock(new Date(BEGIN).toISOString());
  const remember = createProofMemory(LIFE_MS, clock, most);
  const at = (ms: number) => clock.set(new Date(BEGIN + ms).toISOString());
  return { at, see: async (name: string | number) => remember(idOf(name)) };
}

it("knows a proof again for as long as it could be taken, whenever it came", async () => {
  for (const cameAt of [0, 1, LIFE_MS - 1, LIFE_MS, LIFE_MS * 1.5]) {
    const { at, see } = memory();
    at(cameAt);
    expect(await see("a")).toBe(true);
    for (const later of [0, 1, LIFE_MS / 2, LIFE_MS - 1]) {
      at(cameAt + later);
      expect(await see("a"), `came at ${cameAt}, shown ${later} later`).toBe(false);
      await see(`${cameAt} ${later}`);
    }
  }
});

it("tells many apart", async () => {
  const { see } = memory();
  for (let n = 0; n < 20_000; n += 1) expect(await see(n)).toBe(true);
  for (let n = 0; n < 20_000; n += 1) expect(await see(n)).toBe(false);
});

it("forgets what nobody could take any more, and refuses rather than to forget before", async () => {
  const { at, see } = memory(2);
  expect([await see("a"), await see("b"), await see("c")]).toEqual([true, true, false]);
  at(LIFE_MS);
  expect([await see("a"), await see("c")]).toEqual([false, false]);
  at(LIFE_MS * 2);
  expect([await see("c"), await see("a"), await see("d")]).toEqual([true, true, false]);
});
