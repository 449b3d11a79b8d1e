/**
 * A PostgreSQL server for those who have none: a real one, from npm, in a directory of ours.
 *
 * In      `dataDir`, created if missing; `port`, or any free one of the loopback interface.
 * Out     URLs with a random password that is kept in `dataDir/password` (mode 0600), and a stop.
 * First   `initdb` into a directory that is renamed when complete, so that an interrupted first start repeats itself.
 * Safety  listens on 127.0.0.1 only, SCRAM passwords, fsync on, UTF-8 with code-point order everywhere.
 * Errors  start-up family: CONFIG_INVALID, DATA_DIRECTORY_UNWRITABLE (also: in use by another process).
 * Cost    first start under a second, later starts about 50 ms. See `postmaster.ts` for lifetime.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import pg from "pg";
import { GatewayError } from "../kernel/errors.ts";
import {
  type Account,
  chooseAccount,
  launch,
  locatePrograms,
  type PostgresPrograms,
} from "./postgres-binaries.ts";
import {
  type Cluster,
  clearLeftover,
  PortTaken,
  type Postmaster,
  runningPort,
  SETTINGS,
  startPostmaster,
} from "./postmaster.ts";

export interface PostgresServer {
  /** Process of the embedded server; null for an external one. */
  readonly pid: number | null;
  url(database: string): string;
  /** Creates the database unless it is there. */
  ensureDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly port?: number;
}

const PORT_ATTEMPTS = 5;
const DATABASE_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

export async function startPostgres(options: EmbeddedPostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir);
  const cluster: Cluster = { dataDir, clusterDir: join(dataDir, "cluster") };
  const account = await chooseAccount(await ownerOf(cluster.clusterDir));
  await prepareDirectory(dataDir, account ? 0o711 : 0o700);
  await clearLeftover(cluster);
  const programs = await locatePrograms(dataDir);
  const password = await passwordIn(dataDir);
  if (!(await ownerOf(cluster.clusterDir))) await initialise(cluster, programs, account, password);
  const { postmaster, port } = await listen(cluster, programs, account, options.port);
  const base = new URL(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`);
  return { ...server(base, postmaster.pid), stop: postmaster.stop };
}

/** The server that another process of ours runs in this directory now; null when none does. */
export async function runningPostgres(directory: string): Promise<PostgresServer | null> {
  const dataDir = resolve(directory);
  const port = await runningPort({ dataDir, clusterDir: join(dataDir, "cluster") });
  if (port === null) return null;
  const password = (await readFile(join(dataDir, "password"), "utf8")).trim();
  return externalPostgres(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`);
}

/** A PostgreSQL that somebody else runs. The URL's user must be allowed to create databases, or they must exist. */
export function externalPostgres(url: string): PostgresServer {
  return { ...server(new URL(url), null), stop: async () => {} };
}

function server(base: URL, pid: number | null) {
  const url = (database: string) => {
    const its = new URL(base);
    its.pathname = `/${encodeURIComponent(database)}`;
    return its.href;
  };
  return { pid, url, ensureDatabase: (name: string) => ensureDatabase(base.href, name) };
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  if (!DATABASE_NAME.test(name)) throw new RangeError("not a database name");
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (!rowCount) await client.query(`create database "${name}"`).catch(unlessThere);
  } finally {
    await client.end();
  }
}

/** Two processes may create the same database at once. */
function unlessThere(error: { readonly code?: string }): void {
  if (error.code !== "42P04" && error.code !== "23505") throw error;
}

async function prepareDirectory(dataDir: string, mode: number): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await chmod(dataDir, mode);
  } catch (cause) {
    throw new GatewayError("DATA_DIRECTORY_UNWRITABLE", `cannot write to \`${dataDir}\``, { cause });
  }
}

async function passwordIn(dataDir: string): Promise<string> {
  const file = join(dataDir, "password");
  const text = randomBytes(24).toString("hex");
  await writeFile(file, text, { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return (await readFile(file, "utf8")).trim();
}

async function ownerOf(directory: string): Promise<Account | null> {
  return stat(directory).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => null,
  );
}

async function initialise(
  { dataDir, clusterDir }: Cluster,
  programs: PostgresPrograms,
  account: Account | null,
  password: string,
): Promise<void> {
  const fresh = `${clusterDir}.new`;
  const passwordFile = `${fresh}.password`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [fresh, passwordFile]) await chown(path, account.uid, account.gid);
  const args = [
    ...[`--pgdata=${fresh}`, "--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
    ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
  ];
  try {
    await run(await launch(account, programs.initdb, args, dataDir), programs.env);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(fresh, clusterDir);
}

async function run(
  { command, args, options }: Awaited<ReturnType<typeof launch>>,
  env: PostgresPrograms["env"],
) {
  const child = spawn(command, args, {
    ...options,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env["PATH"], LC_ALL: "C", ...env },
  });
  const [errors, [code]] = await Promise.all([
    child.stderr.setEncoding("utf8").toArray(),
    once(child, "exit"),
  ]).catch((cause: unknown) => {
    throw new GatewayError("CONFIG_INVALID", "the embedded PostgreSQL cannot be run here", { cause });
  });
  if (code === 0) return;
  const message = `the embedded PostgreSQL could not be set up: ${errors.join("").trim().split("\n").slice(-3).join("; ")}`;
  throw new GatewayError("CONFIG_INVALID", message);
}

/** A free port may be taken between finding and using it: then another one. */
async function listen(
  cluster: Cluster,
  programs: PostgresPrograms,
  account: Account | null,
  wanted: number | undefined,
): Promise<{ readonly postmaster: Postmaster; readonly port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted || (await freePort());
    const args = ["-D", cluster.clusterDir, "-p", String(port), ...SETTINGS];
    const start = await launch(account, programs.postgres, args, cluster.dataDir);
    try {
      return { postmaster: await startPostmaster(cluster, start, programs.env), port };
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      if (wanted || attempt === PORT_ATTEMPTS)
        throw new GatewayError("PORT_IN_USE", `port ${port} is in use`);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address ? address.port : 0;
}
