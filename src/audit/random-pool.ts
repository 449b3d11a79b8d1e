/**
 * Random bytes a few at a time: asked of the system by the kilobyte, since asking for twelve costs 2 µs.
 *
 * Rule    each byte is given once. From the same source as any others (`node:crypto`).
 */
import { randomBytes } from "node:crypto";

const POOL_BYTES = 4_096;
let pool = Buffer.alloc(0);

/** At most 64. */
export function fewRandomBytes(count: number): Buffer {
  if (pool.length < count) pool = randomBytes(POOL_BYTES);
  const taken = pool.subarray(0, count);
  pool = pool.subarray(count);
  return taken;
}
