/** The court registry (CRT) as a subgraph: cases by the victim's entry, trials by number, parties by the court's own. */
import { type RestSubgraph, type RestSubgraphOptions, restSubgraph } from "../shared/rest-subgraph.ts";
import { buildSubgraph, type SubgraphClasses } from "../shared/subgraph.ts";
import { CRT, type CrtContext, crtContext } from "./loaders.ts";
import { Case, Employer, Person, Trial } from "./types.ts";

export const crtClasses: SubgraphClasses<CrtContext> = {
  resolvers: [Case],
  entities: [Case, Trial, Person, Employer],
  references: {
    Case: ({ uid }) => Object.assign(new Case(), { uid }),
    Person: ({ uid }) => Object.assign(new Person(), { uid }),
    Trial: ({ uid }, { trials }) => trials.load(String(uid)),
    Employer: ({ uid }, { employers }) => employers.load(String(uid)),
  },
};

export function crtSubgraph(options: RestSubgraphOptions): RestSubgraph<CrtContext> {
  return restSubgraph({ agency: CRT, schema: buildSubgraph(crtClasses), context: crtContext }, options);
}
