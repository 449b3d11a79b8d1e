/**
 * What `ihala sandbox` puts together, as it sees it: PostgreSQL, the ledger and the agencies as children, the gateway.
 * `sandbox-parts.ts` names the real ones; tests put small ones in their place.
 */
import type { Places } from "../assembly/backends.ts";
import type { AssembledGateway } from "../assembly/gateway.ts";
import type { Config } from "../config/config.ts";
import type { DataDirectory } from "../config/data-directory.ts";
import type { PostgresServer } from "../connectors/embedded-postgres.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Child } from "./supervise.ts";

export interface WorldSource {
  readonly seed: number;
  readonly scale: "tiny" | "demo";
}

/** What every part is given. */
export interface PartContext {
  readonly config: Config;
  readonly world: WorldSource;
  readonly data: DataDirectory;
  /** Connection URL of a database of the sandbox's server. */
  readonly databaseUrl: (name: string) => string;
  readonly log: Log;
}

/** What the gateway is given beside. */
export interface GatewayContext extends PartContext {
  readonly metrics: Metrics;
  readonly documents: readonly PersistedDocument[];
}

/** Where the ledger's two subgraphs are, and its files. */
export type LedgerPlaces = Places["ledger"];

/** Server of each simulated member that has one, by address. */
export interface AgencyPlaces {
  readonly urls: Readonly<Record<string, string>>;
}

export interface SandboxParts {
  /** Databases that the parts use. */
  readonly databases: readonly string[];
  startPostgres(options: { readonly dataDir: string }): Promise<PostgresServer>;
  /** Fills the databases, unless they hold this world already. */
  seed(context: PartContext): Promise<void>;
  startLedger(context: PartContext): Promise<Child<LedgerPlaces>>;
  startAgencies(context: PartContext): Promise<Child<AgencyPlaces>>;
  createGateway(context: GatewayContext, places: Places): Promise<AssembledGateway>;
}
