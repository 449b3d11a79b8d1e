/**
 * The agencies of a tiny world that serve a Federation subgraph over HTTP, asked as the gateway asks them: real servers,
 * real tokens, the real connector. No link boundary: tests take keys from the world's rows.
 */
import { randomBytes } from "node:crypto";
import { generateKeyPair } from "jose";
import {
  type FederationAgencies,
  type FederationAgenciesOptions,
  type FederationAgency,
  startFederationAgencies,
} from "../../sandbox/federation.ts";
import { addressOf } from "../../sandbox/synth/members.ts";
import { createWorld, SEED, type World } from "../../sandbox/synth/world.ts";
import { graphqlHttp, type HttpBackend } from "../../src/connectors/graphql-http.ts";
import { createOutboundTokens } from "../../src/connectors/outbound-token.ts";
import { createOutboundVerifier } from "../../src/connectors/outbound-verifier.ts";
import type { SubgraphReply } from "../../src/execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName } from "../../src/kernel/brands.ts";
import { READER } from "./rest-agencies.ts";

const GATEWAY = "https://gateway.test";

export interface FederationHarness {
  readonly world: World;
  readonly agencies: FederationAgencies;
  bearer(name: FederationAgency): Promise<string>;
  /** Asks an agency for entities of one type by its own keys. */
  entities(
    name: FederationAgency,
    type: string,
    refs: readonly string[],
    selection: string,
  ): Promise<SubgraphReply>;
  close(): Promise<void>;
}

export async function federationHarness(
  options: Partial<Omit<FederationAgenciesOptions, "world" | "verify">> & {
    readonly canary?: boolean;
    readonly timeoutMs?: number;
  } = {},
): Promise<FederationHarness> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  const world = createWorld({ seed: SEED, scale: "tiny", canary: options.canary ?? false });
  const verify = (audience: string) => createOutboundVerifier({ gateway: GATEWAY, audience, publicKey });
  const agencies = await startFederationAgencies({ ...options, world, verify });
  const outbound = { gateway: GATEWAY, privateKey, keyId: "k1", pseudonymRoot: randomBytes(32) };
  const tokens = createOutboundTokens(outbound);
  const tell = (name: FederationAgency) => tokens.tell(audienceOf(name), READER);
  const backends = new Map(
    Object.entries(agencies).map(([name, { url }]): readonly [string, HttpBackend] => [
      name,
      graphqlHttp({
        agency: audienceOf(name).agency,
        subgraph: audienceOf(name).agency.toLowerCase() as SubgraphName,
        baseUrl: url,
        tell: () => tell(name),
        guard: { failures: 1_000 },
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      }),
    ]),
  );
  return {
    world,
    agencies,
    bearer: async (name) => String((await tell(name)).headers["authorization"]),
    entities: (name, type, refs, selection) =>
      backends.get(name)!.fetch({
        query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${selection} } } }`,
        kind: "query",
        variables: { representations: refs.map((ref) => ({ __typename: type, ref })) },
        reader: READER,
        signal: new AbortController().signal,
      }),
    close: async () => {
      await Promise.all([...backends.values()].map((backend) => backend.close()));
      await Promise.all(Object.values(agencies).map((server) => server.close()));
    },
  };
}

function audienceOf(name: FederationAgency): { readonly agency: AgencyCode; readonly member: MemberAddress } {
  const [agency, member] = name === "PPO" ? ["PPO", addressOf("PPO")] : ["EXT", name];
  return { agency: agency as AgencyCode, member: member as MemberAddress };
}
