/** Row i is a pure function of (seed, table, i): the same alone, in any order, in any world; and pinned for `tiny`. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createWorld, SEED } from "../../../sandbox/synth/world.ts";
import { tablesOf, world } from "./tables-of.ts";

const sha256 = (rows: Iterable<unknown>): string => {
  const hash = createHash("sha256");
  for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest("hex");
};

describe("the synthetic world", () => {
  it.each([...tablesOf(world("tiny")).keys()])("makes the rows of %s alone and in any order", (name) => {
    const whole = tablesOf(world("tiny")).get(name)!;
    const inOrder = Array.from({ length: whole.count }, (_, i) => JSON.stringify(whole.row(i)));
    const alone = tablesOf(world("tiny")).get(name)!;
    for (let i = whole.count - 1; i >= 0; i -= 1 + (i % 7))
      expect(JSON.stringify(alone.row(i))).toBe(inOrder[i]);
    expect([...whole].map((row) => JSON.stringify(row))).toEqual(inOrder.filter((row) => row !== undefined));
  });

  it("refuses rows that a table does not have", () => {
    const { workers } = world("tiny").lmra;
    for (const i of [-1, workers.count, 0.5]) expect(() => workers.row(i)).toThrow(RangeError);
  });

  it("gives other rows for another seed", () => {
    const other = createWorld({ seed: SEED + 1, scale: "tiny" });
    expect(sha256(other.iga.persons)).not.toBe(sha256(world("tiny").iga.persons));
  });

  it("keeps the cast the same at every scale", () => {
    const [tiny, demo] = [world("tiny"), world("demo")];
    for (let i = 0; i < tiny.epc.spine.count; i++)
      expect(demo.epc.spine.row(i)).toEqual(tiny.epc.spine.row(i));
  });

  it("is pinned, table by table", async () => {
    const tiny = world("tiny");
    const hashes = Object.fromEntries([...tablesOf(tiny)].map(([name, rows]) => [name, sha256(rows)]));
    const pinned = { seed: SEED, scale: "tiny", sha256: { ...hashes, links: sha256(tiny.links()) } };
    await expect(`${JSON.stringify(pinned, null, 2)}\n`).toMatchFileSnapshot("tiny.sha256.json");
  });
});
