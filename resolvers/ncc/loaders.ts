/** What one fetch asks the national committee's database: one statement for each kind of row. */
import DataLoader from "dataloader";
import { type Selectable, sql as text } from "kysely";
import type { Sql } from "../../src/connectors/sql.ts";
import { latestByKey, oneByKey } from "../shared/loaders.ts";
import { dinars } from "../shared/values.ts";
import type { NccDatabase } from "./database.ts";
import type * as T from "./types.ts";

/** Of one case, at most. */
const MOST_PAYMENTS = 100;

export type NccContext = ReturnType<typeof nccContext>;
type Row<Table extends keyof NccDatabase> = Selectable<NccDatabase[Table]>;

export const nccContext = (sql: Sql<NccDatabase>) => ({
  sql,
  payments: oneByKey(sql, { table: "fund_payment", key: "ref" }, compensationRecord),
  paymentsOf: latestByKey(
    sql,
    { table: "fund_payment", key: "case_ref", order: ["paid_on", "ref"], last: MOST_PAYMENTS },
    (row) => ({ kind: row.kind, record: compensationRecord(row) }),
  ),
  recommendations: oneByKey(sql, { table: "recommendation", key: "number" }, recommendationRecord),
  reports: oneByKey(sql, { table: "report", key: "number" }, reportRecord),
  tables: tablesByRef(sql),
});

export const tableRecord = ({ code, year, method, cells }: Row<"release_table">): T.AggregateTable => ({
  code,
  year,
  method,
  cells,
});

export function reportRecord(row: Row<"report">): T.NationalReport {
  const { number: uid, kind, status, assignees, cites } = row;
  return { uid, kind, period: { from: row.period_from, until: row.period_until }, status, assignees, cites };
}

function recommendationRecord(row: Row<"recommendation">): T.Recommendation {
  const { number: uid, source, assignees, status, evidence, published } = row;
  return { uid, source, text: { ar: row.text_ar, en: row.text_en }, assignees, status, evidence, published };
}

function compensationRecord(row: Row<"fund_payment">): T.Compensation {
  return { uid: row.ref, source: row.source, amount: dinars(row.amount), paidOn: row.paid_on };
}

/** Released tables by code and year; null for one that was not released. */
function tablesByRef(sql: Sql<NccDatabase>): DataLoader<T.AggregateRef, T.AggregateTable | null, string> {
  const nameOf = ({ code, year }: T.AggregateRef) => `${code} ${year}`;
  return new DataLoader(
    async (refs) => {
      const codes = refs.map(({ code }) => code);
      const years = refs.map(({ year }) => year);
      const rows = await sql.ask((db) =>
        db
          .selectFrom("release_table")
          .selectAll()
          .where(text<boolean>`(code, year) in (select * from unnest(${codes}::text[], ${years}::int[]))`)
          .execute(),
      );
      const found = new Map(rows.map((row) => [nameOf(row), tableRecord(row)]));
      return refs.map((ref) => found.get(nameOf(ref)) ?? null);
    },
    { cacheKeyFn: nameOf },
  );
}
