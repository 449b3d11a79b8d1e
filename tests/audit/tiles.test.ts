import { describe, expect, it } from "vitest";
import { CompactRange, leafHash } from "../../src/audit/merkle.ts";
import { inclusionProof, rootAt, verifyInclusion } from "../../src/audit/proofs.ts";
import { parseTilePath, subtreesOfTiles, TileEdge, tileNames, tilePath } from "../../src/audit/tiles.ts";

describe("tiles", () => {
  it.each([
    [0, 0, 256, "tile/0/000"],
    [0, 999, 256, "tile/0/999"],
    [0, 1_000, 256, "tile/0/x001/000"],
    [3, 1_234_067, 256, "tile/3/x001/x234/067"],
    [1, 1, 17, "tile/1/001.p/17"],
  ])("of level %i, index %i, width %i are at %s", (level, index, width, path) => {
    expect(tilePath(level, index, width)).toBe(path);
  });

  it("are those of the specification's example of 70,000 leaves, and give every proof", async () => {
    const size = 70_000;
    const { disk, tree } = grown(size);
    const names = [...disk.keys()];
    const of = (level: number) => names.filter((name) => name.startsWith(`tile/${level}/`));
    expect(of(0)).toHaveLength(274);
    expect(of(0)).toContain("tile/0/273.p/112");
    expect(of(1).toSorted()).toEqual(["tile/1/000", "tile/1/001.p/17"]);
    expect(of(2)).toEqual(["tile/2/000.p/1"]);
    expect([...disk.values()].every(({ length }) => length % 32 === 0)).toBe(true);

    const subtree = subtreesOfTiles(size, reading(disk));
    expect(await rootAt(size, subtree)).toEqual(tree.root());
    for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
      const proof = await inclusionProof(index, size, subtree);
      expect(verifyInclusion(leafOf(index), index, size, proof, tree.root())).toBe(true);
    }
  });

  it.each([0, 1, 255, 256, 257, 65_536, 70_000])(
    "of %i leaves have the names that follow from the size",
    (size) => {
      const names = tileNames(size).map(({ level, index, width }) => tilePath(level, index, width));
      expect(names.toSorted()).toEqual([...grown(size).disk.keys()].toSorted());
      expect(names.map(parseTilePath)).toEqual(tileNames(size));
    },
  );

  it("are parsed in their one spelling", () => {
    for (const path of [
      "tile/0/0",
      "tile/0/000.p/256",
      "tile/0/000.p/01",
      "tile/00/000",
      "tile/0/x000/001",
      "a",
    ])
      expect(parseTilePath(path)).toBeNull();
  });

  it("that were partial may be gone once the full one is there", async () => {
    const disk = new Map([...grown(300).disk, ...grown(600).disk]);
    expect(disk.delete("tile/0/001.p/44")).toBe(true);
    const subtree = subtreesOfTiles(300, reading(disk));
    expect(await rootAt(300, subtree)).toEqual(grown(300).tree.root());
  });

  it("of 256 leaves are a full one and a partial one above", () => {
    expect([...grown(256).disk.keys()].toSorted()).toEqual(["tile/0/000", "tile/1/000.p/1"]);
    expect([...grown(0).disk.keys()]).toEqual([]);
  });

  it("hand a full tile out once, and a partial one at each size", () => {
    const edge = new TileEdge();
    const tree = new CompactRange();
    const paths: string[][] = [];
    for (let size = 0; size < 258; size += 1) {
      tree.append(leafOf(size), (level, hash) => edge.add(level, hash));
      if (size >= 254) paths.push(taken(edge).map(({ path }) => path));
    }
    expect(paths).toEqual([
      ["tile/0/000.p/255"],
      ["tile/0/000", "tile/1/000.p/1"],
      ["tile/0/001.p/1", "tile/1/000.p/1"],
      ["tile/0/001.p/2", "tile/1/000.p/1"],
    ]);
  });

  it("refuse a tile that is too short, and subtrees that are not complete", async () => {
    const { disk } = grown(300);
    const cut = async (path: string) => (await reading(disk)(path)).subarray(1);
    await expect(subtreesOfTiles(300, cut)(0, 3)).rejects.toThrow("tile/0/000");
    await expect(subtreesOfTiles(300, reading(disk))(0, 300)).rejects.toThrow(RangeError);
    await expect(subtreesOfTiles(300, reading(disk))(6, 4)).rejects.toThrow(RangeError);
  });
});

const taken = (edge: TileEdge) => [...edge.takeFull(), ...edge.partial()];
const leafOf = (index: number) => leafHash(Buffer.from(`leaf ${index}`));

function grown(size: number) {
  const edge = new TileEdge();
  const tree = new CompactRange();
  for (let at = 0; at < size; at += 1) tree.append(leafOf(at), (level, hash) => edge.add(level, hash));
  return { tree, disk: new Map(taken(edge).map(({ path, hashes }) => [path, hashes])) };
}

const reading = (disk: ReadonlyMap<string, Buffer>) => async (path: string) => {
  const tile = disk.get(path);
  if (!tile) throw new Error(`no ${path}`);
  return tile;
};
