/** The police directorate (MOI) as a subgraph: cases by complainant's report, files by number, suspects by their own. */
import { type RestSubgraph, type RestSubgraphOptions, restSubgraph } from "../shared/rest-subgraph.ts";
import { buildSubgraph, type SubgraphClasses } from "../shared/subgraph.ts";
import { MOI, type MoiContext, moiContext } from "./loaders.ts";
import { Case, Investigation, Suspect } from "./types.ts";

export const moiClasses: SubgraphClasses<MoiContext> = {
  resolvers: [Case],
  entities: [Case, Investigation, Suspect],
  references: {
    Case: ({ uid }) => Object.assign(new Case(), { uid }),
    Investigation: ({ uid }, { files }) => files.load(String(uid)),
    Suspect: ({ uid }, { suspects }) => suspects.load(String(uid)),
  },
};

export function moiSubgraph(options: RestSubgraphOptions): RestSubgraph<MoiContext> {
  return restSubgraph({ agency: MOI, schema: buildSubgraph(moiClasses), context: moiContext }, options);
}
