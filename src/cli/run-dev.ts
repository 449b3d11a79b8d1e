/**
 * `ihala dev` as a process: any supergraph, permit-all, one anonymous reader, this machine only.
 *
 * Safety   loopback only; a loud warning at the start; every answer carries `x-ihala-mode: dev`; a data directory of its own
 *          mode, so that nothing of a deployment is within reach.
 * Signals  SIGTERM and SIGINT stop it in order, status 0. SIGHUP, or a change of the supergraph's file, has it read again.
 */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { assembleDev, type DevSource } from "../assembly/dev.ts";
import { openAdminServer, openDocuments, openHttpServer } from "../assembly/http.ts";
import { openWatch } from "../assembly/watch.ts";
import type { Config } from "../config/config.ts";
import { openDataDirectory } from "../config/data-directory.ts";
import type { ConfigSource } from "../config/load.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import type { HttpServer } from "../server/http-server.ts";
import { createLog } from "../telemetry/log.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { metricsLine } from "./banner.ts";
import { checkLoopback } from "./loopback.ts";
import { Reloading } from "./reloading.ts";
import { Running } from "./running.ts";
import { onHangUp, untilStopped } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { boundYoungGeneration } from "./young-generation.ts";

export interface DevCommandOptions {
  readonly supergraph: string;
  /** How often, in milliseconds, supergraph, configuration and persisted documents are looked at for a change; 0: never. */
  readonly watchMs: number;
  /** Else a folder under the configuration's `data` that is removed at the end. */
  readonly data?: string | undefined;
  /** False: every question is worked out for itself. */
  readonly share: boolean;
  readonly subscriptions?: "sse" | "ws" | undefined;
}

export async function runDev(
  source: ConfigSource,
  options: DevCommandOptions,
  terminal: Terminal,
): Promise<number> {
  boundYoungGeneration();
  let reload = async (): Promise<void> => {};
  const off = onHangUp(() => void reload());
  const running = new Running();
  try {
    const dev = await startDev(source, options, running);
    reload = () => dev.reloading.trigger();
    terminal.err(warning(dev));
    const broken = await untilStopped(dev.failed.then(() => "the disclosure log"));
    if (broken !== null) terminal.err(`ihala: ${broken} has ended; dev stops\n`);
    await dev.reloading.stop();
    await dev.http.stop();
    await running.stop();
    return broken === null ? 0 : 1;
  } catch (error) {
    await running.stop().catch(() => {});
    throw error;
  } finally {
    off();
  }
}

interface Dev {
  readonly http: HttpServer;
  readonly adminUrl: string | null;
  readonly dataPath: string;
  readonly reloading: Reloading;
  readonly failed: Promise<unknown>;
}

async function startDev(source: ConfigSource, options: DevCommandOptions, running: Running): Promise<Dev> {
  const config = await source.read();
  checkLoopback(config, "dev");
  const watched = [options.supergraph, source.file, config.server.persistedDocuments.path];
  const watch = await openWatch(() => watched.filter((path) => typeof path === "string"), options.watchMs);
  const log = createLog(config.telemetry.level);
  const metrics = new Metrics();
  const documents = await openDocuments(config, "dev");
  const directory = options.data ?? (await running.add(passingFolder(config.data), removed));
  const data = await running.add(openDataDirectory(directory, "dev"), (opened) => opened.release());
  let status = (): object => ({ phase: "starting" });
  const pages = { metrics, status: () => status() };
  const admin = await running.add(openAdminServer(config, pages), async (opened) => opened?.stop());
  const sourceOf = async (read: Config, found: readonly PersistedDocument[]): Promise<DevSource> => ({
    supergraphSdl: await supergraphText(options.supergraph),
    shareIdentical: options.share && read.server.shareIdentical,
    documents: found,
  });
  const { gateway, load, failed } = await running.add(
    assembleDev({
      ...(await sourceOf(config, documents.documents)),
      subscriptions: options.subscriptions,
      dataDirectory: await data.folder("audit"),
      operations: { log, metrics },
    }),
    (made) => made.close(),
  );
  const reloading = new Reloading({
    ...{ config, documents, gateway, log, metrics, watch, read: source.read },
    load: async (read, found) => load(await sourceOf(read, found)),
  });
  await running.add(Promise.resolve(reloading), () => reloading.stop());
  // Last, so that whoever waits for the port finds it answering.
  const opening = openHttpServer(config, { mode: "dev", log, documents, metrics });
  const http = await running.add(opening, (opened) => opened.stop());
  await http.serve(gateway);
  ({ status } = http);
  return { http, adminUrl: admin?.url ?? null, dataPath: data.path, reloading, failed };
}

/** What one run of dev records is nobody's: a folder of its own that goes with it. */
async function passingFolder(within: string): Promise<string> {
  await mkdir(within, { recursive: true });
  return mkdtemp(join(within, "dev-"));
}

const removed = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

async function supergraphText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const problems = [`--supergraph: \`${file}\` cannot be read`];
    throw new GatewayError("SUPERGRAPH_INVALID", "the supergraph cannot be used", { cause, problems });
  }
}

const warning = ({ http: { url }, dataPath, adminUrl }: Dev): string => `
  !!  ihala dev: NO IDENTITY, NO POLICIES. Everybody who reaches ${url} may read everything.
  !!  For development and measurement on this machine only; never for people's data.

    GraphQL    ${url}/graphql
    data       ${dataPath}${metricsLine(adminUrl)}

`;
