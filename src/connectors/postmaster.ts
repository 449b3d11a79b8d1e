/**
 * One PostgreSQL server process: started, watched, stopped, and cleared away when its owner died.
 *
 * Lifetime  a watchdog shell holds the other end of a pipe of ours; when we end in any way, kill -9 included, the pipe
 *           closes and it stops the server. Both have a session of their own, so that Ctrl-C reaches only us.
 * Stop      fast shutdown (SIGINT), immediate (SIGQUIT) after 10 s; committed data survives both.
 * Leftover  a postmaster of the same directory is waited for when its owner is gone, and stopped if it stays; when
 *           its owner lives, the directory is in use and we refuse. A `postmaster.pid` that names another process is removed.
 * Log       `postgres.log` beside the cluster; errors without statements and details, which may hold personal data.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GatewayError } from "../kernel/errors.ts";
import type { Launch } from "./postgres-binaries.ts";

const START_DEADLINE_MS = 60_000;
const STOP_PATIENCE_MS = 10_000;
const POLL_MS = 10;

export interface Cluster {
  /** Ours: password, log, owner; holds the cluster itself as `cluster/`. */
  readonly dataDir: string;
  readonly clusterDir: string;
}

export interface Postmaster {
  readonly pid: number;
  stop(): Promise<void>;
}

export class PortTaken extends Error {}

export const SETTINGS: readonly string[] = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=200",
  "timezone=UTC",
  "jit=off",
  "log_error_verbosity=terse",
  "log_min_error_statement=panic",
].flatMap((setting) => ["-c", setting]);

export async function startPostmaster(
  { dataDir, clusterDir }: Cluster,
  { command, args, options }: Launch,
  env: Readonly<Record<string, string>>,
): Promise<Postmaster> {
  const flags = constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY;
  const log = await open(join(dataDir, "postgres.log"), flags, 0o600);
  const server = spawn(command, args, {
    ...options,
    cwd: "/",
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: { PATH: process.env["PATH"], LC_ALL: "C", ...env },
  });
  try {
    await once(server, "spawn");
    await ready(server, { dataDir, clusterDir });
  } catch (error) {
    server.kill("SIGQUIT");
    if (error instanceof GatewayError || error instanceof PortTaken) throw error;
    throw new GatewayError("CONFIG_INVALID", "the embedded PostgreSQL cannot be run here", { cause: error });
  } finally {
    await log.close();
  }
  const pid = server.pid as number;
  const watchdog = watch(pid);
  await writeFile(join(dataDir, "owner.pid"), String(process.pid), { mode: 0o600 });
  server.unref();
  return { pid, stop: () => stop(server, watchdog, dataDir) };
}

/** `postmaster.pid`: its pid on line 1, its state on line 8. */
async function ready(server: ChildProcess, { dataDir, clusterDir }: Cluster): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (server.exitCode === null && server.signalCode === null && Date.now() < deadline) {
    const lines = (await readText(join(clusterDir, "postmaster.pid"))).split("\n");
    if (lines[0] === String(server.pid) && lines[7]?.trim() === "ready") return;
    await sleep(POLL_MS);
  }
  const log = await readText(join(dataDir, "postgres.log"));
  if (log.includes("could not create any TCP/IP sockets")) throw new PortTaken();
  const last = log.trim().split("\n").slice(-3).join("; ");
  throw new GatewayError("CONFIG_INVALID", `the embedded PostgreSQL did not start: ${last}`);
}

function watch(pid: number): ChildProcess {
  const script = 'read -r _; kill -INT "$1" 2>/dev/null';
  const watchdog = spawn("/bin/sh", ["-c", script, "ihala-postgres-watchdog", String(pid)], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return watchdog;
}

async function stop(server: ChildProcess, watchdog: ChildProcess, dataDir: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    server.ref();
    const gone = once(server, "exit");
    server.kill("SIGINT");
    const hurry = setTimeout(() => server.kill("SIGQUIT"), STOP_PATIENCE_MS);
    await gone;
    clearTimeout(hurry);
  }
  watchdog.kill("SIGKILL");
  await rm(join(dataDir, "owner.pid"), { force: true });
}

/** Port of the server that runs on the cluster and is ready; line 4 of `postmaster.pid`. */
export async function runningPort({ clusterDir }: Cluster): Promise<number | null> {
  const lines = (await readText(join(clusterDir, "postmaster.pid"))).split("\n");
  const pid = Number(lines[0]);
  return pid && lines[7]?.trim() === "ready" && (await runs(pid, clusterDir)) ? Number(lines[3]) : null;
}

/** Makes sure that no server runs on the cluster, or refuses. */
export async function clearLeftover({ dataDir, clusterDir }: Cluster): Promise<void> {
  const pidFile = join(clusterDir, "postmaster.pid");
  const pid = Number((await readText(pidFile)).split("\n")[0]);
  if (!pid) return;
  if (await runs(pid, clusterDir)) {
    const owner = Number(await readText(join(dataDir, "owner.pid")));
    if (owner && isAlive(owner)) {
      const message = `data directory \`${dataDir}\` is in use by process ${owner}`;
      throw new GatewayError("DATA_DIRECTORY_UNWRITABLE", message);
    }
    for (const signal of [null, "SIGINT", "SIGQUIT"] as const) {
      if (signal) process.kill(pid, signal);
      if (await gone(pid, clusterDir)) break;
    }
  }
  await rm(pidFile, { force: true });
}

async function gone(pid: number, clusterDir: string): Promise<boolean> {
  const deadline = Date.now() + STOP_PATIENCE_MS / 2;
  while (Date.now() < deadline) {
    if (!(await runs(pid, clusterDir))) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Is this pid a postmaster of this very cluster? After a reboot the number may be anybody's. */
async function runs(pid: number, clusterDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command =
    process.platform === "linux" ? await readText(`/proc/${pid}/cmdline`) : await commandLine(pid);
  return command.includes("postgres") && command.includes(clusterDir);
}

async function commandLine(pid: number): Promise<string> {
  const ps = spawn("ps", ["-o", "command=", "-p", String(pid)], { stdio: ["ignore", "pipe", "ignore"] });
  return (await ps.stdout.setEncoding("utf8").toArray()).join("");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const readText = (file: string) => readFile(file, "utf8").catch(() => "");
