/**
 * How an officer shows an access token to the policy store: the token, and when it is bound to a key a proof by that key.
 *
 * In      a file whose first line is the token, and whose second, if there is one, is a proof that was made before (`policy present`);
 *         or the file of the private key (JWK), by which the proof is made here. The key itself goes nowhere.
 * Out     a proof is for the policy store alone, for this token, once, and as old as `identity.dpop.maxAgeSeconds` at most.
 * Errors  BAD_USER_INPUT for files that cannot be read, or hold no private key for PS256, ES256 or EdDSA.
 * Source  RFC 9449 §4.2.
 */
import { hash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { importJWK, type JWK, SignJWT } from "jose";
import type { Channel } from "../identity/channel.ts";
import { algorithmOf } from "../identity/vet-keys.ts";
import type { Clock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Terminal } from "./terminal.ts";

/** What proofs for the policy store speak of: no address that anything answers at. */
export const STORE_CHANNEL: Channel = {
  method: "POST",
  url: "https://policy-store.ihala.invalid/",
  certificate: null,
};

export interface OfficerFiles {
  readonly token: string;
  readonly key?: string | undefined;
}

export interface Presentation {
  readonly token: string;
  /** Null for a token that is bound to nothing. */
  readonly proof: string | null;
}

export async function presentation(
  { token: file, key }: OfficerFiles,
  terminal: Pick<Terminal, "input">,
  clock: Clock,
): Promise<Presentation> {
  const content = file === "-" ? await text(Readable.from(terminal.input)) : await textOf(file);
  const [token = "", proof = ""] = content.split("\n").map((line) => line.trim());
  if (key !== undefined) return { token, proof: await proofOf(token, key, clock) };
  return { token, proof: proof === "" ? null : proof };
}

async function proofOf(token: string, file: string, clock: Clock): Promise<string> {
  const { jwk, alg } = keyIn(await textOf(file), file);
  const { kty, crv, x, y, n, e } = jwk;
  const known = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined);
  const { method: htm, url: htu } = STORE_CHANNEL;
  const claims = { htm, htu, jti: randomUUID(), ath: hash("sha256", token, "base64url") };
  return new SignJWT(claims)
    .setProtectedHeader({ typ: "dpop+jwt", alg, jwk: Object.fromEntries(known) })
    .setIssuedAt(Math.floor(clock.now() / 1_000))
    .sign(await importJWK(jwk, alg));
}

function keyIn(content: string, file: string): { readonly jwk: JWK; readonly alg: string } {
  try {
    const jwk = JSON.parse(content) as JWK;
    const alg = algorithmOf(jwk);
    if (alg && typeof jwk.d === "string") return { jwk, alg };
  } catch {
    // No JSON: the same refusal, and nothing of what a key may hold.
  }
  throw new GatewayError(
    "BAD_USER_INPUT",
    `\`${file}\` holds no private key (JWK) for PS256, ES256 or EdDSA`,
  );
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new GatewayError("BAD_USER_INPUT", `\`${file}\` cannot be read`, { cause });
  });
}
