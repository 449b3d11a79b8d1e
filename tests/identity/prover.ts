/** A client that holds a key: tokens bound to it, and proofs of possession, honest or altered. */
import { hash, KeyObject, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import type { Channel } from "../../src/identity/channel.ts";
import { CLAIMS, forge, HEADER, type Key, NOW } from "./bench.ts";

export const URL_OF_GATEWAY = "https://gateway.test/graphql";

export const channel = (over: Partial<Channel> = {}): Channel => ({
  ...{ method: "POST", url: URL_OF_GATEWAY, certificate: null },
  ...over,
});

export interface Altered {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Whose signature it bears. */
  readonly key?: Key;
}

export interface Prover {
  readonly key: Key;
  /** Thumbprint. */
  readonly jkt: string;
  /** A token of the client `front`, bound to the key. */
  token(claims?: object): string;
  proof(token: string, altered?: Altered): string;
}

export async function prover(alg: "ES256" | "PS256" | "EdDSA" = "ES256"): Promise<Prover> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const key: Key = { secret: KeyObject.from(privateKey), open: await exportJWK(publicKey) };
  const jkt = await calculateJwkThumbprint(key.open);
  return {
    key,
    jkt,
    token: (claims = {}) => forge(HEADER, { ...CLAIMS, client_id: "front", cnf: { jkt }, ...claims }),
    proof: (token, { header = {}, claims = {}, key: signer = key } = {}) =>
      forge(
        { typ: "dpop+jwt", alg, jwk: key.open, ...header },
        {
          jti: randomUUID(),
          ...{ htm: "POST", htu: URL_OF_GATEWAY, iat: NOW },
          ath: hash("sha256", token, "base64url"),
          ...claims,
        },
        signer,
      ),
  };
}
