/**
 * What a sandbox keeps: its data directory with the development issuer's key, and a PostgreSQL with every database.
 *
 * Out     the context that parts are given. Everything opened is in `running`, to be stopped by whoever asked.
 */
import { writeFile } from "node:fs/promises";
import { openIssuer } from "../../sandbox/issuer/issuer.ts";
import type { Config } from "../config/config.ts";
import { type DataDirectory, openDataDirectory } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { externalPostgres, type PostgresServer } from "../connectors/embedded-postgres.ts";
import type { Log } from "../telemetry/log.ts";
import type { PartContext, SandboxParts } from "./parts.ts";
import type { Running } from "./running.ts";

/** What the sandbox was filled with, for `ihala token`. */
export const WORLD_FILE = "world.json";

export async function openStores(
  config: Config,
  { parts, running, log }: { readonly parts: SandboxParts; readonly running: Running; readonly log: Log },
): Promise<PartContext> {
  const { seed, scale } = config.deployment;
  const world = { seed, scale };
  const data = await running.add(openDataDirectory(config.data, "sandbox"), (opened) => opened.release());
  await openIssuer(data);
  await writeFile(data.file(WORLD_FILE), JSON.stringify(world), { mode: 0o600 });
  const postgres = await running.add(openPostgres(config, data, parts), (opened) => opened.stop());
  await Promise.all(parts.databases.map(postgres.ensureDatabase));
  return { config, world, data, databaseUrl: postgres.url, log };
}

async function openPostgres(
  { database }: Config,
  data: DataDirectory,
  parts: SandboxParts,
): Promise<PostgresServer> {
  if (database.url) return externalPostgres(await readSecret(database.url));
  return parts.startPostgres({ dataDir: await data.folder("postgres") });
}
