/**
 * The policy store of a deployment, opened for one command: its database, the keys, what officers' acts need beside.
 *
 * In      the configuration: `database.url`, or the PostgreSQL of the sandbox that runs in its data directory.
 * Errors  CONFIG_INVALID when there is neither, or it cannot be reached; those of keys and data directory.
 */
import { join } from "node:path";
import type pg from "pg";
import { policySigner, policyVerifiers } from "../assembly/policy-keys.ts";
import type { Config } from "../config/config.ts";
import { type DataDirectory, lookIntoDataDirectory } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { externalPostgres, runningPostgres } from "../connectors/embedded-postgres.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { systemClock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import { PolicyStore } from "../policy-store/store.ts";
import type { StoreTools } from "../policy-store/store-tools.ts";
import { policySource } from "./folders.ts";

const DATABASE = "gateway";

export interface OpenedStore extends StoreTools {
  readonly dataDirectory: string;
  readonly pool: pg.Pool;
}

export async function withPolicyStore<Result>(
  config: Config,
  work: (opened: OpenedStore) => Promise<Result>,
): Promise<Result> {
  const data = await lookInto(config);
  const seed = () => data.key("policy-signing", 32);
  const pool = createPool({ url: await databaseUrl(config, data), connections: 4 });
  try {
    await pool.query("select").catch((cause: unknown) => {
      throw new GatewayError("CONFIG_INVALID", "the gateway's PostgreSQL cannot be reached", { cause });
    });
    const store = new PolicyStore({ pool, verifiers: await policyVerifiers(config, seed) });
    await store.migrate();
    const { policiesDir, schemaDir } = policySource(config);
    return await work({
      ...{
        store,
        schemaDir,
        startingFolder: policiesDir,
        clock: systemClock,
        dataDirectory: data.path,
        pool,
      },
      signer: await policySigner(config, seed),
    });
  } finally {
    await pool.end();
  }
}

/** Whichever mode it has. */
const lookInto = ({ data }: Config): Promise<DataDirectory> =>
  lookIntoDataDirectory(data, "sandbox").catch(() => lookIntoDataDirectory(data, "production"));

/** As gateways find it: in production `database.url` names the database itself, in the sandbox the server that holds it. */
async function databaseUrl({ database }: Config, data: DataDirectory): Promise<string> {
  if (!database.url) {
    const directory = join(data.path, "postgres");
    const running = await runningPostgres(directory);
    if (running) return running.url(DATABASE);
    throw new GatewayError(
      "CONFIG_INVALID",
      `no PostgreSQL runs in \`${directory}\`, and \`database.url\` names none`,
    );
  }
  const url = await readSecret(database.url);
  return data.mode === "production" ? url : externalPostgres(url).url(DATABASE);
}
