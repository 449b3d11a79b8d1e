/**
 * Proofs over the Merkle tree: that a leaf is in it, and that one tree only grew out of another (RFC 9162 §2.1.3 and §2.1.4).
 *
 * Making     asks for complete subtrees by level and index; a proof has at most 2 × 53 of them.
 * Verifying  takes nothing but hashes, and never throws: a proof that is too long, too short or not of hashes is false.
 */
import { HASH_BYTES, nodeHash } from "./merkle.ts";

/** Root of the complete subtree of 2^level leaves that begins at leaf index × 2^level. */
export type Subtree = (level: number, index: number) => Promise<Buffer>;

/** From the leaf's sibling up to the root's child. */
export async function inclusionProof(index: number, size: number, subtree: Subtree): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError("the tree has no such leaf");
  return pathTo(index, 0, size, subtree);
}

export async function consistencyProof(from: number, to: number, subtree: Subtree): Promise<Buffer[]> {
  if (!(from >= 0 && from <= to)) throw new RangeError("a tree grows: the older one is no larger");
  return from === 0 || from === to ? [] : growth(from, 0, to, true, subtree);
}

/** Root of the tree at that size. */
export function rootAt(size: number, subtree: Subtree): Promise<Buffer> {
  return rangeHash(0, size, subtree);
}

export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if (!areHashes(proof)) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      [at, last] = skipLone(at, last);
    } else hash = nodeHash(hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

export function verifyConsistency(
  from: { readonly size: number; readonly root: Buffer },
  to: { readonly size: number; readonly root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (!Number.isSafeInteger(from.size) || !Number.isSafeInteger(to.size)) return false;
  if (from.size < 0 || from.size > to.size || !areHashes([from.root, to.root, ...proof])) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  if (from.size === 0) return proof.length === 0;
  const [first, ...rest] = isPowerOfTwo(from.size) ? [from.root, ...proof] : proof;
  if (!first || proof.length === 0) return false;
  let [at, last] = [from.size - 1, to.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [older, newer] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      [at, last] = skipLone(at, last);
    } else newer = nodeHash(newer, hash);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && older.equals(from.root) && newer.equals(to.root);
}

/** PATH of RFC 9162 §2.1.3.1, for leaves of [lo, hi). */
async function pathTo(index: number, lo: number, hi: number, subtree: Subtree): Promise<Buffer[]> {
  if (hi - lo === 1) return [];
  const middle = lo + split(hi - lo);
  return index < middle
    ? [...(await pathTo(index, lo, middle, subtree)), await rangeHash(middle, hi, subtree)]
    : [...(await pathTo(index, middle, hi, subtree)), await rangeHash(lo, middle, subtree)];
}

/** SUBPROOF of RFC 9162 §2.1.4.1; `known`: the verifier has the root of the older tree. */
async function growth(
  from: number,
  lo: number,
  hi: number,
  known: boolean,
  subtree: Subtree,
): Promise<Buffer[]> {
  if (from === hi) return known ? [] : [await rangeHash(lo, hi, subtree)];
  const middle = lo + split(hi - lo);
  return from <= middle
    ? [...(await growth(from, lo, middle, known, subtree)), await rangeHash(middle, hi, subtree)]
    : [...(await growth(from, middle, hi, false, subtree)), await rangeHash(lo, middle, subtree)];
}

async function rangeHash(lo: number, hi: number, subtree: Subtree): Promise<Buffer> {
  const length = hi - lo;
  if (isPowerOfTwo(length) && lo % length === 0) return subtree(Math.log2(length), lo / length);
  const middle = lo + split(length);
  return nodeHash(await rangeHash(lo, middle, subtree), await rangeHash(middle, hi, subtree));
}

/** The largest power of two below a length of two or more. */
function split(length: number): number {
  let power = 1;
  while (power * 2 < length) power *= 2;
  return power;
}

/** A node that ends its level has no sibling until the levels meet. */
function skipLone(at: number, last: number): [number, number] {
  let [left, right] = [at, last];
  while (left % 2 === 0 && left !== 0) [left, right] = [half(left), half(right)];
  return [left, right];
}

const areHashes = (proof: readonly Buffer[]): boolean => proof.every(({ length }) => length === HASH_BYTES);
const half = (number: number): number => Math.floor(number / 2);
const isPowerOfTwo = (number: number): boolean => number > 0 && Number.isInteger(Math.log2(number));
