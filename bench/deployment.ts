/**
 * Everything that the benchmark asks: backends in processes of their own (PostgreSQL with seeded databases, ledger, simulated
 * agencies), the gateway, bare Node and the load generator, each in its own.
 *
 * In      the scale of the synthetic world. Data lives in a directory that goes away with it.
 * Note    agencies answer at once and without a limit; the gateway is more patient with them than by default, because a busy
 *         machine is not what is measured.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIssuer } from "../sandbox/issuer/issuer.ts";
import { createCast, defaultMember } from "../sandbox/synth/cast.ts";
import { createWorld } from "../sandbox/synth/world.ts";
import { loadSecrets } from "../src/assembly/secrets.ts";
import type { AgenciesChildOptions } from "../src/cli/children.ts";
import type { AgencyPlaces, PartContext } from "../src/cli/parts.ts";
import { placesOf } from "../src/cli/places.ts";
import { Running } from "../src/cli/running.ts";
import { sandboxParts, trustOf } from "../src/cli/sandbox-parts.ts";
import { openStores } from "../src/cli/stores.ts";
import { startChild } from "../src/cli/supervise.ts";
import { loadConfig } from "../src/config/load.ts";
import type { MemberAddress, Uid } from "../src/kernel/brands.ts";
import { sealId } from "../src/kernel/sealed-id.ts";
import { createLog } from "../src/telemetry/log.ts";
import type { BareOptions, BareQuestions, BareReady } from "./bare-process.ts";
import type { GatewayOptions, GatewayQuestions, GatewayReady } from "./gateway-process.ts";
import type { Load } from "./load.ts";
import type { LoadQuestions } from "./load-process.ts";
import type { Operation } from "./operations.ts";
import { startWorker, type Worker } from "./worker.ts";

export type Scale = "tiny" | "demo";
export type Asking = Pick<Load, "headers"> & { readonly body: string };

export interface Deployment {
  readonly gateway: Worker<GatewayReady, GatewayQuestions>;
  readonly bare: Worker<BareReady, BareQuestions>;
  readonly load: Worker<null, LoadQuestions>;
  /** The operation as its reader sends it. */
  question(operation: Operation): Promise<Asking>;
  /** Agency of a backend, by origin or database. */
  agencyAt(place: string): string;
  close(): Promise<void>;
}

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const AGENCIES = new URL(`./agencies-process${EXTENSION}`, import.meta.url);
const PATIENCE_MS = 20_000;
/** As `npm start` runs it. */
const GATEWAY_FLAGS = ["--disable-proto=delete"];

export async function openDeployment(scale: Scale): Promise<Deployment> {
  const running = new Running();
  try {
    return await open(scale, running);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function open(scale: Scale, running: Running): Promise<Deployment> {
  const directory = await running.add(mkdtemp(join(tmpdir(), "ihala-bench-")), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const config = await loadConfig({
    env: { IHALA_DATA: directory, IHALA_SCALE: scale },
    overrides: { "limits.agencyTimeoutMs": PATIENCE_MS },
  });
  const stop = (one: { stop(): Promise<unknown> }) => one.stop();
  const context = await openStores(config, { parts: sandboxParts, running, log: createLog("warn") });
  const { databaseUrl } = context;
  await sandboxParts.seed(context);
  const ledger = await running.add(sandboxParts.startLedger(context), stop);
  const agencies = await running.add(startAgenciesChild(context), stop);
  const places = await placesOf(context, ledger.ready, agencies.ready);
  const gatewayOptions: GatewayOptions = { config, places, databaseUrl: databaseUrl("gateway") };
  const gateway = await running.add(
    startWorker<GatewayReady, GatewayQuestions>({
      module: "gateway-process",
      options: gatewayOptions,
      flags: GATEWAY_FLAGS,
    }),
    stop,
  );
  const databases = sandboxParts.databases.map((name) => [name, databaseUrl(name)] as const);
  const bareOptions: BareOptions = { databaseUrls: Object.fromEntries(databases) };
  const bare = await running.add(
    startWorker<BareReady, BareQuestions>({ module: "bare-process", options: bareOptions }),
    stop,
  );
  const load = await running.add(
    startWorker<null, LoadQuestions>({ module: "load-process", options: { core: null } }),
    stop,
  );
  return {
    ...{ gateway, bare, load },
    question: await questioner(context),
    agencyAt: agenciesByPlace(context, places),
    close: () => running.stop(),
  };
}

async function startAgenciesChild(context: PartContext) {
  const options: AgenciesChildOptions = { world: context.world, trust: await trustOf(context) };
  return startChild<AgencyPlaces>({ name: "the agencies", module: AGENCIES, options });
}

async function questioner({ world, data }: PartContext): Promise<Deployment["question"]> {
  const cast = createCast(createWorld(world));
  const issuer = await openIssuer(data);
  const { ids } = await loadSecrets(data);
  return async ({ role, purpose, issue, query }) => {
    const member = defaultMember(role);
    const staff = cast.firstWithWork(role, member).staffId;
    const token = await issuer.mintToken({ role, member, staff });
    const id = issue && sealId(ids, member as MemberAddress, "Case", cast.cases[issue].uid as Uid);
    return {
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        "x-purpose": purpose,
        ...(id ? { "x-issue": id } : {}),
      },
      body: JSON.stringify({ query, variables: id ? { id } : {} }),
    };
  };
}

function agenciesByPlace(
  { config }: PartContext,
  { urls, ledger }: GatewayOptions["places"],
): Deployment["agencyAt"] {
  const agencies = new Map<string, string>();
  for (const { code, kind, members } of config.agencies) {
    if (kind === "sql") agencies.set(code.toLowerCase(), code);
    if (kind === "ledger") agencies.set(new URL(ledger.spineUrl).origin, code);
    for (const { address } of members) {
      const url = urls.get(address);
      if (url !== undefined) agencies.set(new URL(url).origin, code);
    }
  }
  return (place) => agencies.get(place) ?? "GW";
}
