/** The population register (IGA) as a subgraph: people by personal number, one batched call a fetch. */
import { type RestSubgraph, type RestSubgraphOptions, restSubgraph } from "../shared/rest-subgraph.ts";
import { buildSubgraph, type SubgraphClasses } from "../shared/subgraph.ts";
import { IGA, type IgaContext, igaContext } from "./loaders.ts";
import { Person } from "./types.ts";

export const igaClasses: SubgraphClasses<IgaContext> = {
  resolvers: [Person],
  entities: [Person],
  references: { Person: ({ uid }, { persons }) => persons.load(String(uid)) },
};

export function igaSubgraph(options: RestSubgraphOptions): RestSubgraph<IgaContext> {
  return restSubgraph({ agency: IGA, schema: buildSubgraph(igaClasses), context: igaContext }, options);
}
