/**
 * `ihala sandbox`: the whole federation on this machine, filled with synthetic people.
 *
 * Starts   data directory, HTTP server (a busy port is told first), PostgreSQL; then seeding, the ledger and the agencies beside each
 *          other; then the gateway. Ready when `/readyz` says 200.
 * Safety   loopback only; every answer says that this is a sandbox; keys are made here and stay here.
 * Stops    requests first, then the gateway, the children, PostgreSQL; a start that fails stops what it has started.
 *          Killed in any other way, the children end with their channel and PostgreSQL with its watchdog.
 */
import { writeFile } from "node:fs/promises";
import { openIssuer } from "../../sandbox/issuer/issuer.ts";
import type { Config } from "../config/config.ts";
import { type DataDirectory, openDataDirectory } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { externalPostgres, type PostgresServer } from "../connectors/embedded-postgres.ts";
import { GatewayError } from "../kernel/errors.ts";
import { type HttpServer, startHttpServer } from "../server/http-server.ts";
import type { Log } from "../telemetry/log.ts";
import type { PartContext, SandboxParts, WorldSource } from "./parts.ts";
import { placesOf } from "./places.ts";
import { Running } from "./running.ts";
import type { Child } from "./supervise.ts";

export interface Sandbox {
  readonly url: string;
  readonly data: DataDirectory;
  /** Resolves when something that must run has ended by itself, with what it was. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** What the sandbox was started with, for `ihala token`. */
export const WORLD_FILE = "world.json";
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

export async function startSandbox(config: Config, parts: SandboxParts, log: Log): Promise<Sandbox> {
  checkLoopback(config);
  const running = new Running();
  try {
    const data = await running.add(openDataDirectory(config.data, "sandbox"), (opened) => opened.release());
    const server = await running.add(startHttpServer(serverOptions(config, log)), (opened) => opened.stop());
    await prepareData(data, config);
    const postgres = await running.add(openPostgres(config, data, parts), (opened) => opened.stop());
    await Promise.all(parts.databases.map(postgres.ensureDatabase));
    const context = { config, world: worldOf(config), data, databaseUrl: postgres.url, log };
    const broken = await startParts(context, parts, server, running);
    return { url: server.url, data, broken: broken.first, stop: () => stopInOrder(server, running) };
  } catch (error) {
    await running.stop().catch(() => {});
    throw error;
  }
}

/** Requests finish before what they need is taken away. */
async function stopInOrder(server: HttpServer, running: Running): Promise<void> {
  await server.stop();
  await running.stop();
}

async function prepareData(data: DataDirectory, config: Config): Promise<void> {
  await openIssuer(data);
  await writeFile(data.file(WORLD_FILE), JSON.stringify(worldOf(config)), { mode: 0o600 });
}

async function openPostgres(
  config: Config,
  data: DataDirectory,
  parts: SandboxParts,
): Promise<PostgresServer> {
  const { url } = config.database;
  if (url) return externalPostgres(await readSecret(url));
  return parts.startPostgres({ dataDir: await data.folder("postgres") });
}

async function startParts(context: PartContext, parts: SandboxParts, server: HttpServer, running: Running) {
  const stop = (child: Child<unknown>) => child.stop();
  const [, ledger, agencies] = await allOrNone([
    parts.seed(context),
    running.add(parts.startLedger(context), stop),
    running.add(parts.startAgencies(context), stop),
  ]);
  const places = await placesOf(context, ledger.ready, agencies.ready);
  const gateway = await running.add(parts.createGateway(context, places), (made) => made.close());
  await server.serve(gateway);
  const ends = [ledger, agencies].map(({ name, ended }) => ended.then(() => name));
  return { first: Promise.race([...ends, gateway.failed.then(() => "the disclosure log")]) };
}

/** Like `Promise.all`, but a failure waits for the other starts, so that they are stopped and not left behind. */
async function allOrNone<Starts extends readonly Promise<unknown>[]>(starts: readonly [...Starts]) {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}

const worldOf = ({ deployment: { seed, scale } }: Config): WorldSource => ({ seed, scale });

function checkLoopback({ server: { host } }: Config): void {
  if (LOOPBACK.has(host)) return;
  const problems = [`server.host: the sandbox listens on 127.0.0.1 only, not on \`${host}\``];
  throw new GatewayError("CONFIG_INVALID", "the sandbox is not for others to reach", { problems });
}

function serverOptions({ server, limits }: Config, log: Log) {
  const { host, port, maxBodyBytes, drainMs } = server;
  return { host, port, maxBodyBytes, drainMs, maxTokens: limits.maxTokens, sandbox: true, log };
}
