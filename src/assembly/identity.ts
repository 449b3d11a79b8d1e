/** The identity stage of a deployment: its registry, its issuers' keys, its roles, certificates from the training centre. */
import { isAbsolute, join } from "node:path";
import type { Config } from "../config/config.ts";
import { type Authenticate, createAuthenticate } from "../identity/authenticate.ts";
import { type CertificateSource, rememberCertificates } from "../identity/certificates.ts";
import { createKeySet, type KeySet } from "../identity/key-set.ts";
import { keysFromFile, keysFromUrl } from "../identity/key-sources.ts";
import { createRegistry } from "../identity/registry.ts";
import { type RoleSource, rolesOf } from "../identity/roles.ts";
import type { Clock } from "../kernel/clock.ts";

export interface IdentityParts {
  readonly config: Pick<Config, "agencies" | "identity">;
  /** Base of relative JWKS files. */
  readonly dataDirectory: string;
  readonly domain: RoleSource;
  /** Asks the training centre's register. */
  readonly certificatesOf: CertificateSource;
  readonly clock: Clock;
}

export function assembleIdentity(parts: IdentityParts): Authenticate {
  const { config, domain, clock } = parts;
  const { audience, clockToleranceSeconds, maxTokenSeconds, issuers } = config.identity;
  const keySets = new Map<string, KeySet>(
    issuers.map(({ issuer, jwks }) => {
      const source =
        "url" in jwks ? keysFromUrl(jwks.url) : keysFromFile(inside(parts.dataDirectory, jwks.file));
      return [issuer, createKeySet(source, clock)];
    }),
  );
  return createAuthenticate({
    registry: createRegistry(config),
    roles: rolesOf(domain),
    keySets,
    certificatesOf: rememberCertificates(parts.certificatesOf, clock),
    rules: { audience, clockToleranceSeconds, maxTokenSeconds },
    clock,
  });
}

const inside = (directory: string, file: string): string => (isAbsolute(file) ? file : join(directory, file));
