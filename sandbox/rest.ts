/**
 * Starts the REST agencies of the sandbox: IGA, NPRA, MOI, CRT, and one server for each society (NGO).
 *
 * In      the world; `verify`, which makes the verifier of the gateway's token for one member (its address is the
 *         token's audience); ports (any, unless given) and latencies by name.
 * Latency NPRA takes 300–800 ms in `demo` and 2–5 ms in `tiny` (agencies.md §1); the others answer at once.
 * Errors  when one cannot start, those that did are closed again.
 */
import type { Clock } from "../src/kernel/clock.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { isOpenAt, type NightWindow } from "./crt/night.ts";
import { crtRoutes } from "./crt/routes.ts";
import type { Route } from "./http/route.ts";
import {
  type Latency,
  type RestServer,
  type RestServerOptions,
  startRestServer,
  type Verify,
} from "./http/server.ts";
import { IGA_PER_SECOND, igaRoutes } from "./iga/routes.ts";
import { moiRoutes } from "./moi/routes.ts";
import { ngoRoutes } from "./ngo/routes.ts";
import { npraRoutes } from "./npra/routes.ts";
import { AMAN, addressOf, MWPS } from "./synth/members.ts";
import type { World } from "./synth/world.ts";

/** Agencies of one member by code, societies by address. */
export const REST_AGENCIES = ["IGA", "NPRA", "MOI", "CRT", MWPS, AMAN] as const;
export type RestAgency = (typeof REST_AGENCIES)[number];
export type RestAgencies = Readonly<Record<RestAgency, RestServer>>;

export interface RestAgenciesOptions {
  readonly world: World;
  readonly verify: (audience: string) => Verify;
  readonly ports?: Partial<Record<RestAgency, number>>;
  readonly latency?: Partial<Record<RestAgency, Latency>>;
  /** Requests a second that IGA takes. */
  readonly igaPerSecond?: number;
  /** When the court registry is off; never unless given. */
  readonly crtNight?: NightWindow;
  readonly clock?: Clock;
}

const NPRA_LATENCY: Readonly<Record<World["scale"], Latency>> = {
  tiny: { minMs: 2, maxMs: 5 },
  demo: { minMs: 300, maxMs: 800 },
};

export async function startRestAgencies(options: RestAgenciesOptions): Promise<RestAgencies> {
  const started = await Promise.allSettled(
    REST_AGENCIES.map(async (name) => [name, await start(name, options)] as const),
  );
  const servers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = started.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") {
    await Promise.all(servers.map(([, server]) => server.close()));
    throw failed.reason;
  }
  return Object.fromEntries(servers) as RestAgencies;
}

function start(name: RestAgency, options: RestAgenciesOptions): Promise<RestServer> {
  const { world, verify, ports = {}, latency = {} } = options;
  const audience = isMember(name) ? name : addressOf(name);
  return startRestServer({
    routes: routesOf(name, world),
    verify: verify(audience),
    port: ports[name] ?? 0,
    ...habits(name, options),
    ...(latency[name] ? { latency: latency[name] } : {}),
  });
}

const isMember = (name: RestAgency) => name === MWPS || name === AMAN;

function routesOf(name: RestAgency, world: World): readonly Route[] {
  if (name === "IGA") return igaRoutes(world);
  if (name === "NPRA") return npraRoutes(world);
  if (name === "MOI") return moiRoutes(world);
  if (name === "CRT") return crtRoutes(world);
  return ngoRoutes(world, name);
}

function habits(
  name: RestAgency,
  { world, igaPerSecond = IGA_PER_SECOND, crtNight, clock = systemClock }: RestAgenciesOptions,
): Pick<RestServerOptions, "latency" | "perSecond" | "isOpen"> {
  if (name === "IGA") return { perSecond: igaPerSecond };
  if (name === "NPRA") return { latency: NPRA_LATENCY[world.scale] };
  if (name === "CRT" && crtNight) return { isOpen: () => isOpenAt(crtNight, clock) };
  return {};
}
