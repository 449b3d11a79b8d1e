/**
 * The identity stage of a deployment: its registry, its issuers' keys, its roles, certificates from the training centre.
 *
 * What it has read of issuers and of the register outlives a version, so that a reload asks nobody anew.
 */
import { isAbsolute, join } from "node:path";
import type { Config } from "../config/config.ts";
import { type Authenticate, createAuthenticate } from "../identity/authenticate.ts";
import type { CertificateSource } from "../identity/certificates.ts";
import { createKeySet, type KeySet } from "../identity/key-set.ts";
import { keysFromFile, keysFromUrl } from "../identity/key-sources.ts";
import { createRegistry } from "../identity/registry.ts";
import { type RoleSource, rolesOf } from "../identity/roles.ts";
import type { Clock } from "../kernel/clock.ts";

export interface IdentityParts {
  readonly config: Pick<Config, "agencies" | "identity">;
  readonly domain: RoleSource;
  readonly keySetOf: (jwks: Jwks) => KeySet;
  /** Asks the training centre's register; remembers. */
  readonly certificatesOf: CertificateSource;
  readonly clock: Clock;
}

export type Jwks = Config["identity"]["issuers"][number]["jwks"];

export function assembleIdentity({ config, domain, clock, ...parts }: IdentityParts): Authenticate {
  const { audience, clockToleranceSeconds, maxTokenSeconds, issuers } = config.identity;
  return createAuthenticate({
    registry: createRegistry(config),
    roles: rolesOf(domain),
    keySets: new Map(issuers.map(({ issuer, jwks }) => [issuer, parts.keySetOf(jwks)])),
    certificatesOf: parts.certificatesOf,
    rules: { audience, clockToleranceSeconds, maxTokenSeconds },
    clock,
  });
}

/** `dataDirectory`: base of relative files. */
export const openKeySet = (jwks: Jwks, dataDirectory: string, clock: Clock): KeySet =>
  createKeySet("url" in jwks ? keysFromUrl(jwks.url) : keysFromFile(inside(dataDirectory, jwks.file)), clock);

const inside = (directory: string, file: string): string => (isAbsolute(file) ? file : join(directory, file));
