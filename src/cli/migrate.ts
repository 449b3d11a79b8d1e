/**
 * `ihala migrate`: brings the tables of every store of the gateway up to date, before a new version serves.
 *
 * Out     one line for each migration: applied now, or with `--check` what would be; status 1 then when there is any.
 * Errors  DATA_DIRECTORY_NEWER, when a newer version has been at this database; nothing is changed then.
 */
import {
  type AppliedMigration,
  appliedMigrations,
  GATEWAY_STORES,
  migrateStores,
  unknownMigrations,
} from "../assembly/gateway-stores.ts";
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { withGatewayDatabase } from "./gateway-database.ts";
import type { Terminal } from "./terminal.ts";

export interface MigrateOptions {
  readonly check?: boolean;
}

export async function runMigrate(
  config: Config,
  { check = false }: MigrateOptions,
  terminal: Terminal,
): Promise<number> {
  return withGatewayDatabase(config, async (pool) => {
    const applied = await appliedMigrations(pool);
    refuseNewer(applied);
    const lines = check ? pending(applied) : await migrateStores(pool);
    for (const { component, number, name } of lines)
      terminal.out(`${component} ${number} (${name}): ${check ? "to be applied" : "applied"}\n`);
    if (lines.length === 0) terminal.out("every store is up to date\n");
    return check && lines.length > 0 ? 1 : 0;
  });
}

export function refuseNewer(applied: readonly AppliedMigration[]): void {
  const [newer] = unknownMigrations(applied);
  if (newer)
    throw new GatewayError(
      "DATA_DIRECTORY_NEWER",
      `${newer.component} ${newer.number} (${newer.name}) is of a newer version`,
    );
}

const pending = (applied: readonly AppliedMigration[]): readonly AppliedMigration[] =>
  Object.entries(GATEWAY_STORES).flatMap(([component, migrations]) =>
    migrations
      .filter(({ number }) => !applied.some((one) => one.component === component && one.number === number))
      .map(({ number, name }) => ({ component, number, name })),
  );
