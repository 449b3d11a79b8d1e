/**
 * Is this access token genuine, for us, and of now? (RFC 9068, RFC 8725)
 *
 * Form      three base64url parts and nothing else: checked before the library sees it, which forgives a trailing newline or `=`.
 * Header    `typ: at+jwt`; PS256, ES256 or EdDSA; a `kid`; no key named twice.
 * Claims    issuer of the registry, our audience, `sub client_id iat exp jti`; expiry forgiven for the clock tolerance,
 *           `iat` and `nbf` at most 10 s ahead, life at most `maxTokenSeconds`; no key named twice.
 * Cache     verified tokens by SHA-256 of the whole token, and none that were refused; times are checked again on every hit, and
 *           everything is after the issuer's keys have changed.
 * Errors    throws a `TokenProblem` or an error of the library, both with a code for the log; `authenticate.ts` turns every one into the same refusal.
 * Cost      a signature check once per token (about 60 µs for ES256), a hash and nothing to wait for afterwards.
 */
import { hash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { Clock } from "../kernel/clock.ts";
import { MAX_FUTURE_SKEW_SECONDS, MAX_TOKEN_CHARACTERS } from "../kernel/limits.ts";
import type { KeySet } from "./key-set.ts";
import { hasDuplicateKeys } from "./strict-json.ts";
import { TokenProblem } from "./token-problem.ts";
import { SIGNATURE_ALGORITHMS } from "./vet-keys.ts";

export interface TokenRules {
  readonly audience: string;
  readonly clockToleranceSeconds: number;
  readonly maxTokenSeconds: number;
}

export interface VerifiedToken {
  readonly issuer: string;
  readonly clientId: string;
  readonly subject: string;
  readonly issuedAtSeconds: number;
  readonly notBeforeSeconds: number;
  readonly expiresAtSeconds: number;
  /** Own properties only; a claim named `__proto__` is one more name that nobody reads. */
  readonly claims: ReadonlyMap<string, unknown>;
}

/** At once for a token that is known. */
export type VerifyToken = (token: string) => VerifiedToken | Promise<VerifiedToken>;

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const REQUIRED = ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"];
const CACHED_TOKENS = 10_000;
const MAX_KID_CHARACTERS = 128;

export function createVerifyToken(
  keySets: ReadonlyMap<string, KeySet>,
  rules: TokenRules,
  clock: Clock,
): VerifyToken {
  const cache = new LRUCache<string, Known>({ max: CACHED_TOKENS });
  const look = async (token: string, digest: string) => {
    if (!COMPACT.test(token)) throw new TokenProblem("not a compact token");
    const known = await verify(token, keySets, rules, clock);
    const verified = current(known.token, rules, clock);
    cache.set(digest, known);
    return verified;
  };
  return (token) => {
    if (token.length > MAX_TOKEN_CHARACTERS) throw new TokenProblem("not a compact token");
    const digest = hash("sha256", token, "base64");
    const known = cache.get(digest);
    if (!known) return look(token, digest);
    known.keys.keepFresh();
    return known.edition === known.keys.edition ? current(known.token, rules, clock) : look(token, digest);
  };
}

/** A token that was verified, by which edition of which keys. */
interface Known {
  readonly token: VerifiedToken;
  readonly keys: KeySet;
  readonly edition: number;
}

async function verify(
  token: string,
  keySets: ReadonlyMap<string, KeySet>,
  { audience, clockToleranceSeconds }: TokenRules,
  clock: Clock,
): Promise<Known> {
  const { kid } = decodeProtectedHeader(token);
  if (typeof kid !== "string" || kid.length > MAX_KID_CHARACTERS) throw new TokenProblem("no usable `kid`");
  if (token.split(".", 2).some((part) => hasDuplicateKeys(Buffer.from(part, "base64url").toString())))
    throw new TokenProblem("a key is named twice");
  const { iss } = decodeJwt(token);
  const keys = typeof iss === "string" ? keySets.get(iss) : undefined;
  if (!keys || typeof iss !== "string") throw new TokenProblem("the issuer is not in the registry");
  // Before its keys are looked at: what changes meanwhile is looked at again.
  const { edition } = keys;
  const { payload } = await jwtVerify(token, keys.getKey, {
    algorithms: SIGNATURE_ALGORITHMS,
    typ: "at+jwt",
    issuer: iss,
    audience,
    requiredClaims: REQUIRED,
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(clock.now()),
  });
  return { token: tokenOf(payload, iss), keys, edition };
}

function tokenOf(payload: JWTPayload, issuer: string): VerifiedToken {
  const claims = new Map<string, unknown>(Object.entries(payload));
  const text = (name: string) => {
    const value = claims.get(name);
    if (typeof value === "string" && value !== "") return value;
    throw new TokenProblem(`\`${name}\` is not a text`);
  };
  text("jti");
  return {
    issuer,
    clientId: text("client_id"),
    subject: text("sub"),
    issuedAtSeconds: Number(payload.iat),
    notBeforeSeconds: Number(payload.nbf ?? payload.iat),
    expiresAtSeconds: Number(payload.exp),
    claims,
  };
}

/** The token itself when it is neither expired, from the future, nor longer-lived than allowed. */
function current(token: VerifiedToken, rules: TokenRules, clock: Clock): VerifiedToken {
  const now = clock.now() / 1_000;
  if (now >= token.expiresAtSeconds + rules.clockToleranceSeconds) throw new TokenProblem("expired");
  const begins = Math.max(token.issuedAtSeconds, token.notBeforeSeconds);
  if (begins > now + MAX_FUTURE_SKEW_SECONDS) throw new TokenProblem("from the future");
  if (token.expiresAtSeconds - token.issuedAtSeconds > rules.maxTokenSeconds)
    throw new TokenProblem("lives too long");
  return token;
}
