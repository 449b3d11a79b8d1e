/**
 * One backend for each subgraph of the supergraph, by how its agency joins (docs/architecture.md, "Agencies").
 *
 * In      where every member is (a URL, or a PostgreSQL connection URL), and the ledger's endpoints.
 * Out     backends behind the link boundary; the ledger's speak uids and stand without it. The gateway's own is each version's.
 *         Whoever is suspended is asked nothing.
 * Adding an agency by REST or SQL is a line in `resolvers/index.ts`; a Federation subgraph over HTTP needs none.
 */
import type { GraphQLSchema } from "graphql";
import { REST, SQL } from "../../resolvers/index.ts";
import type { Config } from "../config/config.ts";
import type { Addresses } from "../connectors/addresses.ts";
import { graphqlHttp } from "../connectors/graphql-http.ts";
import { type InProcessOptions, inProcessBackend } from "../connectors/in-process.ts";
import { linkBoundary } from "../connectors/link-boundary.ts";
import { withEntities } from "../connectors/link-query.ts";
import type { LinkTable } from "../connectors/link-table.ts";
import type { OutboundTokens } from "../connectors/outbound-token.ts";
import { createRestClient } from "../connectors/rest.ts";
import type { Statement } from "../connectors/sql.ts";
import { suspendable } from "../connectors/suspendable.ts";
import type { FollowedSuspensions } from "../connectors/suspensions.ts";
import { withCodes } from "../connectors/with-codes.ts";
import type { Backend } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";

/** Where the members are. */
export interface Places {
  /** Servers of members of kind `rest` and `federation`. */
  readonly urls: ReadonlyMap<string, string>;
  /** Databases of members of kind `sql`. */
  readonly databases: ReadonlyMap<string, string>;
  readonly ledger: { readonly spineUrl: string; readonly contentUrl: string; readonly filesUrl: string };
}

export interface BackendParts {
  readonly config: Pick<Config, "agencies" | "limits">;
  readonly supergraph: Supergraph;
  readonly places: Places;
  readonly links: LinkTable;
  readonly outbound: OutboundTokens;
  readonly addresses: Addresses;
  readonly suspensions: FollowedSuspensions;
  /** Faults of resolvers, for the log. */
  readonly onFault: (error: unknown) => void;
  /** Hears of every statement to an agency's database, for tests. */
  readonly onStatement?: (member: string, statement: Statement) => void;
}

export interface Backends {
  readonly all: ReadonlyMap<SubgraphName, Backend>;
  close(): Promise<void>;
}

type AnySubgraph = Pick<InProcessOptions<unknown>, "subgraph" | "agency" | "context"> & {
  readonly schema: GraphQLSchema;
};

type Agency = BackendParts["config"]["agencies"][number];
type Member = Agency["members"][number];

export function createBackends(parts: BackendParts): Backends {
  const { config, supergraph, links } = parts;
  const closing: (() => Promise<void>)[] = [];
  const all = new Map<SubgraphName, Backend>();
  const schema = withEntities(supergraph.fullSchema);
  for (const agency of config.agencies) {
    if (agency.kind === "ledger") {
      for (const backend of ledgerBackends(parts, agency, closing)) all.set(backend.subgraph, backend);
      continue;
    }
    const subgraph = agency.code.toLowerCase() as SubgraphName;
    if (!supergraph.subgraphs.has(subgraph)) continue;
    const members = new Map<MemberAddress, Backend>();
    for (const member of agency.members) {
      const backend = memberBackend(parts, agency, member, closing);
      members.set(
        member.address as MemberAddress,
        suspendable(backend, audienceOf(agency, member), parts.suspensions),
      );
    }
    const wireKey = agency.kind === "federation" ? "ref" : "uid";
    all.set(
      subgraph,
      linkBoundary({ subgraph, agency: agency.code as AgencyCode, members, links, schema, wireKey }),
    );
  }
  return { all, close: async () => void (await Promise.allSettled(closing.map((close) => close()))) };
}

