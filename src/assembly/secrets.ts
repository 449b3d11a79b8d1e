/**
 * The gateway's own keys, out of its data directory: created once, mode 0600, never configured in the clear.
 */
import { createPrivateKey, createPublicKey, type KeyObject, type webcrypto } from "node:crypto";
import { deriveKey, type SealingKeys } from "../kernel/sealing.ts";

/** PKCS #8 prefix of an Ed25519 private key (RFC 8410): what follows is the 32-byte seed. */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

type CryptoKey = webcrypto.CryptoKey;

export interface GatewaySecrets {
  /** Seals ids and cursors. */
  readonly ids: SealingKeys;
  /** Root of the link table. */
  readonly links: SealingKeys;
  readonly outbound: OutboundSigning;
  readonly pseudonymRoot: Uint8Array;
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
  const [ids, links, outbound, pseudonymRoot] = await Promise.all([
    store.key("ids", 32),
    store.key("links", 32),
    store.key("outbound", 32),
    store.key("pseudonyms", 32),
  ]);
  return {
    ids: { current: ids },
    links: { current: links },
    outbound: outboundSigning(outbound),
    pseudonymRoot,
  };
}

/** The pair of an Ed25519 seed; agencies verify with the public half. */
export function outboundSigning(seed: Buffer): OutboundSigning {
  const privateKey = createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8, seed]),
    format: "der",
    type: "pkcs8",
  });
  const keyId = Buffer.from(deriveKey(seed, "outbound-key-id")).toString("base64url").slice(0, 16);
  return {
    privateKey: cryptoKey(privateKey, "sign"),
    publicKey: cryptoKey(createPublicKey(privateKey), "verify"),
    keyId,
  };
}

const cryptoKey = (key: KeyObject, use: "sign" | "verify"): CryptoKey =>
  key.toCryptoKey("Ed25519", true, [use]);
