/**
 * What `ihala sandbox` puts together, as it sees it: PostgreSQL, the ledger and the agencies as children, the gateway.
 * `sandbox-parts.ts` names the real ones; tests put small ones in their place.
 */
import type { Config } from "../config/config.ts";
import type { DataDirectory } from "../config/data-directory.ts";
import type { PostgresServer } from "../connectors/embedded-postgres.ts";
import type { GatewayPort } from "../server/gateway-port.ts";
import type { Log } from "../telemetry/log.ts";
import type { Child } from "./supervise.ts";

/** How a backend tells that a token is the gateway's. */
export interface OutboundTrust {
  /** Issuer of the gateway's outbound tokens, `deployment.name`. */
  readonly gateway: string;
  /** Ed25519 public key, JWK. */
  readonly publicKey: Readonly<Record<string, unknown>>;
}

export interface WorldSource {
  readonly seed: number;
  readonly scale: "tiny" | "demo";
}

export interface LedgerStart {
  readonly databaseUrl: string;
  readonly world: WorldSource;
  readonly trust: OutboundTrust;
  /** Address of the ledger's member. */
  readonly member: string;
}

export interface LedgerPlaces {
  readonly spineUrl: string;
  readonly contentUrl: string;
}

export interface AgenciesStart {
  /** Connection URLs of the agencies that keep their rows in PostgreSQL, by agency code. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly world: WorldSource;
  readonly trust: OutboundTrust;
  /** Public keys of the development issuer, to be served over loopback. */
  readonly jwks: unknown;
}

export interface AgencyPlaces {
  /** Server of each member that has one, by address. */
  readonly urls: Readonly<Record<string, string>>;
  readonly jwksUrl: string;
}

export interface Places {
  readonly ledger: LedgerPlaces;
  readonly agencies: AgencyPlaces;
  /** Connection URL of any database of the embedded server. */
  databaseUrl(name: string): string;
}

export interface GatewayStart {
  readonly config: Config;
  /** Where relative paths of the configuration begin. */
  readonly configFile: string | null;
  readonly data: DataDirectory;
  readonly log: Log;
  /** Where everything is, once it runs; what needs none of it is prepared meanwhile. */
  readonly places: Promise<Places>;
}

export interface RunningGateway extends GatewayPort {
  /** Resolves with the cause when the gateway must not go on: its disclosure log has failed. */
  readonly failed: Promise<unknown>;
  close(): Promise<void>;
}

export interface SandboxParts {
  startPostgres(options: { readonly dataDir: string }): Promise<PostgresServer>;
  /** The gateway's side of `OutboundTrust`, out of the data directory's keys. */
  outboundTrust(data: DataDirectory, gateway: string): Promise<OutboundTrust>;
  startLedger(options: LedgerStart): Promise<Child<LedgerPlaces>>;
  startAgencies(options: AgenciesStart): Promise<Child<AgencyPlaces>>;
  createGateway(options: GatewayStart): Promise<RunningGateway>;
}
