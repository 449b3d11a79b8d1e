/**
 * Says whether an answer is the one that a record was written for, without a hash that could be guessed at: the plain hash of a
 * boolean is the boolean.
 *
 * Rule    HMAC-SHA-256 under 16 random bytes, which are kept encrypted (security design §2). Without them it says nothing.
 * Cost    about 3 µs, and 1 µs a kilobyte of answer.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const SALT_BYTES = 16;

/** Base64url, like all that follows. */
export const newSalt = (): string => randomBytes(SALT_BYTES).toString("base64url");

export const answerMac = (answer: Uint8Array, salt: string): string =>
  macOf(answer, salt).toString("base64url");

export function isAnswerOf(mac: string, answer: Uint8Array, salt: string): boolean {
  const [given, made] = [Buffer.from(mac, "base64url"), macOf(answer, salt)];
  return given.length === made.length && timingSafeEqual(given, made);
}

const macOf = (answer: Uint8Array, salt: string): Buffer =>
  createHmac("sha256", Buffer.from(salt, "base64url")).update(answer).digest();
