/**
 * AES-256-GCM with a random nonce: what is sealed is nonce, ciphertext and tag.
 *
 * Cost  about 4 µs. A key is a `KeyObject`: Node would make one of raw bytes each time, which costs three times as much as the rest.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { fewRandomBytes } from "./random-pool.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `context` is not kept, but must be given again to open it. */
export function sealBytes(key: KeyObject, plain: Uint8Array, context: string): Buffer {
  const nonce = fewRandomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null when it was sealed by another key, in another context, or changed. */
export function openBytes(key: KeyObject, sealed: Uint8Array, context: string): Buffer | null {
  const end = sealed.length - TAG_BYTES;
  if (end < NONCE_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    return null;
  }
}
