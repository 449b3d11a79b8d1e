/**
 * The gateway of a production deployment, with its data directory and its database, behind `ihala serve`.
 *
 * In      a configuration that `production.ts` finds nothing wrong with: every place is named in it.
 * Out     the gateway; `outbound/jwks.json` in the data directory, the public key by which agencies know the gateway's tokens.
 * Errors  those of the data directory, of migrations and of assembly; what was opened is in `running`.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportJWK } from "jose";
import { createStaffDirectory } from "../../resolvers/gw/staff-directory.ts";
import type { Places } from "../assembly/backends.ts";
import { assembleGateway } from "../assembly/gateway.ts";
import { type GatewaySecrets, loadSecrets, type OutboundSigning } from "../assembly/secrets.ts";
import type { Config } from "../config/config.ts";
import { type DataDirectory, openDataDirectory } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { loadKeyKinds } from "../connectors/key-kinds.ts";
import { createLinkKeys } from "../connectors/link-keys.ts";
import { createLinkTable } from "../connectors/link-table.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { GatewayError } from "../kernel/errors.ts";
import { schemaDirectory } from "./folders.ts";
import { ledgerPlaces } from "./places.ts";
import type { Start, Started } from "./serving.ts";

export async function startProductionGateway(
  config: Config,
  { running, log, metrics, documents }: Start,
): Promise<Started> {
  const data = await running.add(openDataDirectory(config.data, "production"), (opened) => opened.release());
  const secrets = await loadSecrets(data);
  const databaseUrl = await readSecret(named(config.database.url, "database.url"));
  await migrateGateway(config, databaseUrl, secrets);
  await publishOutboundKey(data, secrets.outbound);
  const assembling = assembleGateway({
    ...{ config, secrets, databaseUrl, documents },
    places: await placesFor(config),
    dataDirectory: data,
    onFault: (fault) => log.error("resolver.failed", { fault }),
    operations: { log, metrics },
  });
  const { gateway, load, failed, publications } = await running.add(assembling, (made) => made.close());
  return { gateway, load, publications, placesFor, data, broken: failed.then(() => "the disclosure log") };
}

/** Where the configuration says that members and the ledger are; nothing is simulated. */
async function placesFor({ agencies, ledger }: Config): Promise<Places> {
  const urls = new Map<string, string>();
  const databases = new Map<string, string>();
  for (const { members } of agencies)
    for (const { address, url, database } of members) {
      if (url !== undefined) urls.set(address, url);
      if (database !== undefined) databases.set(address, await readSecret(database));
    }
  return { urls, databases, ledger: ledgerPlaces(named(ledger.url, "ledger.url")) };
}

/** Brings the tables of the gateway's own database up to date. */
async function migrateGateway(config: Config, url: string, secrets: GatewaySecrets): Promise<void> {
  const pool = createPool({ url });
  try {
    const kinds = await loadKeyKinds(join(schemaDirectory(config), "keys.json"));
    await createLinkTable({ pool, keys: createLinkKeys(secrets.links), kinds }).migrate();
    await createStaffDirectory(pool).migrate();
  } finally {
    await pool.end();
  }
}

async function publishOutboundKey(data: DataDirectory, { publicKey, keyId }: OutboundSigning): Promise<void> {
  const key = { ...(await exportJWK(publicKey)), kid: keyId, alg: "EdDSA", use: "sig" };
  await data.folder("outbound");
  await writeFile(data.file("outbound", "jwks.json"), `${JSON.stringify({ keys: [key] })}\n`);
}

function named<Value>(value: Value | undefined, key: string): Value {
  if (value !== undefined) return value;
  throw new GatewayError("CONFIG_INVALID", `\`${key}\` is not configured`);
}
