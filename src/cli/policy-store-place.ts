/**
 * The policy store of a deployment, opened for one command: its database, the keys, what officers' acts need beside.
 *
 * In      the configuration: `database.url`, or the PostgreSQL of the sandbox that runs in its data directory.
 * Errors  CONFIG_INVALID when there is neither, or it cannot be reached; those of keys and data directory.
 */
import { join } from "node:path";
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
}

export async function withPolicyStore<Result>(
  config: Config,
  work: (opened: OpenedStore) => Promise<Result>,
): Promise<Result> {
  const data = await lookInto(config);
  const seed = () => data.key("policy-signing", 32);
  const postgres = await postgresOf(config, data);
  await postgres.ensureDatabase(DATABASE).catch((cause: unknown) => {
    throw new GatewayError("CONFIG_INVALID", "the gateway's PostgreSQL cannot be reached", { cause });
  });
  const pool = createPool({ url: postgres.url(DATABASE), connections: 4 });
  try {
    const store = new PolicyStore({ pool, verifiers: await policyVerifiers(config, seed) });
    await store.migrate();
    const { policiesDir, schemaDir } = policySource(config);
    return await work({
      ...{ store, schemaDir, startingFolder: policiesDir, clock: systemClock, dataDirectory: data.path },
      signer: await policySigner(config, seed),
    });
  } finally {
    await pool.end();
  }
}

/** Whichever mode it has. */
const lookInto = ({ data }: Config): Promise<DataDirectory> =>
  lookIntoDataDirectory(data, "sandbox").catch(() => lookIntoDataDirectory(data, "production"));

async function postgresOf({ database }: Config, data: DataDirectory) {
  if (database.url) return externalPostgres(await readSecret(database.url));
  return runningPostgres(join(data.path, "postgres"));
}
