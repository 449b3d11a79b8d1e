/**
 * Which public keys may verify a signature, and by which one algorithm.
 *
 * Keys    for PS256 (RSA of 2,048 to 4,096 bits, exponent 65,537), ES256 (P-256) and EdDSA (Ed25519); of a set, each with a `kid` of
 *         its own. Keys of a set for anything else are left out, as issuers publish keys for encryption beside.
 * Errors  a set with a secret or private key in it, with two keys of one `kid`, or without any acceptable key is refused whole.
 */
import type { JSONWebKeySet, JWK } from "jose";

export const SIGNATURE_ALGORITHMS = ["PS256", "ES256", "EdDSA"];

const MIN_RSA_BITS = 2_048;
const MAX_RSA_BITS = 4_096;
const RSA_EXPONENT = "AQAB";
const MAX_KEYS = 50;
const MAX_KID_CHARACTERS = 128;

/** The document as a key set, or an error that says what is wrong with it. */
export function vetKeys(document: unknown): JSONWebKeySet {
  const { keys } = (document ?? {}) as Partial<JSONWebKeySet>;
  if (!Array.isArray(keys) || !keys.every(isObject)) throw new Error("not a JWKS document with keys");
  if (keys.length > MAX_KEYS) throw new Error(`more than ${MAX_KEYS} keys`);
  if (keys.some(isSecret)) throw new Error("a secret in a public document");
  const usable = keys.filter((key) => problemOf(key) === null);
  if (usable.length === 0)
    throw new Error(keys.map((key, index) => `key ${index}: ${problemOf(key)}`).join("; ") || "no keys");
  if (new Set(usable.map(({ kid }) => kid)).size < usable.length) throw new Error("two keys share a `kid`");
  return { keys: usable.map((key) => ({ ...key, alg: algorithmOf(key) as string })) };
}

const isObject = (value: unknown): value is JWK =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (key: JWK): boolean =>
  key.kty === "oct" || ["d", "k", "p", "q", "dp", "dq", "qi"].some((part) => Object.hasOwn(key, part));

function problemOf(key: JWK): string | null {
  const { kid, use, key_ops: operations, alg } = key;
  if (typeof kid !== "string" || kid === "" || kid.length > MAX_KID_CHARACTERS) return "no usable `kid`";
  if (use !== undefined && use !== "sig") return "not for signatures";
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify")))
    return "not for verifying";
  const algorithm = algorithmOf(key);
  if (algorithm === null) return "not a key for PS256, ES256 or EdDSA";
  const isIts = alg === undefined || alg === algorithm || (alg === "Ed25519" && algorithm === "EdDSA");
  return isIts ? null : `\`alg\` is not ${algorithm}`;
}

/** The one algorithm of a key, so that no token chooses another for it; null for keys of which none is accepted. */
export function algorithmOf({ kty, crv, n, e }: JWK): string | null {
  if (kty === "EC" && crv === "P-256") return "ES256";
  if (kty === "OKP" && crv === "Ed25519") return "EdDSA";
  if (kty !== "RSA" || typeof n !== "string" || e !== RSA_EXPONENT) return null;
  const bits = bitsOf(Buffer.from(n, "base64url"));
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS ? "PS256" : null;
}

function bitsOf(modulus: Buffer): number {
  const first = modulus.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24;
}
