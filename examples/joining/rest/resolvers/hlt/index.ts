/** The insurance register (HLT) as a subgraph over REST: people by insurance number, one batched call a fetch. */
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type RecordLoader, recordLoader } from "../shared/records.ts";
import { type RestSubgraph, type RestSubgraphOptions, restSubgraph } from "../shared/rest-subgraph.ts";
import { buildSubgraph } from "../shared/subgraph.ts";
import { insuredRecord, Person } from "./types.ts";

const HLT = "HLT" as AgencyCode;

interface HltContext {
  readonly insured: RecordLoader<Person>;
}

/** Fresh for every fetch: what one reader is given never reaches another through a loader. */
const context = (calls: RestCalls): HltContext => ({
  insured: recordLoader(calls, {
    agency: HLT,
    path: "/insured",
    shape: insuredRecord,
    keyOf: ({ uid }) => uid,
  }),
});

export function hltSubgraph(options: RestSubgraphOptions): RestSubgraph<HltContext> {
  const schema = buildSubgraph<HltContext>({
    resolvers: [Person],
    entities: [Person],
    references: { Person: ({ uid }, { insured }) => insured.load(String(uid)) },
  });
  return restSubgraph({ agency: HLT, schema, context }, options);
}
