/**
 * Where the `ihala audit` commands find the log and the keys of its subjects, and how they read what they are given.
 *
 * Errors  BAD_USER_INPUT for what is not there or cannot be read; those of the data directory.
 */
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type AuditPlace, auditPlace } from "../assembly/audit.ts";
import { loadSecrets } from "../assembly/secrets.ts";
import { type NoteVerifier, parseVerifier } from "../audit/note.ts";
import { readSubjectKeys, type Subject } from "../audit/subject-keys.ts";
import type { Config } from "../config/config.ts";
import {
  type DataDirectory,
  lookIntoDataDirectory,
  type Mode,
  openDataDirectory,
} from "../config/data-directory.ts";
import { GatewayError } from "../kernel/errors.ts";

export interface DirectoryOption {
  /** Else that of the configuration. */
  readonly directory?: string;
}

export async function logDirectory({ audit, data }: Config, { directory }: DirectoryOption): Promise<string> {
  const folder = resolve(directory ?? audit.directory ?? join(data, "audit"));
  if ((await stat(folder).catch(() => null))?.isDirectory()) return folder;
  throw refused(`\`${folder}\` is no folder`);
}

export const placeOf = async (config: Config, data: DataDirectory): Promise<AuditPlace> =>
  auditPlace(config, data, await loadSecrets(data));

/** The log's folder, and the keys of its subjects. */
export async function openedPlace(config: Config) {
  const { directory, protection } = await placeOf(config, await lookInto(config));
  return [directory, await readSubjectKeys(protection.keysDirectory, protection.secrets.subjects)] as const;
}

export async function holding<Result>(
  config: Config,
  work: (protection: AuditPlace["protection"]) => Promise<Result>,
): Promise<Result> {
  const { mode } = await lookInto(config);
  const data = await openDataDirectory(config.data, mode);
  try {
    return await work((await placeOf(config, data)).protection);
  } finally {
    await data.release();
  }
}

/** Whichever mode the directory has. Errors: BAD_USER_INPUT when it is none. */
export async function lookInto({ data }: Config): Promise<DataDirectory> {
  const modes: readonly Mode[] = ["sandbox", "production"];
  if ((await readFile(join(data, "ihala.json")).catch(() => null)) === null)
    throw refused(`\`${resolve(data)}\` is no data directory`);
  for (const mode of modes) {
    const found = await lookIntoDataDirectory(data, mode).catch((error: unknown) => {
      if (error instanceof GatewayError && error.code === "DATA_DIRECTORY_OTHER_MODE") return null;
      throw error;
    });
    if (found) return found;
  }
  throw refused(`\`${resolve(data)}\` keeps no keys of subjects`);
}

export function subjectOf(text: string): Subject {
  const [, type, uid] = /^(\w+):(.+)$/.exec(text) ?? [];
  if (type === undefined || uid === undefined)
    throw refused(`\`${text}\` is no subject; write \`Case:<uid>\``);
  return { type, uid };
}

export async function verifierFrom(given: string): Promise<NoteVerifier> {
  const key = parseVerifier(given) ?? parseVerifier(await readFile(given, "utf8").catch(() => ""));
  if (key) return key;
  throw refused(`\`${given}\` is no verifier key, nor a file that holds one`);
}

export async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new GatewayError("BAD_USER_INPUT", `\`${file}\` cannot be read`, { cause });
  });
}

export const textOf = async (file: string): Promise<string> => (await bytesOf(file)).toString("utf8");

export const refused = (message: string) => new GatewayError("BAD_USER_INPUT", message);
