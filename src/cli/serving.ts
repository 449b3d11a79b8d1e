/**
 * What `ihala sandbox` and `ihala serve` have in common: the HTTP server, the gateway behind it, reloads, and a stop in order.
 *
 * Starts   HTTP server (a busy port is told before anything is made), then whatever `start` does, then the gateway. Ready when
 *          `/readyz` says 200.
 * Stops    requests first, then what was started last; a start that fails stops what it has started.
 */
import type { Places } from "../assembly/backends.ts";
import type { AssembledGateway } from "../assembly/gateway.ts";
import { openAdminServer, openDocuments, openHttpServer } from "../assembly/http.ts";
import { openTracing } from "../assembly/tracing.ts";
import { openWatch } from "../assembly/watch.ts";
import type { Config } from "../config/config.ts";
import type { DataDirectory } from "../config/data-directory.ts";
import type { ConfigSource } from "../config/load.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import type { Log } from "../telemetry/log.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { policyDirectory, schemaDirectory } from "./folders.ts";
import { Reloading } from "./reloading.ts";
import { Running } from "./running.ts";

export interface Serving {
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

/** What a start is given beside the configuration; whatever it opens is added to `running`. */
export interface Start {
  readonly running: Running;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly documents: readonly PersistedDocument[];
}

export interface Started
  extends Pick<AssembledGateway, "gateway" | "load" | "publications">,
    Pick<Serving, "broken" | "data"> {
  /** Where members are, by another configuration. */
  placesFor(config: Config): Promise<Places>;
}

export interface ServingOptions {
  readonly config: Config;
  readonly source: ConfigSource;
  readonly mode: "sandbox" | "production";
  readonly log: Log;
  readonly start: (parts: Start) => Promise<Started>;
}

export async function startServing({ config, source, mode, log, start }: ServingOptions): Promise<Serving> {
  const running = new Running();
  const metrics = new Metrics();
  try {
    let reloading: Reloading | null = null;
    const inForce = (): Config => reloading?.config ?? config;
    const watch = await openWatch(() => watchedPaths(inForce(), source), config.server.watchMs);
    const documents = await openDocuments(config, mode);
    const tracing = await running.add(openTracing(config, { metrics, log }), async (opened) =>
      opened?.close(),
    );
    const server = await running.add(
      openHttpServer(config, { mode, log, documents, metrics, tracing: tracing?.tracing }),
      (opened) => opened.stop(),
    );
    const admin = await running.add(
      openAdminServer(config, { metrics, status: server.status }),
      async (opened) => opened?.stop(),
    );
    const { gateway, load, publications, placesFor, broken, data } = await start({
      ...{ running, log, metrics, documents: documents.documents },
    });
    const reloads = new Reloading({
      ...{ config, documents, gateway, log, metrics, watch, publications, read: source.read },
      renewTls: () => server.renewTls(),
      load: async (next, found) => load({ config: next, places: await placesFor(next), documents: found }),
    });
    reloading = reloads;
    await running.add(Promise.resolve(reloads), () => reloads.stop());
    await server.serve(gateway);
    return {
      ...{ url: server.url, adminUrl: admin?.url ?? null, data, broken },
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
  const { tls } = config.server;
  return [file, schemaDirectory(config), policyDirectory(config), path, tls?.certificate, tls?.key].filter(
    (one) => typeof one === "string",
  );
}
