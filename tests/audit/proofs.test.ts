import { describe, expect, it } from "vitest";
import { EMPTY_ROOT, leafHash } from "../../src/audit/merkle.ts";
import {
  consistencyProof,
  inclusionProof,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from "../../src/audit/proofs.ts";
import { PUBLISHED_LEAVES, subtreesOf, treeHash } from "./trees.ts";

const hex = (proof: readonly Buffer[]) => proof.map((hash) => hash.toString("hex"));
const published = subtreesOf(PUBLISHED_LEAVES);

const LEAVES = Array.from({ length: 40 }, (_, i) => Buffer.from(`leaf ${i}`));
const ROOTS = Array.from({ length: 41 }, (_, size) => treeHash(LEAVES.slice(0, size)));
const subtree = subtreesOf(LEAVES);
const headAt = (size: number) => ({ size, root: ROOTS[size] ?? EMPTY_ROOT });

/** Every way to damage a proof a little. */
function damagedForms(proof: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const flipped = proof.map((hash, at) =>
    proof.toSpliced(at, 1, Buffer.from(hash.map((byte, i) => (i === 7 ? byte ^ 4 : byte)))),
  );
  const swapped = proof.length > 1 ? [[...proof.slice(1), proof[0] ?? EMPTY_ROOT]] : [];
  const long = proof.map((hash, at) => proof.toSpliced(at, 1, Buffer.concat([hash, hash])));
  const short = proof.map((hash, at) => proof.toSpliced(at, 1, hash.subarray(1)));
  return [
    ...flipped,
    ...swapped,
    ...short,
    ...long,
    [...proof, EMPTY_ROOT],
    [EMPTY_ROOT, ...proof],
    proof.slice(0, -1),
  ].filter(
    (form) => form.length !== proof.length || form.some((hash, at) => !hash.equals(proof[at] ?? hash)),
  );
}

describe("an inclusion proof", () => {
  it.each([
    [0, 1, []],
    [
      0,
      8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    ],
    [
      5,
      8,
      [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    ],
    [2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]],
    [
      1,
      5,
      [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    ],
  ])("of leaf %i of %i is the published one", async (index, size, expected) => {
    expect(hex(await inclusionProof(index, size, published))).toEqual(expected);
  });

  it("holds for every leaf of every size, and for nothing else", async () => {
    for (let size = 1; size < ROOTS.length; size += 1) {
      const { root } = headAt(size);
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(index, size, subtree);
        const leaf = leafHash(LEAVES[index] ?? Buffer.alloc(0));
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        const others = [
          verifyInclusion(leafHash(Buffer.from("another")), index, size, proof, root),
          verifyInclusion(leaf, index + 1, size, proof, root),
          verifyInclusion(leaf, index, size, proof, headAt(size - 1).root),
          ...damagedForms(proof).map((form) => verifyInclusion(leaf, index, size, form, root)),
        ];
        expect(others).toEqual(others.map(() => false));
      }
    }
  });

  it("is not to be had of a leaf that is not there, nor believed of one", async () => {
    await expect(inclusionProof(0, 0, subtree)).rejects.toThrow(RangeError);
    await expect(inclusionProof(3, 3, subtree)).rejects.toThrow(RangeError);
    for (const index of [-1, 0.5, Number.NaN, 1, 2 ** 60])
      expect(verifyInclusion(EMPTY_ROOT, index, 1, [], EMPTY_ROOT)).toBe(false);
    expect(verifyInclusion(EMPTY_ROOT, 0, 0, [], EMPTY_ROOT)).toBe(false);
  });
});

describe("a consistency proof", () => {
  it.each([
    [1, 1, []],
    [
      1,
      8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    ],
    [
      6,
      8,
      [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    ],
    [
      2,
      5,
      [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    ],
  ])("from %i to %i is the published one", async (from, to, expected) => {
    expect(hex(await consistencyProof(from, to, published))).toEqual(expected);
  });

  it("holds between every two sizes, and for nothing else", async () => {
    for (let to = 0; to < ROOTS.length; to += 1) {
      for (let from = 0; from <= to; from += 1) {
        const proof = await consistencyProof(from, to, subtree);
        expect(verifyConsistency(headAt(from), headAt(to), proof)).toBe(true);
        const fork = { size: to, root: leafHash(Buffer.from("fork")) };
        const others = [
          ...damagedForms(proof).map((form) => verifyConsistency(headAt(from), headAt(to), form)),
          ...(from > 0 ? [verifyConsistency(headAt(from), fork, proof)] : []),
          ...(from > 0 && from < to
            ? [verifyConsistency({ size: from, root: fork.root }, headAt(to), proof)]
            : []),
        ];
        expect(others).toEqual(others.map(() => false));
      }
    }
  });

  it("never leads back, nor from or to a size that is none", async () => {
    await expect(consistencyProof(5, 4, subtree)).rejects.toThrow(RangeError);
    expect(verifyConsistency(headAt(5), headAt(4), [])).toBe(false);
    expect(verifyConsistency({ size: -1, root: EMPTY_ROOT }, headAt(4), [])).toBe(false);
    expect(verifyConsistency(headAt(1), { size: 2.5, root: EMPTY_ROOT }, [EMPTY_ROOT])).toBe(false);
  });
});

it("gives the root of any older size", async () => {
  for (let size = 1; size < ROOTS.length; size += 1)
    expect(await rootAt(size, subtree)).toEqual(headAt(size).root);
});
