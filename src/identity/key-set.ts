/**
 * The public keys of one issuer, read from a file or a URL, with rotation.
 *
 * Vetting     only asymmetric keys for PS256 (RSA of 2,048 bits or more), ES256 (P-256) and EdDSA (Ed25519), each with a `kid` of
 *             its own; a set with a secret or private key in it is refused whole.
 * Rotation    an unknown `kid` reads the source again, at most every 10 s; a known set is read again after 10 min.
 * Failure     a source that fails leaves the keys that are known in force; without any, nobody is authenticated.
 */
import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../kernel/clock.ts";

/** Resolves to the parsed JWKS document. */
export type KeySource = () => Promise<unknown>;

const REFRESH_MS = 600_000;
const RETRY_MS = 10_000;

export interface KeySet {
  /** Reads the source now; rejects when it holds no acceptable keys. */
  load(): Promise<void>;
  readonly getKey: JWTVerifyGetKey;
}

export function createKeySet(read: KeySource, clock: Clock): KeySet {
  let keys: { readonly kids: ReadonlySet<string>; readonly getKey: JWTVerifyGetKey } | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  const load = () => {
    reading ??= read()
      .then((document) => {
        const vetted = vetKeys(document);
        keys = { kids: new Set(vetted.keys.map(({ kid }) => kid ?? "")), getKey: createLocalJWKSet(vetted) };
      })
      .finally(() => {
        reading = null;
      });
    readAt = clock.now();
    return reading;
  };

  const refresh = async (kid: string) => {
    const age = clock.now() - readAt;
    const wanted = keys?.kids.has(kid) ? age > REFRESH_MS : age > RETRY_MS;
    if (wanted || reading) await load().catch(() => {});
  };

  const getKey: JWTVerifyGetKey = async (header, token) => {
    await refresh(header.kid ?? "");
    if (!keys) throw new Error("the issuer's keys are not known");
    return keys.getKey(header, token);
  };

  return { load, getKey };
}

/** The document as a key set, or an error that says what is wrong with it. */
export function vetKeys(document: unknown): JSONWebKeySet {
  const { keys } = (document ?? {}) as Partial<JSONWebKeySet>;
  if (!Array.isArray(keys) || keys.length === 0) throw new Error("not a JWKS document with keys");
  const problems = keys.flatMap((key, index) => {
    const problem = problemOf(key);
    return problem ? [`key ${index}: ${problem}`] : [];
  });
  const kids = keys.map(({ kid }) => kid);
  if (new Set(kids).size < kids.length) problems.push("two keys share a `kid`");
  if (problems.length > 0) throw new Error(problems.join("; "));
  return { keys: keys.map((key) => ({ ...key, alg: algorithmOf(key) as string })) };
}

function problemOf(key: JWK): string | null {
  if (typeof key.kid !== "string" || key.kid === "") return "no `kid`";
  if (key.kty === "oct" || "d" in key || "k" in key) return "a secret in a public document";
  if (key.use !== undefined && key.use !== "sig") return "not for signatures";
  const algorithm = algorithmOf(key);
  if (!algorithm) return "not a key for PS256, ES256 or EdDSA";
  return key.alg === undefined || key.alg === algorithm ? null : `\`alg\` is not ${algorithm}`;
}

/** The one algorithm of a key, so that no token chooses another for it. */
function algorithmOf({ kty, crv, n }: JWK): string | null {
  if (kty === "EC" && crv === "P-256") return "ES256";
  if (kty === "OKP" && crv === "Ed25519") return "EdDSA";
  const bits = typeof n === "string" ? Buffer.from(n, "base64url").length * 8 : 0;
  return kty === "RSA" && bits >= 2_048 ? "PS256" : null;
}
