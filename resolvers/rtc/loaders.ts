/** What one fetch asks the training centre's database: one statement for each kind of row. */
import type { Selectable } from "kysely";
import type { Sql } from "../../src/connectors/sql.ts";
import { latestByKey, oneByKey } from "../shared/loaders.ts";
import type { RtcDatabase } from "./database.ts";
import type * as T from "./types.ts";

/** Certificates of one person, and runs of one programme, at most. */
const MOST_ROWS = 100;

export type RtcContext = ReturnType<typeof rtcContext>;
type Row<Table extends keyof RtcDatabase> = Selectable<RtcDatabase[Table]>;

export const rtcContext = (sql: Sql<RtcDatabase>) => ({
  sql,
  holders: oneByKey(sql, { table: "holder", key: "holder_no" }, (row): T.Staff => ({ uid: row.holder_no })),
  trainers: oneByKey(sql, { table: "trainer", key: "number" }, trainerRecord),
  certificates: oneByKey(sql, { table: "certificate", key: "number" }, certificateRecord),
  programmes: oneByKey(sql, { table: "programme", key: "number" }, programmeRecord),
  knowledge: oneByKey(sql, { table: "knowledge", key: "number" }, knowledgeRecord),
  certificatesOf: latestByKey(
    sql,
    { table: "certificate", key: "holder_no", order: ["valid_until", "number"], last: MOST_ROWS },
    certificateRecord,
  ),
  runsOf: latestByKey(
    sql,
    { table: "run", key: "programme_no", order: ["starts_on"], last: MOST_ROWS },
    runRecord,
  ),
});

export const trainerRecord = (row: Row<"trainer">): T.Trainer => ({
  uid: row.number,
  staff: { uid: row.holder_no },
  certifiedBy: row.certified_by,
  agency: { address: row.member, code: row.agency },
});

export const programmeRecord = (row: Row<"programme">): T.Programme => ({
  uid: row.number,
  title: { ar: row.title_ar, en: row.title_en },
  published: row.published,
});

function certificateRecord(row: Row<"certificate">): T.Certification {
  const { number: uid, skill, holder_no, member, valid_until: validUntil } = row;
  return { uid, skill, holder: { uid: holder_no }, validUntil, member };
}

function knowledgeRecord(row: Row<"knowledge">): T.KnowledgeItem {
  const { number: uid, kind, title_ar: ar, title_en: en, published } = row;
  return { uid, kind, title: { ar, en }, published };
}

function runRecord({ starts_on: from, ends_on: until, place, seats }: Row<"run">): T.CourseRun {
  return { from, until, place, seats };
}
