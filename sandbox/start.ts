/**
 * Starts every simulated server of the sandbox: REST agencies and Federation subgraphs. The agencies in PostgreSQL
 * need no server of ours, and the ledger is no simulation.
 *
 * In      the world, and how a member verifies the gateway's token.
 * Out     where each member is, what it was asked, what can be made to go wrong with it.
 */
import {
  type FederationAgencies,
  type FederationAgenciesOptions,
  startFederationAgencies,
} from "./federation.ts";
import { type RestAgencies, type RestAgenciesOptions, startRestAgencies } from "./rest.ts";
import type { AgencyCode } from "./synth/codes.ts";
import { addressOf } from "./synth/members.ts";

export type AgenciesOptions = RestAgenciesOptions & FederationAgenciesOptions;

export interface Agencies {
  readonly rest: RestAgencies;
  readonly federation: FederationAgencies;
  /** URL of each member's server, by its address. */
  readonly urls: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export async function startAgencies(options: AgenciesOptions): Promise<Agencies> {
  const rest = await startRestAgencies(options);
  const federation = await startFederationAgencies(options).catch(async (error: unknown) => {
    await closeAll(rest);
    throw error;
  });
  const servers = Object.entries({ ...rest, ...federation });
  return {
    rest,
    federation,
    urls: new Map(servers.map(([name, { url }]) => [memberOf(name), url])),
    close: async () => {
      await Promise.all([closeAll(rest), closeAll(federation)]);
    },
  };
}

/** Servers are named by the agency's code, or by the member's address where there are several. */
const memberOf = (name: string): string => (name.includes("/") ? name : addressOf(name as AgencyCode));

const closeAll = async (servers: Readonly<Record<string, { close(): Promise<void> }>>): Promise<void> => {
  await Promise.all(Object.values(servers).map((server) => server.close()));
};
