/**
 * The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1) over SHA-256, growing to the right.
 *
 * In      leaves, oldest first. Leaf and node hashes are told apart by a first byte, so that neither passes for the other.
 * Out     the root at the present size. `onNode` hears of every complete subtree as it comes to be, leaves included: level, hash.
 * Memory  the compact range alone: one hash for each bit of the size.
 * Cost    two hashes a leaf on average, about 2 µs.
 */
import { hash } from "node:crypto";

export const HASH_BYTES = 32;

const LEAF = 0;
const NODE = 1;

/** Of a tree without leaves. */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0));

export function leafHash(leaf: Uint8Array): Buffer {
  const preimage = Buffer.allocUnsafe(1 + leaf.length);
  preimage[0] = LEAF;
  preimage.set(leaf, 1);
  return sha256(preimage);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const preimage = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  preimage[0] = NODE;
  preimage.set(left, 1);
  preimage.set(right, 1 + HASH_BYTES);
  return sha256(preimage);
}

export type OnNode = (level: number, hash: Buffer) => void;

export class CompactRange {
  /** Roots of the complete subtrees that the tree is made of, largest first. */
  readonly #subtrees: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer, onNode: OnNode = () => {}): void {
    let node = leaf;
    onNode(0, node);
    for (let level = 0; isOdd(this.#size, level); level += 1) {
      node = nodeHash(this.#subtrees.pop() ?? EMPTY_ROOT, node);
      onNode(level + 1, node);
    }
    this.#subtrees.push(node);
    this.#size += 1;
  }

  root(): Buffer {
    const root = this.#subtrees.reduceRight<Buffer | null>(
      (right, left) => (right === null ? left : nodeHash(left, right)),
      null,
    );
    return root ?? EMPTY_ROOT;
  }
}

/** Whether the size has the bit of that level. Sizes may exceed 32 bits. */
const isOdd = (size: number, level: number): boolean => Math.floor(size / 2 ** level) % 2 === 1;

function sha256(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}
