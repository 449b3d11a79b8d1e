/**
 * The data directory (`IHALA_DATA`): keys, embedded databases, the disclosure log.
 *
 * First   created with mode 0700 and marked with its format and the mode that owns it; sandbox and production never share one.
 * Held    by one process at a time (`data-lock.ts`).
 * Keys    random, created once with mode 0600 under `keys/`; a key that others may read is refused.
 * Errors  DATA_DIRECTORY_UNWRITABLE, DATA_DIRECTORY_NEWER, DATA_DIRECTORY_OTHER_MODE, DATA_DIRECTORY_IN_USE.
 */
import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { GatewayError } from "../kernel/errors.ts";
import { holdLock } from "./data-lock.ts";

/** Grows when an older version can no longer read what a newer one wrote. */
export const DATA_FORMAT = 1;
/** Says whose the directory is. */
export const DATA_MARKER = "ihala.json";

export type Mode = "sandbox" | "production" | "dev";

export interface DataDirectory {
  /** Absolute. */
  readonly path: string;
  readonly mode: Mode;
  /** Absolute path of something inside. */
  file(...names: string[]): string;
  /** A folder inside, created with mode 0700. */
  folder(...names: string[]): Promise<string>;
  /** The random key of that name, created on first use; always the same afterwards. */
  key(name: string, bytes: number): Promise<Buffer>;
  /** Lets another process have the directory. */
  release(): Promise<void>;
}

const marker = z.object({ format: z.int(), mode: z.enum(["sandbox", "production", "dev"]) });

/** Creates or opens the directory for `mode` and holds it. */
export async function openDataDirectory(directory: string, mode: Mode): Promise<DataDirectory> {
  const path = resolve(directory);
  const release = await writing(path, async () => {
    await makeFolder(path);
    return holdLock(path);
  });
  try {
    await checkMarker(path, mode);
    await writing(path, () => mark(path, mode));
  } catch (error) {
    await release();
    throw error;
  }
  return { ...contents(path, mode), release };
}

/** What is there already, for commands that look into the directory of a running gateway. Nothing is created or held. */
export async function lookIntoDataDirectory(directory: string, mode: Mode): Promise<DataDirectory> {
  const path = resolve(directory);
  await checkMarker(path, mode);
  return { ...contents(path, mode), release: async () => {} };
}

function contents(path: string, mode: Mode): Omit<DataDirectory, "release"> {
  const file = (...names: string[]) => join(path, ...names);
  const folder = async (...names: string[]) => {
    const inner = file(...names);
    await writing(path, () => makeFolder(inner));
    return inner;
  };
  const key = async (name: string, bytes: number) => {
    const at = join(await folder("keys"), name);
    return writing(path, () => randomKey(at, bytes));
  };
  return { path, mode, file, folder, key };
}

/** Node's own recursive `mkdir` never returns where a folder exists but takes no children, as in `/proc`. */
async function makeFolder(path: string): Promise<void> {
  if (await stat(path).catch(() => null)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path, { mode: 0o700 }).catch(unlessThere);
}

/** Whose it is; null for a directory that is nobody's yet. */
export async function modeOf(directory: string): Promise<Mode | null> {
  const path = resolve(directory);
  const text = await readFile(join(path, DATA_MARKER), "utf8").catch(() => null);
  if (text === null) return null;
  const found = marker.safeParse(parsed(text));
  if (!found.success)
    throw new GatewayError(
      "DATA_DIRECTORY_UNWRITABLE",
      `\`${path}\` holds a ${DATA_MARKER} that cannot be read`,
    );
  if (found.data.format > DATA_FORMAT) {
    const formats = `format ${found.data.format}, this version writes ${DATA_FORMAT}`;
    throw new GatewayError("DATA_DIRECTORY_NEWER", `\`${path}\` was written by a newer version: ${formats}`);
  }
  return found.data.mode;
}

async function checkMarker(path: string, mode: Mode): Promise<void> {
  const found = await modeOf(path);
  if (found === null || found === mode) return;
  throw new GatewayError(
    "DATA_DIRECTORY_OTHER_MODE",
    `\`${path}\` belongs to \`${found}\`, not to \`${mode}\``,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Written beside and linked into place: the marker is there whole or not at all. */
async function mark(path: string, mode: Mode): Promise<void> {
  await chmod(path, 0o700);
  await createWhole(join(path, DATA_MARKER), `${JSON.stringify({ format: DATA_FORMAT, mode })}\n`);
}

async function randomKey(file: string, bytes: number): Promise<Buffer> {
  await createWhole(file, randomBytes(bytes));
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0)
    throw new GatewayError(
      "DATA_DIRECTORY_UNWRITABLE",
      `\`${file}\` is a key that others may read: chmod 600 it`,
    );
  const key = await readFile(file);
  if (key.length === bytes) return key;
  throw new GatewayError("DATA_DIRECTORY_UNWRITABLE", `\`${file}\` is not a key of ${bytes} bytes`);
}

/** Creates the file with mode 0600, synced and in one step, unless it is there. */
export async function createWhole(file: string, content: string | Uint8Array): Promise<void> {
  if (await stat(file).catch(() => null)) return;
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await link(draft, file).catch(unlessThere);
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

async function writing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new GatewayError("DATA_DIRECTORY_UNWRITABLE", `\`${path}\` cannot be written${reason}`, { cause });
  }
}
