/**
 * The gateway's own keys, out of its data directory: created once, mode 0600, never configured in the clear.
 */
import { createPublicKey, type KeyObject, type webcrypto } from "node:crypto";
import type { LogSecrets } from "../audit/log.ts";
import { ed25519PrivateKey } from "../kernel/ed25519.ts";
import { deriveKey, type SealingKeys } from "../kernel/sealing.ts";

type CryptoKey = webcrypto.CryptoKey;

/** Keys that every replica has the same. `audit-signing` is each one's own; `policy-signing` is where officers' commands run. */
export const SHARED_KEYS: readonly string[] = [
  ...["ids", "links", "outbound", "pseudonyms"],
  ...["audit-subjects", "audit-index", "audit-search"],
];

export interface GatewaySecrets {
  /** Seals ids and cursors. */
  readonly ids: SealingKeys;
  /** Root of the link table. */
  readonly links: SealingKeys;
  readonly outbound: OutboundSigning;
  readonly pseudonymRoot: Uint8Array;
  readonly audit: LogSecrets;
  /** Ed25519 seed of the key that signs what officers do, where the configuration names no other. */
  readonly policySigning: Uint8Array;
  /** Finds subjects in the copy of the disclosure log. */
  readonly search: Uint8Array;
}

export interface OutboundSigning {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly keyId: string;
}

export interface KeyStore {
  /** The random key of that name, created on first use. */
  key(name: string, bytes: number): Promise<Buffer>;
}

export async function loadSecrets(store: KeyStore): Promise<GatewaySecrets> {
  const [ids, links, outbound, pseudonymRoot, policySigning] = await Promise.all([
    store.key("ids", 32),
    store.key("links", 32),
    store.key("outbound", 32),
    store.key("pseudonyms", 32),
    store.key("policy-signing", 32),
  ]);
  const [wrapping, index, signing, search] = await Promise.all([
    store.key("audit-subjects", 32),
    store.key("audit-index", 32),
    store.key("audit-signing", 32),
    store.key("audit-search", 32),
  ]);
  return {
    ids: { current: ids },
    links: { current: links },
    outbound: outboundSigning(outbound),
    pseudonymRoot,
    audit: { subjects: { wrapping, index }, signing },
    policySigning,
    search,
  };
}

/** The pair of an Ed25519 seed; agencies verify with the public half. */
export function outboundSigning(seed: Buffer): OutboundSigning {
  const privateKey = ed25519PrivateKey(seed);
  const keyId = Buffer.from(deriveKey(seed, "outbound-key-id")).toString("base64url").slice(0, 16);
  return {
    privateKey: cryptoKey(privateKey, "sign"),
    publicKey: cryptoKey(createPublicKey(privateKey), "verify"),
    keyId,
  };
}

const cryptoKey = (key: KeyObject, use: "sign" | "verify"): CryptoKey =>
  key.toCryptoKey("Ed25519", true, [use]);
