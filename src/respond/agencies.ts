/** Whose fault a fault is: the agency behind a subgraph, or behind a field. What is nobody's is the gateway's own, `GW`. */
import type { SubgraphName } from "../kernel/brands.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import type { Agencies } from "./errors.ts";

export function agenciesOf({ subgraphs, fields }: Supergraph): Agencies {
  const ofSubgraph = (subgraph: SubgraphName): string => subgraphs.get(subgraph)?.agency ?? "GW";
  return {
    ofSubgraph,
    ofField: (field) => {
      const server = field === null ? undefined : fields.get(field)?.servedBy[0];
      return server === undefined ? "GW" : ofSubgraph(server);
    },
  };
}
