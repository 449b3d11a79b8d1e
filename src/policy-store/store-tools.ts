/**
 * What every act of an officer needs: the store, the key that signs, the deployment's schema, and what is in force.
 */
import type { NoteSigner } from "../audit/note.ts";
import type { Clock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import { loadDomain } from "../policy/domain.ts";
import { type CompiledContent, compileContent } from "./compiled.ts";
import { readContent } from "./content.ts";
import { type OwnersOf, ownersOf } from "./owners.ts";
import type { Officer, Publication } from "./statements.ts";
import type { PolicyStore } from "./store.ts";
import { storedContent } from "./stored.ts";

export interface StoreTools {
  readonly store: PolicyStore;
  readonly signer: NoteSigner;
  readonly schemaDir: string;
  /** The folder that the deployment starts from: what a first draft is compared with. */
  readonly startingFolder: string;
  readonly clock: Clock;
}

export interface InForce {
  /** Null while nothing was published. */
  readonly publication: Publication | null;
  readonly compiled: CompiledContent;
}

/**
 * What is published; the starting folder while nothing is, or when what is published no longer fits the deployment's schema, so
 * that gateways cannot take it up either.
 */
export async function inForce({ store, schemaDir, startingFolder }: StoreTools): Promise<InForce> {
  const publication = await store.published();
  const starting = async () => compileContent(await readContent(startingFolder), loadDomain(schemaDir));
  if (!publication) return { publication, compiled: await starting() };
  const compiled = await storedContent(store, publication, schemaDir).catch((error: unknown) => {
    if (error instanceof GatewayError && error.code === "POLICY_INVALID") return starting();
    throw error;
  });
  return { publication, compiled };
}

export const owners = ({ schemaDir }: StoreTools): Promise<OwnersOf> =>
  ownersOf(schemaDir, loadDomain(schemaDir));

/** Who acted, and when. */
export const acted = ({ clock }: StoreTools, by: Officer) => ({
  by,
  at: new Date(clock.now()).toISOString(),
});

export const refused = (message: string, problems: readonly string[] = []): GatewayError =>
  new GatewayError("POLICY_REFUSED", message, problems.length > 0 ? { problems } : {});
