/** The insurance register (HLT) as a subgraph over its PostgreSQL: people by insurance number, one statement a fetch. */
import type { Sql } from "../../src/connectors/sql.ts";
import { oneByKey } from "../shared/loaders.ts";
import { buildSubgraph, type SqlSubgraph, type SqlSubgraphOptions, sqlSubgraph } from "../shared/subgraph.ts";
import { type HltDatabase, Person } from "./types.ts";

type HltContext = ReturnType<typeof context>;

/** Fresh for every fetch: what one reader is given never reaches another through a loader. */
const context = (sql: Sql<HltDatabase>) => ({
  insured: oneByKey(
    sql,
    { table: "insured", key: "ins_no" },
    (row): Person => ({ uid: row.ins_no, insuredUntil: row.valid_until }),
  ),
});

export function hltSubgraph(options: SqlSubgraphOptions): SqlSubgraph<HltContext, HltDatabase> {
  const schema = buildSubgraph<HltContext>({
    resolvers: [Person],
    entities: [Person],
    references: { Person: ({ uid }, { insured }) => insured.load(String(uid)) },
  });
  return sqlSubgraph("hlt", { schema, context }, options);
}
