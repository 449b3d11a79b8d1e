/**
 * The REST agencies of a tiny world, asked as the gateway asks them: real servers, real tokens, real connectors.
 * No link boundary: tests take keys from the world's rows.
 */
import { randomBytes } from "node:crypto";
import { generateKeyPair } from "jose";
import {
  type RestAgencies,
  type RestAgenciesOptions,
  type RestAgency,
  startRestAgencies,
} from "../../sandbox/rest.ts";
import { addressOf } from "../../sandbox/synth/members.ts";
import { createWorld, SEED, type World } from "../../sandbox/synth/world.ts";
import { type InProcessOptions, inProcessBackend } from "../../src/connectors/in-process.ts";
import { createOutboundTokens } from "../../src/connectors/outbound-token.ts";
import { createOutboundVerifier } from "../../src/connectors/outbound-verifier.ts";
import { createRestClient, type RestClient } from "../../src/connectors/rest.ts";
import type { OutboundReader, SubgraphReply } from "../../src/execute/backend.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";

export const READER: OutboundReader = {
  requestId: "request-1",
  agency: "EPC",
  member: "BH/GOV/LMRA/epc",
  staff: "epc-caseWorker-1",
  role: "EPC.caseWorker",
  purpose: "SHELTER_CARE",
  issue: "0198aaaa-0000-7000-8000-000000000001",
};
const GATEWAY = "https://gateway.test";

export interface RestHarness {
  readonly world: World;
  readonly agencies: RestAgencies;
  /** `authorization` of the gateway towards one agency, for tests that talk to it directly. */
  bearer(name: RestAgency): Promise<string>;
  client(name: RestAgency, options?: { readonly timeoutMs?: number }): RestClient;
  close(): Promise<void>;
}

export async function restHarness(
  options: Partial<Omit<RestAgenciesOptions, "world" | "verify">> & { readonly canary?: boolean } = {},
): Promise<RestHarness> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  const world = createWorld({ seed: SEED, scale: "tiny", canary: options.canary ?? false });
  const verify = (audience: string) => createOutboundVerifier({ gateway: GATEWAY, audience, publicKey });
  const agencies = await startRestAgencies({ igaPerSecond: 1_000, ...options, world, verify });
  const tokens = createOutboundTokens({
    gateway: GATEWAY,
    privateKey,
    keyId: "k1",
    pseudonymRoot: randomBytes(32),
  });
  const clients: RestClient[] = [];
  const tell = (name: RestAgency, reader: OutboundReader) => tokens.tell(audienceOf(name), reader);
  return {
    world,
    agencies,
    bearer: async (name) => String((await tell(name, READER)).headers["authorization"]),
    client: (name, more = {}) => {
      const client = createRestClient({
        agency: audienceOf(name).agency,
        baseUrl: agencies[name].url,
        tell: ({ reader }) => tell(name, reader),
        guard: { failures: 1_000 },
        ...more,
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all(Object.values(agencies).map((server) => server.close()));
    },
  };
}

function audienceOf(name: RestAgency): { readonly agency: AgencyCode; readonly member: MemberAddress } {
  const member = name.includes("/") ? name : addressOf(name as Exclude<RestAgency, `BH/${string}`>);
  return { agency: (name.includes("/") ? "NGO" : name) as AgencyCode, member: member as MemberAddress };
}

/** Asks a subgraph for entities of one type by its own keys, as the link boundary would. */
export function asker<Context>(
  subgraph: Pick<InProcessOptions<Context>, "subgraph" | "agency" | "schema" | "context">,
) {
  const backend = inProcessBackend(subgraph);
  return (
    type: string,
    keys: readonly string[],
    selection: string,
    reader: OutboundReader = READER,
  ): Promise<SubgraphReply> =>
    backend.fetch({
      query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${selection} } } }`,
      kind: "query",
      variables: { representations: keys.map((uid) => ({ __typename: type, uid })) },
      reader,
      signal: new AbortController().signal,
    });
}

/** Plain objects, so that rows of a reply (null prototypes) compare with rows of the world. */
export const plainly = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export const entitiesOf = ({ data }: SubgraphReply): readonly unknown[] =>
  plainly(data?.["_entities"]) as readonly unknown[];
