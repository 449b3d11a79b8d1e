/**
 * The security officer who gives a command: by an access token, verified by the same identity stage as a request.
 *
 * In      files that hold a token each; `-` is standard input. Never an argument, which every process on the machine can read.
 *         A token that is bound to a key (RFC 9449) comes with that key, or with a proof by it on a second line (`officer-proof.ts`);
 *         one that is bound to a certificate cannot be shown here. Whoever was revoked, or is of an agency
 *         that is suspended, is refused.
 * Errors  UNAUTHENTICATED; OPERATION_FORBIDDEN when the token is not a security officer's; BAD_USER_INPUT for a file that cannot be read.
 */
import type pg from "pg";
import { addressesFor, CONNECT_MS } from "../assembly/addresses.ts";
import { assembleIdentity, openKeySet, openProofs } from "../assembly/identity.ts";
import type { Config } from "../config/config.ts";
import { readDomain } from "../config/domain.ts";
import { createRevocations, followRevocations } from "../connectors/revocations.ts";
import { createSuspensions, followSuspensions } from "../connectors/suspensions.ts";
import { NO_CERTIFICATES } from "../identity/certificates.ts";
import type { Clock } from "../kernel/clock.ts";
import { OFFICER_PURPOSE, officerOf } from "../policy-store/officer.ts";
import type { Officer } from "../policy-store/statements.ts";
import { schemaDirectory } from "./folders.ts";
import { type OfficerFiles, presentation, STORE_CHANNEL } from "./officer-proof.ts";
import type { Terminal } from "./terminal.ts";

export interface OfficerSource {
  readonly config: Config;
  /** Base of the issuers' files. */
  readonly dataDirectory: string;
  /** The gateway's own database. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly terminal: Pick<Terminal, "input">;
}

export async function officerBy(source: OfficerSource, files: OfficerFiles): Promise<Officer> {
  const { config, dataDirectory, pool, clock, terminal } = source;
  const { token, proof } = await presentation(files, terminal, clock);
  await createRevocations(pool).migrate();
  await createSuspensions(pool).migrate();
  const [revocations, suspensions] = await Promise.all([followRevocations(pool), followSuspensions(pool)]);
  const ask = addressesFor(config).fetcher(CONNECT_MS);
  try {
    const authenticate = assembleIdentity({
      ...{ config, clock, domain: await readDomain(schemaDirectory(config)) },
      keySetOf: (jwks) => openKeySet(jwks, { dataDirectory, ask }, clock),
      certificatesOf: async () => NO_CERTIFICATES,
      // A nonce is given out by a server that answers; a proof is taken once, by whoever shares the database.
      verifyProof: await openProofs({
        ...{ rules: { ...config.identity.dpop, nonce: false, shared: true }, pool, clock },
        root: new Uint8Array(),
      }),
      isRevoked: revocations.isRevoked,
      isSuspended: suspensions.isSuspended,
    });
    const headers = new Map([
      ["authorization", `${proof === null ? "Bearer" : "DPoP"} ${token}`],
      ["x-purpose", OFFICER_PURPOSE],
      ...(proof === null ? [] : [["dpop", proof] as const]),
    ]);
    return officerOf(await authenticate(headers, { ...STORE_CHANNEL }));
  } finally {
    await Promise.all([revocations.stop(), suspensions.stop()]);
  }
}
