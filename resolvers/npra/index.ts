/** Passports and residence (NPRA) as a subgraph: one batched call for each kind of record that a fetch selects. */
import { type RestSubgraph, type RestSubgraphOptions, restSubgraph } from "../shared/rest-subgraph.ts";
import { buildSubgraph, type SubgraphClasses } from "../shared/subgraph.ts";
import { NPRA, type NpraContext, npraContext } from "./loaders.ts";
import { Passport, Person, ReturnPlan } from "./types.ts";

export const npraClasses: SubgraphClasses<NpraContext> = {
  resolvers: [Person],
  entities: [Person, Passport, ReturnPlan],
  references: {
    Person: ({ uid }) => Object.assign(new Person(), { uid }),
    Passport: ({ uid }, { documents }) => documents.load(String(uid)),
    ReturnPlan: ({ uid }, { departures }) => departures.load(String(uid)),
  },
};

export function npraSubgraph(options: RestSubgraphOptions): RestSubgraph<NpraContext> {
  return restSubgraph({ agency: NPRA, schema: buildSubgraph(npraClasses), context: npraContext }, options);
}
