/**
 * Is this proof of possession genuine, for this request and this token, of now and never seen before? (RFC 9449 §4.3)
 *
 * In      the header `dpop`, the token that it goes with, the channel, the thumbprint of the key that the token is bound to.
 * Form    one compact JWT, `typ: dpop+jwt`, PS256, ES256 or EdDSA, its public key inside and nothing of a private one; no key named
 *         twice; `jti htm htu iat ath`.
 * For us  `htm` is the channel's method, `htu` its URL without query and fragment, `ath` the SHA-256 of the token.
 * Of now  `iat` at most `maxAgeSeconds` ago and 10 s ahead; the nonce that we gave out, where one is wanted.
 * Once    its `jti` under its key is remembered for as long as it could be taken. A channel that a proof was taken on may show it
 *         again with the same token: the questions of one batch and of one WebSocket have one proof.
 * Errors  `TokenProblem`; `NonceWanted` when only the nonce is wrong; what `remember` rejects with.
 * Cost    one signature check, about 80 µs; a client's key is read once and kept.
 */
import { hash } from "node:crypto";
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  jwtVerify,
} from "jose";
import { LRUCache } from "lru-cache";
import type { Clock } from "../kernel/clock.ts";
import { MAX_FUTURE_SKEW_SECONDS, MAX_PROOF_CHARACTERS } from "../kernel/limits.ts";
import type { Channel } from "./channel.ts";
import type { Nonces } from "./dpop-nonce.ts";
import type { Presented } from "./possession.ts";
import type { RememberProof } from "./proof-memory.ts";
import { hasDuplicateKeys } from "./strict-json.ts";
import { NonceWanted, TokenProblem } from "./token-problem.ts";
import { algorithmOf, isSecret, SIGNATURE_ALGORITHMS } from "./vet-keys.ts";

export interface ProofRules {
  readonly maxAgeSeconds: number;
  /** Null where none is wanted. */
  readonly nonces: Nonces | null;
  readonly remember: RememberProof;
}

/** `key`: thumbprint of the key that must have signed. */
export type VerifyProof = (presented: Presented, key: string) => Promise<void>;

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const MAX_ID_CHARACTERS = 256;
const KEPT_KEYS = 10_000;

interface Shown {
  readonly proof: string;
  readonly token: string;
  readonly taken: Promise<void>;
}

/** What was shown on a channel first. As long as the channel lives, whatever version of the gateway asks. */
const shownOn = new WeakMap<Channel, Shown>();

export function createVerifyProof(rules: ProofRules, clock: Clock): VerifyProof {
  const take = async (proof: string, token: string, channel: Channel, key: string): Promise<void> => {
    const { jti, iat, nonce } = await verified(proof, token, channel, key, clock);
    const age = clock.now() / 1_000 - iat;
    if (age > rules.maxAgeSeconds || age < -MAX_FUTURE_SKEW_SECONDS)
      throw new TokenProblem("the proof is not of now");
    const { nonces } = rules;
    if (nonces && !nonces.isOurs(nonce)) throw new NonceWanted(nonces.current());
    const id = hash("sha256", JSON.stringify([key, jti]), "base64url");
    if (!(await rules.remember(id))) throw new TokenProblem("the proof was seen before");
  };
  return ({ proof, token, channel }, key) => {
    if (!channel || !proof) throw new TokenProblem("no proof of possession");
    const shown = shownOn.get(channel);
    if (shown?.proof === proof && shown.token === token) return shown.taken;
    const taken = take(proof, token, channel, key);
    shownOn.set(channel, { proof, token, taken });
    return taken;
  };
}

interface Proof {
  readonly jti: string;
  readonly iat: number;
  readonly nonce: unknown;
}

async function verified(
  proof: string,
  token: string,
  channel: Channel,
  key: string,
  clock: Clock,
): Promise<Proof> {
  if (proof.length > MAX_PROOF_CHARACTERS || !COMPACT.test(proof))
    throw new TokenProblem("not one compact proof");
  const [header = "", claims = ""] = proof.split(".", 2);
  if (hasDuplicateKeys(textOf(claims))) throw namedTwice();
  const known = keys.get(header) ?? (await keyIn(proof, header));
  if (known.thumbprint !== key) throw new TokenProblem("not the key that the token is bound to");
  keys.set(header, known);
  const { payload } = await jwtVerify(proof, known.key, {
    algorithms: SIGNATURE_ALGORITHMS,
    typ: "dpop+jwt",
    requiredClaims: ["jti", "htm", "htu", "iat", "ath"],
    currentDate: new Date(clock.now()),
  });
  const { jti, iat, htm, htu, ath, nonce } = payload;
  if (typeof jti !== "string" || jti === "" || jti.length > MAX_ID_CHARACTERS)
    throw new TokenProblem("the proof has no usable `jti`");
  if (typeof iat !== "number") throw new TokenProblem("the proof has no `iat`");
  if (htm !== channel.method) throw new TokenProblem("the proof is for another method");
  if (typeof htu !== "string" || addressOf(htu) !== addressOf(channel.url))
    throw new TokenProblem("the proof is for another address");
  if (ath !== hash("sha256", token, "base64url")) throw new TokenProblem("the proof is for another token");
  return { jti, iat, nonce };
}

interface ProofKey {
  readonly key: CryptoKey;
  readonly thumbprint: string;
}

/** By the header of its proofs as it is written, which no client writes in two ways; of those that tokens are bound to. */
const keys = new LRUCache<string, ProofKey>({ max: KEPT_KEYS });

/** Public, and of an accepted kind. */
async function keyIn(proof: string, header: string): Promise<ProofKey> {
  if (hasDuplicateKeys(textOf(header))) throw namedTwice();
  const { jwk, alg } = decodeProtectedHeader(proof) as { readonly jwk?: JWK; readonly alg?: string };
  if (typeof jwk !== "object" || jwk === null || isSecret(jwk) || algorithmOf(jwk) !== alg)
    throw new TokenProblem("the proof has no usable key");
  const [key, thumbprint] = await Promise.all([importJWK(jwk, alg), calculateJwkThumbprint(jwk)]);
  if (key instanceof Uint8Array || key.type !== "public")
    throw new TokenProblem("the proof has no usable key");
  return { key, thumbprint };
}

const textOf = (part: string): string => Buffer.from(part, "base64url").toString();
const namedTwice = (): TokenProblem => new TokenProblem("a key is named twice in the proof");

/** Scheme, host, port and path, in one spelling; a WebSocket's address is that of its handshake. */
function addressOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname, username, password } = new URL(url.replace(/^ws(?=s?:)/i, "http"));
  return username || password ? null : `${protocol}//${host}${pathname}`;
}
