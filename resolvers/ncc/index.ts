/** The national committee (NCC) as a subgraph over its PostgreSQL: cases by fund file, awards by the fund's payment. */
import {
  buildSubgraph,
  type SqlSubgraph,
  type SqlSubgraphOptions,
  type SubgraphClasses,
  sqlSubgraph,
} from "../shared/subgraph.ts";
import type { NccDatabase } from "./database.ts";
import { type NccContext, nccContext } from "./loaders.ts";
import { OWNERSHIP, ReportResolver, TableResolver } from "./resolvers.ts";
import { Case, Compensation, NationalReport, NationalReportChanged, Recommendation } from "./types.ts";

/** A fund file is there when anything was paid; a court's award that the fund paid is no grant. */
async function fundFile(uid: string, { paymentsOf }: NccContext): Promise<Case | null> {
  const payments = await paymentsOf.load(uid);
  if (payments.length === 0) return null;
  return { uid, fundGrants: payments.flatMap(({ kind, record }) => (kind === "grant" ? [record] : [])) };
}

export const nccClasses: SubgraphClasses<NccContext> = {
  resolvers: [TableResolver, ReportResolver, ...OWNERSHIP],
  entities: [Case, Compensation, Recommendation, NationalReport, NationalReportChanged],
  references: {
    Case: ({ uid }, context) => fundFile(String(uid), context),
    Compensation: ({ uid }, { payments }) => payments.load(String(uid)),
    Recommendation: ({ uid }, { recommendations }) => recommendations.load(String(uid)),
    NationalReport: ({ uid }, { reports }) => reports.load(String(uid)),
  },
};

export const nccSubgraph = (options: SqlSubgraphOptions): SqlSubgraph<NccContext, NccDatabase> =>
  sqlSubgraph("ncc", { schema: buildSubgraph(nccClasses), context: nccContext }, options);
