/**
 * `ihala sandbox`: the whole federation on this machine, filled with synthetic people.
 *
 * Starts   data directory, HTTP server (a busy port is told first), then PostgreSQL; the ledger and the agencies beside each other;
 *          the gateway, which prepares itself meanwhile. Ready when `/readyz` says 200 and the banner is out.
 * Safety   loopback only; every answer says that this is a sandbox; keys are made here and stay here.
 * Stops    on SIGTERM or Ctrl-C: requests first, then the gateway, the children, PostgreSQL. Also when a child ends by itself or
 *          the disclosure log fails, with status 1. Killed in any other way, the children end with the channel.
 */
import { writeFile } from "node:fs/promises";
import { openIssuer } from "../../sandbox/issuer/issuer.ts";
import type { Config } from "../config/config.ts";
import { type DataDirectory, openDataDirectory } from "../config/data-directory.ts";
import type { LoadedConfig } from "../config/load.ts";
import { GatewayError } from "../kernel/errors.ts";
import { type HttpServer, startHttpServer } from "../server/http-server.ts";
import type { Log } from "../telemetry/log.ts";
import type { AgencyPlaces, LedgerPlaces, Places, SandboxParts, WorldSource } from "./parts.ts";
import { Running } from "./running.ts";
import type { Child } from "./supervise.ts";

export interface Sandbox {
  readonly url: string;
  readonly data: DataDirectory;
  /** Resolves when something that must run has ended by itself, with what it was. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** Databases of the embedded server: the gateway's, the ledger's, and one for each agency of kind `sql`. */
const GATEWAY_DATABASE = "gateway";
const LEDGER_DATABASE = "ledger";
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);
/** What the sandbox was started with, for `ihala token`. */
export const WORLD_FILE = "world.json";

export async function startSandbox(
  { config, file }: LoadedConfig,
  parts: SandboxParts,
  log: Log,
): Promise<Sandbox> {
  checkLoopback(config);
  const running = new Running();
  try {
    const data = await running.add(openDataDirectory(config.data, "sandbox"), (opened) => opened.release());
    const server = await running.add(startHttpServer(serverOptions(config, log)), (opened) => opened.stop());
    await writeFile(data.file(WORLD_FILE), JSON.stringify(worldOf(config)), { mode: 0o600 });
    const { broken } = await startAll({ config, file }, { data, server, parts, log, running });
    return { url: server.url, data, broken, stop: () => stopOrderly(server, running) };
  } catch (error) {
    await running.stop().catch(() => {});
    throw error;
  }
}

/** Requests are let finish before what they need is taken away. */
async function stopOrderly(server: HttpServer, running: Running): Promise<void> {
  await server.stop();
  await running.stop();
}

interface Stage {
  readonly data: DataDirectory;
  readonly server: HttpServer;
  readonly parts: SandboxParts;
  readonly log: Log;
  readonly running: Running;
}

async function startAll(
  { config, file }: LoadedConfig,
  { data, server, parts, log, running }: Stage,
): Promise<Pick<Sandbox, "broken">> {
  const starting = startPlaces(config, { data, parts, running });
  const places = starting.then((started) => started.places);
  const creating = parts.createGateway({ config, configFile: file, data, log, places });
  const [{ children }, gateway] = await allOrNone([starting, running.add(creating, (made) => made.close())]);
  await server.serve(gateway);
  const ends = children.map(({ name, ended }) => ended.then(() => name));
  return { broken: Promise.race([...ends, gateway.failed.then(() => "the disclosure log")]) };
}

interface StartedPlaces {
  readonly places: Places;
  readonly children: readonly Child<unknown>[];
}

async function startPlaces(
  config: Config,
  { data, parts, running }: Pick<Stage, "data" | "parts" | "running">,
): Promise<StartedPlaces> {
  const agencies = config.agencies.filter(({ kind }) => kind === "sql").map(({ code }) => code);
  const databaseOf = (code: string) => code.toLowerCase();
  const [postgres, issuer, trust] = await Promise.all([
    running.add(parts.startPostgres({ dataDir: await data.folder("postgres") }), (opened) => opened.stop()),
    openIssuer(data),
    parts.outboundTrust(data, config.deployment.name),
  ]);
  await Promise.all(
    [GATEWAY_DATABASE, LEDGER_DATABASE, ...agencies.map(databaseOf)].map(postgres.ensureDatabase),
  );
  const world = worldOf(config);
  const stopChild = (child: Child<unknown>) => child.stop();
  const startingLedger = parts.startLedger({
    databaseUrl: postgres.url(LEDGER_DATABASE),
    world,
    trust,
    member: memberOfLedger(config),
  });
  const startingAgencies = parts.startAgencies({
    databaseUrls: Object.fromEntries(agencies.map((code) => [code, postgres.url(databaseOf(code))])),
    world,
    trust,
    jwks: issuer.jwks,
  });
  const [ledger, others]: [Child<LedgerPlaces>, Child<AgencyPlaces>] = await allOrNone([
    running.add(startingLedger, stopChild),
    running.add(startingAgencies, stopChild),
  ]);
  const places = { ledger: ledger.ready, agencies: others.ready, databaseUrl: postgres.url };
  return { places, children: [ledger, others] };
}

/** Like `Promise.all`, but a failure waits for the other start, so that it can be stopped. */
async function allOrNone<A, B>(starts: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}

const worldOf = ({ deployment: { seed, scale } }: Config): WorldSource => ({ seed, scale });

function memberOfLedger({ agencies }: Config): string {
  const member = agencies.find(({ kind }) => kind === "ledger")?.members[0];
  if (member) return member.address;
  throw new GatewayError("CONFIG_INVALID", "no agency is of kind `ledger`");
}

function checkLoopback({ server: { host } }: Config): void {
  if (LOOPBACK.has(host)) return;
  const problems = [`server.host: the sandbox listens on 127.0.0.1 only, not on \`${host}\``];
  throw new GatewayError("CONFIG_INVALID", "the sandbox is not for others to reach", { problems });
}

function serverOptions({ server, limits }: Config, log: Log) {
  const { host, port, maxBodyBytes, drainMs } = server;
  return { host, port, maxBodyBytes, drainMs, maxTokens: limits.maxTokens, sandbox: true, log };
}
