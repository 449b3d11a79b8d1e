/**
 * The identity stage of a deployment: its registry, its issuers' keys, its roles, certificates from the training centre.
 *
 * What it has read of issuers and of the register outlives a version, so that a reload asks nobody anew.
 */
import { isAbsolute, join } from "node:path";
import type pg from "pg";
import type { Config } from "../config/config.ts";
import { createProofStore, type ProofStore } from "../connectors/proof-store.ts";
import type { FollowedRevocations } from "../connectors/revocations.ts";
import type { FollowedSuspensions } from "../connectors/suspensions.ts";
import { type Authenticate, createAuthenticate } from "../identity/authenticate.ts";
import type { CertificateSource } from "../identity/certificates.ts";
import { createVerifyProof, type VerifyProof } from "../identity/dpop.ts";
import { createNonces } from "../identity/dpop-nonce.ts";
import { createKeySet, type KeySet } from "../identity/key-set.ts";
import { keysFromFile, keysFromUrl } from "../identity/key-sources.ts";
import { createProofMemory, type RememberProof } from "../identity/proof-memory.ts";
import { createRegistry } from "../identity/registry.ts";
import { type RoleSource, rolesOf } from "../identity/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import { MAX_FUTURE_SKEW_SECONDS } from "../kernel/limits.ts";
import { deriveKey } from "../kernel/sealing.ts";

export interface IdentityParts {
  readonly config: Pick<Config, "agencies" | "identity">;
  readonly domain: RoleSource;
  readonly keySetOf: (jwks: Jwks) => KeySet;
  /** Asks the training centre's register; remembers. */
  readonly certificatesOf: CertificateSource;
  readonly verifyProof: VerifyProof;
  readonly isRevoked: FollowedRevocations["isRevoked"];
  readonly isSuspended: FollowedSuspensions["isSuspended"];
  readonly clock: Clock;
}

export type Jwks = Config["identity"]["issuers"][number]["jwks"];

export function assembleIdentity({ config, domain, clock, ...parts }: IdentityParts): Authenticate {
  const { audience, clockToleranceSeconds, maxTokenSeconds, issuers } = config.identity;
  return createAuthenticate({
    registry: createRegistry(config),
    roles: rolesOf(domain),
    keySets: new Map(issuers.map(({ issuer, jwks }) => [issuer, parts.keySetOf(jwks)])),
    ...{ certificatesOf: parts.certificatesOf, verifyProof: parts.verifyProof },
    ...{ isRevoked: parts.isRevoked, isSuspended: parts.isSuspended },
    rules: { audience, clockToleranceSeconds, maxTokenSeconds },
    clock,
  });
}

export interface KeyPlaces {
  /** Base of relative files. */
  readonly dataDirectory: string;
  /** How issuers are reached. */
  readonly ask: typeof fetch;
}

export const openKeySet = (jwks: Jwks, { dataDirectory, ask }: KeyPlaces, clock: Clock): KeySet =>
  createKeySet(
    "url" in jwks ? keysFromUrl(jwks.url, ask) : keysFromFile(inside(dataDirectory, jwks.file)),
    clock,
  );

const inside = (directory: string, file: string): string => (isAbsolute(file) ? file : join(directory, file));

export interface ProofParts {
  readonly rules: Config["identity"]["dpop"];
  /** The gateway's own database. */
  readonly pool: pg.Pool;
  /** The same for each replica; nonces are made with it. */
  readonly root: Uint8Array;
  readonly clock: Clock;
}

/** What was proven, remembered here and, where replicas share it, in the database. */
export async function openProofs({ rules, pool, root, clock }: ProofParts): Promise<VerifyProof> {
  const { maxAgeSeconds, shared, nonce } = rules;
  const memory = createProofMemory((maxAgeSeconds + MAX_FUTURE_SKEW_SECONDS) * 1_000, clock);
  const store = shared ? createProofStore(pool) : null;
  await store?.migrate();
  const nonces = nonce ? createNonces(deriveKey(root, "dpop-nonce"), clock) : null;
  return createVerifyProof({ maxAgeSeconds, nonces, remember: store ? both(memory, store) : memory }, clock);
}

const both =
  (memory: RememberProof, store: ProofStore): RememberProof =>
  async (id) =>
    (await memory(id)) && store.remember(id);
