/**
 * A subgraph over one REST agency (or one of its members), in the form that `inProcessBackend` takes.
 *
 * Context  made for every fetch, from calls in the name of that fetch's reader: what one reader is given never reaches
 *          another through a loader.
 */
import type { GraphQLSchema } from "graphql";
import type { InProcessOptions } from "../../src/connectors/in-process.ts";
import type { RestCalls, RestClient } from "../../src/connectors/rest.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";

export interface RestSubgraphOptions {
  /** Client of the agency, or of the member; closed by whoever made it. */
  readonly client: RestClient;
}

export type RestSubgraph<Context> = Required<
  Pick<InProcessOptions<Context>, "subgraph" | "agency" | "schema" | "context">
>;

export interface RestSubgraphParts<Context> {
  readonly agency: AgencyCode;
  readonly schema: GraphQLSchema;
  readonly context: (calls: RestCalls) => Context;
}

export function restSubgraph<Context>(
  { agency, schema, context }: RestSubgraphParts<Context>,
  { client }: RestSubgraphOptions,
): RestSubgraph<Context> {
  return {
    subgraph: agency.toLowerCase() as SubgraphName,
    agency,
    schema,
    context: (request) => context(client.as(request)),
  };
}
