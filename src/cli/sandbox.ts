/**
 * `ihala sandbox`: the whole federation on this machine, filled with synthetic people.
 *
 * Starts   HTTP server, data directory, PostgreSQL; then seeding, the ledger and the agencies beside each other; then the gateway.
 * Safety   loopback only; every answer says that this is a sandbox; keys are made here and stay here.
 * Stops    requests first, then the gateway, the children, PostgreSQL. Killed in any other way, the children end with their
 *          channel and PostgreSQL with its watchdog.
 */
import type { Config } from "../config/config.ts";
import type { ConfigSource } from "../config/load.ts";
import type { Log } from "../telemetry/log.ts";
import { checkLoopback } from "./loopback.ts";
import type { GatewayContext, SandboxParts } from "./parts.ts";
import { placesOf } from "./places.ts";
import type { Running } from "./running.ts";
import { type Serving, type Started, startServing } from "./serving.ts";
import { openStores } from "./stores.ts";
import type { Child } from "./supervise.ts";

export async function startSandbox(
  config: Config,
  parts: SandboxParts,
  log: Log,
  source: ConfigSource = { read: async () => config, file: null },
): Promise<Serving> {
  checkLoopback(config, "sandbox");
  return startServing({
    ...{ config, source, log, mode: "sandbox" },
    async start({ running, metrics, documents }) {
      const context = await openStores(config, { parts, running, log });
      return startParts({ ...context, metrics, documents }, parts, running);
    },
  });
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
  const { gateway, load, failed, publications } = await running.add(creating, (made) => made.close());
  const ends = [ledger, agencies].map(({ name, ended }) => ended.then(() => name));
  const broken = Promise.race([...ends, failed.then(() => "the disclosure log")]);
  return { gateway, load, publications, placesFor, broken, data: context.data };
}

/** Like `Promise.all`, but a failure waits for the other starts, so that they are stopped and not left behind. */
async function allOrNone<Starts extends readonly Promise<unknown>[]>(starts: readonly [...Starts]) {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}
