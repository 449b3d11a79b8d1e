/** What the children of the sandbox are sent, and what they make of it: `ledger/main.ts` and `sandbox/main.ts` begin here. */
import { importJWK, type JWK } from "jose";
import { createOutboundVerifier } from "../connectors/outbound-verifier.ts";
import type { WorldSource } from "./parts.ts";

/** How a backend tells that a token is the gateway's. */
export interface OutboundTrust {
  /** Issuer of the gateway's outbound tokens, `deployment.name`. */
  readonly gateway: string;
  /** Ed25519 public key. */
  readonly publicKey: JWK;
}

export interface LedgerChildOptions {
  readonly databaseUrl: string;
  /** The deployment's schema folder. */
  readonly schemaDir: string;
  readonly trust: OutboundTrust;
  /** Address of the ledger's member. */
  readonly member: string;
}

export interface AgenciesChildOptions {
  readonly world: WorldSource;
  readonly trust: OutboundTrust;
}

/** Options of a verifier for the member `audience`. */
export async function verifierOptions({ gateway, publicKey }: OutboundTrust, audience: string) {
  const key = await importJWK(publicKey, "EdDSA");
  if (key instanceof Uint8Array) throw new TypeError("the gateway's key is not a public key");
  return { gateway, audience, publicKey: key };
}

/** One verifier for each member that asks. */
export async function verifiers(trust: OutboundTrust) {
  const { gateway, publicKey } = await verifierOptions(trust, "");
  return (audience: string) => createOutboundVerifier({ gateway, audience, publicKey });
}
