/** The social ministry (MOSD) as a subgraph over its PostgreSQL: parties by care file, shelters by licence. */
import type { Sql } from "../../src/connectors/sql.ts";
import { latestByKey, oneByKey } from "../shared/loaders.ts";
import {
  buildSubgraph,
  type SqlSubgraph,
  type SqlSubgraphOptions,
  type SubgraphClasses,
  sqlSubgraph,
} from "../shared/subgraph.ts";
import type { MosdDatabase } from "./database.ts";
import { careRecord, decisionRecord, facilityRecord } from "./records.ts";
import { CaseParty, Facility } from "./types.ts";

/** Of one party, at most. */
const MOST_CARE_RECORDS = 100;

export type MosdContext = ReturnType<typeof mosdContext>;

const mosdContext = (sql: Sql<MosdDatabase>) => ({
  care: latestByKey(
    sql,
    { table: "care_record", key: "ry_no", order: ["ry_tr", "ry_sl"], last: MOST_CARE_RECORDS },
    careRecord,
  ),
  decisions: oneByKey(sql, { table: "status_decision", key: "qr_no" }, decisionRecord),
  facilities: oneByKey(sql, { table: "licence", key: "tr_no" }, facilityRecord),
});

/** A care file is there when anything is in it. */
async function party(uid: string, { care, decisions }: MosdContext): Promise<CaseParty | null> {
  const [records, statusDecision] = await Promise.all([care.load(uid), decisions.load(uid)]);
  if (records.length === 0 && statusDecision === null) return null;
  return { uid, statusDecision, careRecords: records.toReversed() };
}

export const mosdClasses: SubgraphClasses<MosdContext> = {
  resolvers: [CaseParty],
  entities: [CaseParty, Facility],
  references: {
    CaseParty: ({ uid }, context) => party(String(uid), context),
    Facility: ({ uid }, { facilities }) => facilities.load(String(uid)),
  },
};

export const mosdSubgraph = (options: SqlSubgraphOptions): SqlSubgraph<MosdContext, MosdDatabase> =>
  sqlSubgraph("mosd", { schema: buildSubgraph(mosdClasses), context: mosdContext }, options);
