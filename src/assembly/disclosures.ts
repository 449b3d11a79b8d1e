/**
 * Opens the disclosure log of a deployment with its copy in the gateway's database, and what reads that copy.
 *
 * Errors  AUDIT_UNAVAILABLE of the log; DATA_DIRECTORY_NEWER and CONFIG_INVALID of the copy's migrations. A database that is away
 *         keeps nobody from starting: shipping waits for it.
 */
import type pg from "pg";
import { BlindIndex } from "../audit/blind-index.ts";
import { type DisclosureLog, type LogProtection, openDisclosureLog } from "../audit/log.ts";
import type { Opening } from "../audit/sealed.ts";
import type { Config } from "../config/config.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { Embargoes } from "../disclosures/embargo.ts";
import { createLogCopy } from "../disclosures/log-copy.ts";
import { Peers } from "../disclosures/peers.ts";
import { GatewayError } from "../kernel/errors.ts";
import { deriveKey } from "../kernel/sealing.ts";
import { auditPlace } from "./audit.ts";
import type { Operations } from "./lasting.ts";
import type { GatewaySecrets } from "./secrets.ts";

export interface DisclosureParts {
  readonly config: Pick<Config, "audit" | "deployment">;
  readonly dataDirectory: { folder(...names: string[]): Promise<string> };
  readonly secrets: Pick<GatewaySecrets, "audit" | "search">;
  readonly databaseUrl: string;
  /** How the witness is reached. */
  readonly ask?: typeof fetch;
  readonly operations?: Operations;
}

export interface Disclosures {
  readonly log: DisclosureLog;
  /** To the copy, for readers. */
  readonly pool: pg.Pool;
  readonly blind: BlindIndex;
  readonly embargoes: Embargoes;
  /** Whatever this replica's keys open, or those of another that runs. */
  readonly open: Opening;
  close(): Promise<void>;
}

/** One of them listens. */
const CONNECTIONS = 5;
const STATEMENT_MS = 5_000;

export async function openDisclosures(parts: DisclosureParts): Promise<Disclosures> {
  const { config, dataDirectory, secrets, databaseUrl, ask, operations = {} } = parts;
  const { directory, protection } = await auditPlace(config, dataDirectory, secrets, ask);
  const pool = createPool({
    ...{ url: databaseUrl, connections: CONNECTIONS, timeoutMs: STATEMENT_MS },
    settings: { synchronous_commit: "on", timezone: "UTC" },
  });
  try {
    const blind = new BlindIndex(secrets.search);
    const copy = createLogCopy(pool);
    await copy.migrate().catch(unlessAway);
    const { durability, shipWithinMs: withinMs, segmentBytes } = config.audit;
    const shipping = { copy, blind, durability, withinMs, ...reports(operations) };
    const log = await openDisclosureLog(directory, { protection: { ...protection, shipping }, segmentBytes });
    operations.metrics?.watchShipping(() => log.lag?.() ?? { records: 0, ms: 0 });
    if (!log.keys) throw new GatewayError("INTERNAL_SERVER_ERROR", "the disclosure log has no keys");
    const secret = deriveKey(secrets.audit.subjects.index, "peers");
    const peers = new Peers({ pool, keys: log.keys, secret });
    const close = async () => {
      await peers.stop();
      await log.close().finally(() => pool.end());
    };
    const embargoes = new Embargoes(pool, blind, secrets.search);
    return { ...{ log, pool, blind, embargoes }, open: peers.open, close };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function reports({
  log,
}: Operations): Pick<NonNullable<LogProtection["shipping"]>, "onTrouble" | "onShippedAgain"> {
  return {
    onTrouble: (fault) => log?.warn("audit.not_shipped", { fault }),
    onShippedAgain: () => log?.info("audit.shipped_again"),
  };
}

function unlessAway(error: unknown): void {
  if (error instanceof GatewayError) throw error;
}
