import { describe, expect, it } from "vitest";
import { CompactRange, EMPTY_ROOT, leafHash } from "../../src/audit/merkle.ts";
import { PUBLISHED_LEAVES, PUBLISHED_ROOTS, subtreesOf, treeHash } from "./trees.ts";

describe("the Merkle tree", () => {
  it("has the published roots", () => {
    const tree = new CompactRange();
    const roots = PUBLISHED_LEAVES.map((leaf) => {
      tree.append(leafHash(leaf));
      return tree.root().toString("hex");
    });
    expect(roots).toEqual(PUBLISHED_ROOTS);
    expect(
      PUBLISHED_LEAVES.map((_, i) => treeHash(PUBLISHED_LEAVES.slice(0, i + 1)).toString("hex")),
    ).toEqual(PUBLISHED_ROOTS);
  });

  it("has the hash of nothing as its root while it is empty, and an empty leaf is not that", () => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect(new CompactRange().root().toString("hex")).toBe(empty);
    expect(EMPTY_ROOT.toString("hex")).toBe(empty);
    expect(leafHash(Buffer.alloc(0)).toString("hex")).toBe(PUBLISHED_ROOTS[0]);
  });

  it("has the root of the definition at every size, and tells of every complete subtree once", async () => {
    const leaves = Array.from({ length: 300 }, (_, i) => Buffer.from(`leaf ${i}`));
    const subtree = subtreesOf(leaves);
    const tree = new CompactRange();
    const seen = new Map<number, Buffer[]>();
    for (const [at, leaf] of leaves.entries()) {
      tree.append(leafHash(leaf), (level, hash) => seen.set(level, [...(seen.get(level) ?? []), hash]));
      expect(tree.size).toBe(at + 1);
      if (at < 70 || at % 37 === 0) expect(tree.root()).toEqual(treeHash(leaves.slice(0, at + 1)));
    }
    expect([...seen].map(([level, hashes]) => [level, hashes.length])).toEqual(
      [300, 150, 75, 37, 18, 9, 4, 2, 1].map((count, level) => [level, count]),
    );
    for (const level of [3, 5, 8]) expect(seen.get(level)?.[0]).toEqual(await subtree(level, 0));
  });
});
