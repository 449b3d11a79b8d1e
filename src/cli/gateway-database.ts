/** The gateway's own database, opened for one command. Errors: CONFIG_INVALID when there is none, or it cannot be reached. */
import type pg from "pg";
import type { Config } from "../config/config.ts";
import { lookIntoDataDirectory } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { GatewayError } from "../kernel/errors.ts";

export async function withGatewayDatabase<Result>(
  config: Config,
  work: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  // The sandbox's database goes with its process: it is refused here, by its directory.
  await lookIntoDataDirectory(config.data, "production");
  const { url } = config.database;
  if (url === undefined) throw new GatewayError("CONFIG_INVALID", "`database.url` is not configured");
  const pool = createPool({ url: await readSecret(url), connections: 2 });
  try {
    await pool.query("select").catch((cause: unknown) => {
      throw new GatewayError("CONFIG_INVALID", "the gateway's PostgreSQL cannot be reached", { cause });
    });
    return await work(pool);
  } finally {
    await pool.end();
  }
}
