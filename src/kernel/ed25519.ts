/** Ed25519 keys (RFC 8032) out of their raw 32 bytes, in the DER forms of RFC 8410 that Node takes. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** What stands before the seed in PKCS #8, and before the public key in SPKI. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export const ED25519_KEY_BYTES = 32;

export function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
}

export function ed25519PublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: "der", type: "spki" });
}

/** The 32 bytes of a public key, or of a private key's public half. */
export function rawEd25519(key: KeyObject): Buffer {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return publicKey.export({ format: "der", type: "spki" }).subarray(SPKI.length);
}
