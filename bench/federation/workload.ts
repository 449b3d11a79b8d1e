/** What a federated benchmark runs on: subgraphs with their data, the same data in one schema, and questions with good plans. */
import { makeExecutableSchema } from "@graphql-tools/schema";
import type { IResolvers } from "@graphql-tools/utils";
import { type GraphQLSchema, graphql, parse } from "graphql";
import type { FederatedSchemaOptions } from "../../src/connectors/federated-schema.ts";
import { compose } from "../../src/supergraph/compose.ts";

export interface Subgraph extends FederatedSchemaOptions<unknown> {
  readonly name: string;
}

export interface Workload {
  readonly subgraphs: readonly Subgraph[];
  /** The same data without federation: what every answer is compared with. */
  readonly whole: GraphQLSchema;
}

/** One request, as a client words it. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface SubgraphCall {
  /** Of a subgraph, whose path on the server is its name. */
  readonly subgraph: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Calls of a plan that none is better than: bare Node makes these. */
export type GoodPlan = readonly (readonly SubgraphCall[])[];

export interface Planned {
  readonly operation: Operation;
  readonly plan: GoodPlan;
}

export const wholeSchema = (typeDefs: string, resolvers: IResolvers): GraphQLSchema =>
  makeExecutableSchema({ typeDefs, resolvers });

/** The JSON text of the answer that graphql-js gives; throws on one with errors. */
export async function trueAnswer({ whole }: Workload, { query, variables }: Operation): Promise<string> {
  const result = await graphql({ schema: whole, source: query, variableValues: variables ?? {} });
  if (result.errors) throw new AggregateError(result.errors, "the truth has errors");
  return JSON.stringify(result);
}

/** The supergraph whose subgraphs are at that origin, each at the path of its name. */
export function supergraphOf({ subgraphs }: Workload, origin: string): string {
  const { sdl, problems } = compose(
    subgraphs.map(({ name, typeDefs }) => ({ name, complete: parse(typeDefs) })),
  );
  if (sdl === null) throw new Error(["the subgraphs do not compose", ...problems].join("\n"));
  return subgraphs.reduce((text, { name }) => text.replace(`"subgraph:${name}"`, `"${origin}/${name}"`), sdl);
}

/** Header of a subgraph that uses Federation 2. */
export const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@provides", "@shareable"])`;

/** An entity call, as gateways word it: one list of representations. */
export const entities = (
  subgraph: string,
  selection: string,
  representations: readonly object[],
): SubgraphCall => ({
  subgraph,
  query: `query($r:[_Any!]!){_entities(representations:$r){${selection}}}`,
  variables: { r: representations },
});
