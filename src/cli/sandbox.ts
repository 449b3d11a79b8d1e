/**
 * `ihala sandbox`: the whole federation on this machine, filled with synthetic people.
 *
 * Starts   HTTP server (a busy port is told before anything is made), data directory, PostgreSQL; then seeding, the
 *          ledger and the agencies beside each other; then the gateway. Ready when `/readyz` says 200.
 * Safety   loopback only; every answer says that this is a sandbox; keys are made here and stay here.
 * Stops    requests first, then the gateway, the children, PostgreSQL; a start that fails stops what it has started.
 *          Killed in any other way, the children end with their channel and PostgreSQL with its watchdog.
 */
import { openHttpServer } from "../assembly/http.ts";
import type { Config } from "../config/config.ts";
import type { DataDirectory } from "../config/data-directory.ts";
import type { HttpServer } from "../server/http-server.ts";
import type { Log } from "../telemetry/log.ts";
import { checkLoopback } from "./loopback.ts";
import type { PartContext, SandboxParts } from "./parts.ts";
import { placesOf } from "./places.ts";
import { Running } from "./running.ts";
import { openStores } from "./stores.ts";
import type { Child } from "./supervise.ts";

export interface Sandbox {
  readonly url: string;
  readonly data: DataDirectory;
  /** Resolves when something that must run has ended by itself, with what it was. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export async function startSandbox(config: Config, parts: SandboxParts, log: Log): Promise<Sandbox> {
  checkLoopback(config, "sandbox");
  const running = new Running();
  try {
    const server = await running.add(openHttpServer(config, { mode: "sandbox", log }), (opened) =>
      opened.stop(),
    );
    const context = await openStores(config, { parts, running, log });
    const { broken } = await startParts(context, parts, server, running);
    return { url: server.url, data: context.data, broken, stop: () => stopInOrder(server, running) };
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

async function startParts(
  context: PartContext,
  parts: SandboxParts,
  server: HttpServer,
  running: Running,
): Promise<Pick<Sandbox, "broken">> {
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
  return { broken: Promise.race([...ends, gateway.failed.then(() => "the disclosure log")]) };
}

/** Like `Promise.all`, but a failure waits for the other starts, so that they are stopped and not left behind. */
async function allOrNone<Starts extends readonly Promise<unknown>[]>(starts: readonly [...Starts]) {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}
