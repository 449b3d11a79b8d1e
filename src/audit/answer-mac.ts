/**
 * Says whether an answer is the one that a record was written for, without a hash that could be guessed at: the plain hash of a
 * boolean is the boolean.
 *
 * Rule    HMAC-SHA-256 under 16 random bytes, which are kept encrypted (security design §2). Without them it says nothing.
 * Cost    about 4 µs, and 1 µs a kilobyte of answer.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { fewRandomBytes } from "./random-pool.ts";

const SALT_BYTES = 16;
/** SHA-256's. */
const BLOCK_BYTES = 64;

/** Base64url, like all that follows. */
export const newSalt = (): string => fewRandomBytes(SALT_BYTES).toString("base64url");

export const answerMac = (answer: Uint8Array, salt: string): string =>
  macOf(answer, salt).toString("base64url");

export function isAnswerOf(mac: string, answer: Uint8Array, salt: string): boolean {
  const [given, made] = [Buffer.from(mac, "base64url"), macOf(answer, salt)];
  return given.length === made.length && timingSafeEqual(given, made);
}

/** RFC 2104 written out: `createHmac` makes a key object of each salt, which costs twice as much as all the rest. */
function macOf(answer: Uint8Array, salt: string): Buffer {
  const key = Buffer.from(salt, "base64url");
  const inner = createHash("sha256").update(padded(key, 0x36)).update(answer).digest();
  return createHash("sha256").update(padded(key, 0x5c)).update(inner).digest();
}

/** Of a key that is no longer than a block. */
function padded(key: Buffer, pad: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES, pad);
  for (const [at, byte] of key.entries()) block[at] = byte ^ pad;
  return block;
}
