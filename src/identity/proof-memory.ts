/**
 * Proofs that were seen, so that none is taken twice (RFC 9449 §11.1).
 *
 * In      the SHA-256 of what names a proof, 43 characters of base64url.
 * Bounds  a million proofs, about 50 MB; what is more is refused, since to forget one is to let it be sent again. A proof is
 *         remembered by 48 bits: a new one is taken for an old one once in 10^8 times, and its sender sends another.
 * Cost    one look-up; two generations, so that what has expired is let go of at once and never searched for.
 */
import type { Clock } from "../kernel/clock.ts";
import { MAX_REMEMBERED_PROOFS } from "../kernel/limits.ts";

/** True when the proof is new, and from now on it is not. Rejects when that cannot be told. */
export type RememberProof = (id: string) => boolean | Promise<boolean>;

/** `lifeMs`: how long a proof can be taken, at most. */
export function createProofMemory(lifeMs: number, clock: Clock, most = MAX_REMEMBERED_PROOFS): RememberProof {
  let young = new Set<number>();
  let old = new Set<number>();
  let turnsAtMs = clock.now() + lifeMs;
  const turn = (now: number) => {
    if (now < turnsAtMs) return;
    old = now < turnsAtMs + lifeMs ? young : new Set();
    young = new Set();
    turnsAtMs = now + lifeMs;
  };
  return (id) => {
    turn(clock.now());
    const mark = markOf(id);
    if (young.has(mark) || old.has(mark) || young.size + old.size >= most) return false;
    young.add(mark);
    return true;
  };
}

const MARK_BYTES = 6;

/** 48 bits as a number that is exact. */
const markOf = (id: string): number => Buffer.from(id, "base64url").readUIntBE(0, MARK_BYTES);
