/**
 * Starts the agencies that serve a Federation subgraph of their own over HTTP: the prosecution (PPO) and one server for
 * each foreign partner (EXT).
 *
 * In      the world; `verify`, which makes the verifier of the gateway's token for one member; ports (any, unless
 *         given) and latencies by name.
 * Out     servers by name; their URL is the subgraph's endpoint.
 * EXT     far away: 200–900 ms in `demo`, nearly at once in `tiny`; `extFlakyEvery` cuts every n-th request.
 * Errors  when one cannot start, those that did are closed again.
 */
import { extSubgraph } from "./ext/schema.ts";
import { GRAPHQL_PATH, graphqlRoute } from "./graphql/route.ts";
import { wireSdl } from "./graphql/wire-sdl.ts";
import { type Latency, type RestServer, startRestServer, type Verify } from "./http/server.ts";
import { ppoSubgraph } from "./ppo/schema.ts";
import { addressOf, MEMBERS } from "./synth/members.ts";
import type { World } from "./synth/world.ts";

/** `PPO`, or the address of a foreign partner. */
export type FederationAgency = string;
export type FederationAgencies = Readonly<Record<FederationAgency, RestServer>>;

export const FOREIGN_PARTNERS: readonly string[] = MEMBERS.filter(({ agency }) => agency === "EXT").map(
  ({ address }) => address,
);
export const FEDERATION_AGENCIES: readonly FederationAgency[] = ["PPO", ...FOREIGN_PARTNERS];

export interface FederationAgenciesOptions {
  readonly world: World;
  readonly verify: (audience: string) => Verify;
  readonly ports?: Readonly<Record<FederationAgency, number>>;
  readonly latency?: Readonly<Record<FederationAgency, Latency>>;
  /** Every n-th request to a foreign partner is cut; none unless given. */
  readonly extFlakyEvery?: number;
}

const ABROAD: Readonly<Record<World["scale"], Latency>> = {
  tiny: { minMs: 2, maxMs: 5 },
  demo: { minMs: 200, maxMs: 900 },
};

export async function startFederationAgencies(
  options: FederationAgenciesOptions,
): Promise<FederationAgencies> {
  const started = await Promise.allSettled(
    FEDERATION_AGENCIES.map(async (name) => [name, await start(name, options)] as const),
  );
  const servers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = started.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") {
    await Promise.all(servers.map(([, server]) => server.close()));
    throw failed.reason;
  }
  return Object.fromEntries(servers);
}

async function start(name: FederationAgency, options: FederationAgenciesOptions): Promise<RestServer> {
  const { world, verify, ports = {}, latency = {}, extFlakyEvery = 0 } = options;
  const abroad = name !== "PPO";
  const subgraph = abroad
    ? extSubgraph(await wireSdl("ext"), world, name)
    : ppoSubgraph(await wireSdl("ppo"), world);
  const delay = latency[name] ?? (abroad ? ABROAD[world.scale] : undefined);
  const server = await startRestServer({
    routes: [graphqlRoute(subgraph)],
    verify: verify(abroad ? name : addressOf("PPO")),
    port: ports[name] ?? 0,
    ...(delay ? { latency: delay } : {}),
  });
  if (abroad) server.faults.flaky(extFlakyEvery);
  return { ...server, url: `${server.url}${GRAPHQL_PATH}` };
}
