/**
 * `ihala backup DIR`: everything that the gateway keeps, while it runs, in three folders that three people should hold.
 *
 * state/         the disclosure log, and every table of the gateway's own database in one consistent state
 * subject-keys/  the keys of subjects, wrapped
 * keys/          the gateway's own keys; without `audit.keyEncryptionKey` the one that wraps the subjects' is among them
 * Rule    the log is copied before the keys of its subjects, so that a key is there for every entry; the copy is checked as an auditor
 *         would (`ihala audit verify`) before the backup counts.
 * Errors  BAD_USER_INPUT when the folder is not empty; BACKUP_INVALID when no whole copy of the log can be made.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BackupFolder, filesBelow } from "../assembly/backup-folder.ts";
import { appliedMigrations, STORE_TABLES } from "../assembly/gateway-stores.ts";
import { CHECKPOINT_FILE } from "../audit/checkpoint.ts";
import { type Verification, verifyLog } from "../audit/verify.ts";
import type { Config } from "../config/config.ts";
import { dumpTables } from "../connectors/table-dump.ts";
import { GatewayError } from "../kernel/errors.ts";
import { withGatewayDatabase } from "./gateway-database.ts";
import { refuseNewer } from "./migrate.ts";
import type { Terminal } from "./terminal.ts";

export const STATE = "state";
export const SUBJECT_KEYS = "subject-keys";
export const KEYS = "keys";

export const stateAbout = z.strictObject({
  gateway: z.string(),
  migrations: z.array(z.strictObject({ component: z.string(), number: z.int(), name: z.string() })),
  tables: z.array(z.strictObject({ table: z.string(), file: z.string(), rows: z.int() })),
  records: z.int(),
  signed: z.int(),
});

/** While a log is written, its tree may lose a file between list and copy: then once more. */
const ATTEMPTS = 5;

export async function runBackup(config: Config, directory: string, terminal: Terminal): Promise<number> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if ((await readdir(directory)).length > 0)
    throw new GatewayError("BAD_USER_INPUT", `\`${directory}\` is not empty`);
  const places = placesOf(config);
  const { records, signed, tables } = await withGatewayDatabase(config, async (pool) => {
    const state = new BackupFolder(join(directory, STATE));
    const migrations = await appliedMigrations(pool);
    refuseNewer(migrations);
    const log = await copyLog(places.log, state);
    const dumped: z.output<typeof stateAbout>["tables"] = [];
    await dumpTables(pool, STORE_TABLES, async ({ table, rows }) => {
      const file = join("database", `${String(dumped.length + 1).padStart(3, "0")}.ndjson`);
      let count = 0;
      const lines = async function* () {
        for await (const row of rows) {
          count += 1;
          yield `${row}\n`;
        }
      };
      await state.write(file, lines());
      dumped.push({ table, file, rows: count });
    });
    const about = { gateway: config.deployment.name, migrations: [...migrations], tables: dumped };
    await state.finish({ ...about, records: log.records, signed: log.signed });
    return { ...log, tables: dumped };
  });
  for (const [folder, name] of [
    [places.subjectKeys, SUBJECT_KEYS],
    [places.keys, KEYS],
  ] as const) {
    const copy = new BackupFolder(join(directory, name));
    await copy.copy(folder, await filesBelow(folder), "");
    await copy.finish(null);
  }
  terminal.out(
    `${STATE}/ ${records} records of the log, ${signed} of them signed; ${tables.length} tables\n`,
  );
  terminal.out(`${SUBJECT_KEYS}/ and ${KEYS}/ open it: give each of the three to somebody else\n`);
  return 0;
}

/** Where each part is in the data directory, or where the configuration has put it. */
export const placesOf = ({ data, audit }: Config) => ({
  log: audit.directory ?? join(data, "audit"),
  subjectKeys: audit.keysDirectory ?? join(data, "audit-keys"),
  keys: join(data, "keys"),
});

async function copyLog(folder: string, state: BackupFolder): Promise<Verification> {
  const copy = join(state.path, "audit");
  for (let attempt = 1; ; attempt += 1) {
    // What signs first, what is signed last: the copy may hold more than is signed, and never less.
    const names = await filesBelow(folder);
    const [last, first] = [names.filter(isSegment), names.filter((name) => !isSegment(name))];
    const ordered = [...first.filter((name) => name === CHECKPOINT_FILE), ...first, ...last];
    await state.copy(folder, [...new Set(ordered)], "audit");
    const found = await verifyLog(copy);
    if (found.problems.length === 0) return found;
    if (attempt === ATTEMPTS)
      throw new GatewayError("BACKUP_INVALID", "the disclosure log is not whole", {
        problems: found.problems,
      });
    await rm(copy, { recursive: true });
    state.forget("audit");
  }
}

const isSegment = (name: string): boolean => /^disclosures-\d+\.log$/.test(name);
