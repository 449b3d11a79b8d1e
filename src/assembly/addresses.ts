/**
 * Where a deployment reaches agencies, their databases, issuers, the witness and the collector of traces: as its configuration allows,
 * refusals told to the log. Its own database and the ledger's are where their URLs say: no token of ours goes there.
 */
import type { Config } from "../config/config.ts";
import { Addresses } from "../connectors/addresses.ts";
import type { Log } from "../telemetry/log.ts";

/** How long issuers, the witness and the collector may take to be connected to. */
export const CONNECT_MS = 5_000;

/** A name at which nobody may be reached is told by itself, not by what was asked there. */
export const addressesFor = (
  { deployment: { localHosts } }: Pick<Config, "deployment">,
  log?: Log | undefined,
): Addresses =>
  new Addresses({ localHosts, onRefused: (host, reason) => log?.warn("address.refused", { host, reason }) });