function memberBackend(
  parts: BackendParts,
  agency: Agency,
  member: Member,
  closing: (() => Promise<void>)[],
): Backend {
  if (agency.kind === "federation") {
    const backend = graphqlHttp({
      ...exchangeOf(parts, agency, placeOf(parts.places.urls, member.address)),
      subgraph: agency.code.toLowerCase() as SubgraphName,
      subscriptions: member.subscriptions,
      tell: (request) => parts.outbound.tell(audienceOf(agency, member), request.reader),
    });
    closing.push(backend.close);
    return backend;
  }
  const subgraph =
    agency.kind === "rest"
      ? restMember(parts, agency, member, closing)
      : sqlMember(parts, agency, member, closing);
  return inProcessBackend({
    ...subgraph,
    schema: withCodes(subgraph.schema, parts.supergraph.fullSchema),
    timeoutMs: parts.config.limits.agencyTimeoutMs,
    onFault: parts.onFault,
  });
}

function restMember(
  parts: BackendParts,
  agency: Agency,
  member: Member,
  closing: (() => Promise<void>)[],
): AnySubgraph {
  const make = known(REST, agency);
  const client = createRestClient({
    ...exchangeOf(parts, agency, placeOf(parts.places.urls, member.address)),
    tell: (request) => parts.outbound.tell(audienceOf(agency, member), request.reader),
  });
  closing.push(client.close);
  return make({ client }) as AnySubgraph;
}

function sqlMember(
  parts: BackendParts,
  agency: Agency,
  member: Member,
  closing: (() => Promise<void>)[],
): AnySubgraph {
  const { onStatement } = parts;
  const url = placeOf(parts.places.databases, member.address);
  const journal = onStatement && ((statement: Statement): void => onStatement(member.address, statement));
  const timeoutMs = parts.config.limits.agencyTimeoutMs;
  const { addresses } = parts;
  const subgraph = known(SQL, agency)({ url, timeoutMs, addresses, ...(journal ? { journal } : {}) });
  closing.push((subgraph as { close(): Promise<void> }).close);
  return subgraph as AnySubgraph;
}

/** The ledger is the product's own: it is told the whole reader, and its refusals of a cursor reach the caller. */
function ledgerBackends(
  parts: BackendParts,
  agency: Agency,
  closing: (() => Promise<void>)[],
): readonly Backend[] {
  const [member] = agency.members;
  if (!member) return [];
  const { spineUrl, contentUrl } = parts.places.ledger;
  const endpoints: readonly (readonly [string, string])[] = [
    ["epc_spine", spineUrl],
    ["epc_content", contentUrl],
  ];
  return endpoints.map(([name, url]) => {
    const backend = graphqlHttp({
      ...exchangeOf(parts, agency, url),
      subgraph: name as SubgraphName,
      keepCodes: new Set(["BAD_CURSOR", "BAD_USER_INPUT", "NOT_IMPLEMENTED"]),
      tell: (request) => parts.outbound.tell(audienceOf(agency, member), request.reader, { kind: "ledger" }),
    });
    closing.push(backend.close);
    return suspendable(backend, audienceOf(agency, member), parts.suspensions);
  });
}

export function exchangeOf(
  { config, addresses }: Pick<BackendParts, "config" | "addresses">,
  agency: Agency,
  baseUrl: string,
) {
  const { agencyTimeoutMs, agencyMaxBytes, agencyConcurrency, breakerFailures, breakerPauseMs } =
    config.limits;
  return {
    agency: agency.code as AgencyCode,
    ...{ baseUrl, addresses },
    timeoutMs: agencyTimeoutMs,
    maxReplyBytes: agencyMaxBytes,
    guard: { concurrent: agencyConcurrency, failures: breakerFailures, halfOpenAfterMs: breakerPauseMs },
  };
}

export const audienceOf = (agency: Agency, member: Member) => ({
  agency: agency.code as AgencyCode,
  member: member.address as MemberAddress,
});

function known<Factory>(factories: Readonly<Record<string, Factory>>, { code, kind }: Agency): Factory {
  const factory = factories[code];
  if (factory) return factory;
  throw new GatewayError("CONFIG_INVALID", "the configuration cannot be used", {
    problems: [`agencies: \`${code}\` of kind \`${kind}\` has no resolvers in this build`],
  });
}

function placeOf(places: ReadonlyMap<string, string>, member: string): string {
  const place = places.get(member);
  if (place !== undefined) return place;
  throw new GatewayError("CONFIG_INVALID", "the configuration cannot be used", {
    problems: [`agencies: no server or database is known for \`${member}\``],
  });
}
