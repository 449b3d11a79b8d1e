/** One society (NGO) as a subgraph: each member has a subgraph and a client of its own, and its own survivor codes. */
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type RecordLoader, recordLoader } from "../shared/records.ts";
import { type RestSubgraph, type RestSubgraphOptions, restSubgraph } from "../shared/rest-subgraph.ts";
import { buildSubgraph, type SubgraphClasses } from "../shared/subgraph.ts";
import { clientRecord } from "./client-record.ts";
import { CaseParty } from "./types.ts";

const NGO = "NGO" as AgencyCode;

export interface NgoContext {
  readonly clients: RecordLoader<CaseParty>;
}

const ngoContext = (calls: RestCalls): NgoContext => ({
  clients: recordLoader(calls, {
    agency: NGO,
    path: "/clients",
    shape: clientRecord,
    keyOf: ({ uid }) => uid,
  }),
});

export const ngoClasses: SubgraphClasses<NgoContext> = {
  resolvers: [CaseParty],
  entities: [CaseParty],
  references: { CaseParty: ({ uid }, { clients }) => clients.load(String(uid)) },
};

export function ngoSubgraph(options: RestSubgraphOptions): RestSubgraph<NgoContext> {
  return restSubgraph({ agency: NGO, schema: buildSubgraph(ngoClasses), context: ngoContext }, options);
}
