/**
 * `ihala sandbox`: the whole federation on this machine, filled with synthetic people.
 *
 * Starts   HTTP server (a busy port is told before anything is made), data directory, PostgreSQL; then seeding, the
 *          ledger and the agencies beside each other; then the gateway. Ready when `/readyz` says 200.
 * Safety   loopback only; every answer says that this is a sandbox; keys are made here and stay here.
 * Stops    requests first, then the gateway, the children, PostgreSQL; a start that fails stops what it has started.
 *          Killed in any other way, the children end with their channel and PostgreSQL with its watchdog.
 */
import type { Places } from "../assembly/backends.ts";
import type { AssembledGateway } from "../assembly/gateway.ts";
import { openAdminServer, openDocuments, openHttpServer } from "../assembly/http.ts";
import { openWatch } from "../assembly/watch.ts";
import type { Config } from "../config/config.ts";
import type { DataDirectory } from "../config/data-directory.ts";
import type { ConfigSource } from "../config/load.ts";
import type { Log } from "../telemetry/log.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { policyDirectory, schemaDirectory } from "./folders.ts";
import { checkLoopback } from "./loopback.ts";
import type { GatewayContext, SandboxParts } from "./parts.ts";
import { placesOf } from "./places.ts";
import { Reloading } from "./reloading.ts";
import { Running } from "./running.ts";
import { openStores } from "./stores.ts";
import type { Child } from "./supervise.ts";

export interface Sandbox {
  readonly url: string;
  /** Where metrics are; null when the configuration names no port for them. */
  readonly adminUrl: string | null;
  readonly data: DataDirectory;
  /** Resolves when something that must run has ended by itself, with what it was. */
  readonly broken: Promise<string>;
  /** Reads everything again; resolves when it was taken up or refused. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSandbox(
  config: Config,
  parts: SandboxParts,
  log: Log,
  source: ConfigSource = { read: async () => config, file: null },
): Promise<Sandbox> {
  checkLoopback(config, "sandbox");
  const running = new Running();
  const metrics = new Metrics();
  try {
    let reloading: Reloading | null = null;
    const inForce = (): Config => reloading?.config ?? config;
    const watch = await openWatch(() => watchedPaths(inForce(), source), config.server.watchMs);
    const documents = await openDocuments(config, "sandbox");
    const server = await running.add(
      openHttpServer(config, { mode: "sandbox", log, documents, metrics }),
      (opened) => opened.stop(),
    );
    const admin = await running.add(openAdminServer(config, metrics), async (opened) => opened?.stop());
    const context = await openStores(config, { parts, running, log });
    const started = await startParts({ ...context, metrics, documents: documents.documents }, parts, running);
    const { gateway, placesFor, load } = started;
    const reloads = new Reloading({
      ...{ config, documents, gateway, log, metrics, watch, read: source.read },
      load: async (next, found) => load({ config: next, places: await placesFor(next), documents: found }),
    });
    reloading = reloads;
    await running.add(Promise.resolve(reloads), () => reloads.stop());
    await server.serve(gateway);
    return {
      ...{ url: server.url, adminUrl: admin?.url ?? null, data: context.data, broken: started.broken },
      reload: () => reloads.trigger(),
      async stop() {
        await reloads.stop();
        await server.stop();
        await running.stop();
      },
    };
  } catch (error) {
    await running.stop().catch(() => {});
    throw error;
  }
}

/** Where a change is looked for. */
function watchedPaths(config: Config, { file }: ConfigSource): readonly string[] {
  const { path } = config.server.persistedDocuments;
  return [file, schemaDirectory(config), policyDirectory(config), path].filter(
    (one) => typeof one === "string",
  );
}

interface Started extends Pick<AssembledGateway, "gateway" | "load">, Pick<Sandbox, "broken"> {
  /** Where members are, by another configuration. */
  placesFor(config: Config): Promise<Places>;
}

async function startParts(context: GatewayContext, parts: SandboxParts, running: Running): Promise<Started> {
  const stop = (child: Child<unknown>) => child.stop();
  const [, ledger, agencies] = await allOrNone([
    parts.seed(context),
    running.add(parts.startLedger(context), stop),
    running.add(parts.startAgencies(context), stop),
  ]);
  const placesFor = (config: Config) => placesOf({ ...context, config }, ledger.ready, agencies.ready);
  const creating = parts.createGateway(context, await placesFor(context.config));
  const { gateway, load, failed } = await running.add(creating, (made) => made.close());
  const ends = [ledger, agencies].map(({ name, ended }) => ended.then(() => name));
  const broken = Promise.race([...ends, failed.then(() => "the disclosure log")]);
  return { gateway, load, placesFor, broken };
}

/** Like `Promise.all`, but a failure waits for the other starts, so that they are stopped and not left behind. */
async function allOrNone<Starts extends readonly Promise<unknown>[]>(starts: readonly [...Starts]) {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}
