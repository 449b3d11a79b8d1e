/**
 * `ihala restore DIR`: what `ihala backup` wrote, into a data directory and a database that hold nothing.
 *
 * Checked  first every file of the three folders against its manifest, then the log as an auditor would; nothing is restored from a
 *          backup that is not whole. Afterwards the log once more, where it is, and that the keys of its subjects open its entries.
 * Log      a log that is less than what was signed since must not go on: it would sign a second history. Unless the latest checkpoint
 *          that anybody kept says that nothing is missing (`--latest`), it is archived beside, for auditors, and a new one begins.
 * Errors   BACKUP_INVALID; BAD_USER_INPUT when there is something already; DATA_DIRECTORY_NEWER for a backup of a newer version.
 *          What was restored before an error stays: empty both and begin again.
 */

import { createReadStream } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { checkedFolder, filesBelow } from "../assembly/backup-folder.ts";
import { migrateStores, STORE_TABLES } from "../assembly/gateway-stores.ts";
import { VKEY_FILE } from "../audit/checkpoint.ts";
import { verifyLog } from "../audit/verify.ts";
import type { Config } from "../config/config.ts";
import { openDataDirectory } from "../config/data-directory.ts";
import { type DumpedTable, filledTables, loadTables } from "../connectors/table-dump.ts";
import { GatewayError } from "../kernel/errors.ts";
import { KEYS, placesOf, STATE, SUBJECT_KEYS, stateAbout } from "./backup.ts";
import { withGatewayDatabase } from "./gateway-database.ts";
import { refuseNewer } from "./migrate.ts";
import type { Terminal } from "./terminal.ts";

export interface RestoreOptions {
  /** File of the latest checkpoint of the log that anybody kept. */
  readonly latest?: string;
}

const SIGNING_KEY = "audit-signing";

type State = z.output<typeof stateAbout>;

export async function runRestore(
  config: Config,
  directory: string,
  { latest }: RestoreOptions,
  terminal: Terminal,
): Promise<number> {
  const [state] = await Promise.all([
    checkedFolder(join(directory, STATE), stateAbout),
    checkedFolder(join(directory, SUBJECT_KEYS), z.null()),
    checkedFolder(join(directory, KEYS), z.null()),
  ]);
  refuseNewer(state.migrations);
  const stray = state.tables.find(({ table }) => !STORE_TABLES.has(table));
  if (stray) throw new GatewayError("BACKUP_INVALID", `\`${stray.table}\` is no table of the gateway`);
  const kept = latest === undefined ? null : await readFile(latest, "utf8");
  const backedUp = join(directory, STATE, "audit");
  await verified(backedUp, kept);
  const places = placesOf(config);
  for (const place of Object.values(places)) await refuseFilled(place);
  const data = await openDataDirectory(config.data, "production");
  try {
    await withGatewayDatabase(config, async (pool) => {
      const [filled] = await filledTables(pool, STORE_TABLES);
      if (filled !== undefined) throw refused(`the database has rows already, in ${filled}`);
      await migrateStores(pool, state.migrations);
      await loadTables(pool, tablesIn(join(directory, STATE), state));
      await migrateStores(pool);
    });
    await put(join(directory, KEYS), places.keys);
    await put(join(directory, SUBJECT_KEYS), places.subjectKeys);
    const log = kept === null ? `${places.log}-archive/${await nameOf(backedUp)}` : places.log;
    await put(backedUp, log);
    if (kept === null) await rm(join(places.keys, SIGNING_KEY));
    const { records, signed } = await verified(log, kept);
    terminal.out(`whole: ${records} records, ${signed} of them signed, in ${log}\n`);
    if (kept === null)
      terminal.out("a new log begins with the next start: give auditors its key (docs/operations.md)\n");
    return 0;
  } finally {
    await data.release();
  }
}

async function verified(folder: string, kept: string | null) {
  const found = await verifyLog(folder, { earlier: kept === null ? [] : [kept] });
  if (found.problems.length === 0) return found;
  throw new GatewayError("BACKUP_INVALID", "the disclosure log of this backup cannot go on", {
    problems: found.problems,
  });
}

async function* tablesIn(folder: string, { tables }: State): AsyncGenerator<DumpedTable> {
  for (const { table, file } of tables)
    yield { table, rows: createInterface({ input: createReadStream(join(folder, file), "utf8") }) };
}

/** All but the manifest, to be read by its owner alone. */
async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await cp(from, to, { recursive: true, filter: (path) => path !== join(from, "manifest.json") });
  await chmod(to, 0o700);
  for (const name of await filesBelow(to)) await chmod(join(to, name), 0o600);
}

async function refuseFilled(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length > 0) throw refused(`\`${folder}\` is not empty`);
}

/** A log is called after its key: no two archives are of one name. */
async function nameOf(folder: string): Promise<string> {
  const vkey = await readFile(join(folder, VKEY_FILE), "utf8");
  return vkey
    .split("+")
    .slice(0, 2)
    .join("+")
    .replaceAll(/[^\w.+-]/g, "_");
}

const refused = (message: string): GatewayError => new GatewayError("BAD_USER_INPUT", message);
