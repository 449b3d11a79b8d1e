/**
 * The development issuer: one ES256 key in `<data>/issuer/`, and tokens for anybody of the sandbox who is asked for.
 *
 * Files   `key.json` (private, mode 0600) and `jwks.json` (public), created on first use, the same afterwards.
 * Safety  exists in data directories of mode sandbox or dev only; `serve` refuses the issuer by name.
 */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";
import { createWhole, type DataDirectory } from "../../src/config/data-directory.ts";
import { clientOf, DEVELOPMENT_ISSUER, SANDBOX_AUDIENCE, SUBJECT_CLIENT } from "../../src/config/defaults.ts";
import type { Assurance } from "../../src/identity/principal.ts";
import { DATA_SUBJECT } from "../../src/identity/roles.ts";

const ALGORITHM = "ES256";
const KEY_ID = "development-1";
export const TOKEN_SECONDS = 3_600;

export interface TokenRequest {
  readonly role: string;
  /** Address of the member; ignored for `dataSubject`. */
  readonly member: string;
  /** Staff identifier, or the person of a `dataSubject`. */
  readonly staff: string;
  readonly assurance?: Assurance;
  /** Claims that replace the ordinary ones; for tests. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly audience?: string;
  readonly lifeSeconds?: number;
}

export interface DevelopmentIssuer {
  readonly issuer: string;
  readonly jwks: JSONWebKeySet;
  mintToken(request: TokenRequest): Promise<string>;
}

export async function openIssuer(data: DataDirectory): Promise<DevelopmentIssuer> {
  if (data.mode === "production") throw new Error("a production data directory holds no development issuer");
  await data.folder("issuer");
  await createWhole(data.file("issuer", "key.json"), await newKey());
  const secret = JSON.parse(await readFile(data.file("issuer", "key.json"), "utf8")) as JWK;
  const { d: _, ...open } = secret;
  const jwks: JSONWebKeySet = { keys: [open] };
  await createWhole(data.file("issuer", "jwks.json"), JSON.stringify(jwks));
  const key = await importJWK(secret, ALGORITHM);
  const mintToken = (request: TokenRequest) =>
    new SignJWT(claimsOf(request))
      .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID, typ: "at+jwt" })
      .sign(key);
  return { issuer: DEVELOPMENT_ISSUER, jwks, mintToken };
}

async function newKey(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid: KEY_ID, alg: ALGORITHM, use: "sig" });
}

function claimsOf(request: TokenRequest): Record<string, unknown> {
  const { role, member, staff, assurance = "AAL3", lifeSeconds = TOKEN_SECONDS } = request;
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: DEVELOPMENT_ISSUER,
    aud: request.audience ?? SANDBOX_AUDIENCE,
    client_id: role === DATA_SUBJECT ? SUBJECT_CLIENT : clientOf(member),
    sub: staff,
    roles: [role],
    acr: assurance,
    auth_time: now,
    iat: now,
    exp: now + lifeSeconds,
    jti: randomUUID(),
    ...request.claims,
  };
}
