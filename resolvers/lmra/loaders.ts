/** What one fetch asks the labour authority's database: one statement for each kind of row, whatever the number of keys. */
import { type RawBuilder, sql as text } from "kysely";
import type { Sql } from "../../src/connectors/sql.ts";
import { byArguments, latestByKey, oneByKey } from "../shared/loaders.ts";
import type { LmraDatabase } from "./database.ts";
import * as record from "./records.ts";

export type LmraContext = ReturnType<typeof lmraContext>;

export interface WantedWages {
  readonly last: number;
  /** Months `YYYY-MM`, both included; null leaves that end open. */
  readonly from: string | null;
  readonly until: string | null;
}

export const lmraContext = (sql: Sql<LmraDatabase>) => ({
  sql,
  workers: oneByKey(sql, { table: "worker", key: "permit_no" }, record.workerRecord),
  workersOfPersons: oneByKey(sql, { table: "worker", key: "cpr" }, record.workerRecord),
  employers: oneByKey(sql, { table: "employer", key: "employer_no" }, record.employerRecord),
  complaints: oneByKey(sql, { table: "complaint", key: "number" }, record.complaintRecord),
  inspections: oneByKey(sql, { table: "inspection", key: "number" }, record.inspectionRecord),
  signals: oneByKey(sql, { table: "risk_signal", key: "number" }, record.signalRecord),

  // Of workers, by permit number.
  contracts: oneByKey(sql, { table: "contract", key: "permit_no" }, record.contractRecord),
  leftWork: oneByKey(sql, { table: "left_work", key: "permit_no" }, record.leftWorkRecord),
  employments: byArguments((last: number) =>
    latestByKey(
      sql,
      { table: "permit", key: "permit_no", order: ["valid_from"], last },
      record.employmentRecord,
    ),
  ),
  complaintsOf: byArguments((last: number) =>
    latestByKey(
      sql,
      { table: "complaint", key: "permit_no", order: ["filed_on", "number"], last },
      record.complaintRecord,
    ),
  ),
  wages: byArguments(({ last, ...period }: WantedWages) =>
    latestByKey(
      sql,
      { table: "wage_month", key: "permit_no", order: ["period"], last, where: within(period) },
      record.wageRecord,
    ),
  ),

  // Of employers, by employer number.
  inspectionsOf: byArguments((last: number) =>
    latestByKey(
      sql,
      { table: "inspection", key: "employer_no", order: ["visited_on", "number"], last },
      record.inspectionRecord,
    ),
  ),
  signalsOf: byArguments((last: number) =>
    latestByKey(
      sql,
      { table: "risk_signal", key: "employer_no", order: ["raised_at", "number"], last },
      record.signalRecord,
    ),
  ),
});

function within({ from, until }: Omit<WantedWages, "last">): RawBuilder<boolean> {
  const since = from === null ? text`true` : text`period >= ${from}`;
  const upTo = until === null ? text`true` : text`period <= ${until}`;
  return text<boolean>`${since} and ${upTo}`;
}
