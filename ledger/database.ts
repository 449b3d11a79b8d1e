/**
 * The ledger's database: a pool of connections, typed statements, and text for what PostgreSQL calls dates.
 *
 * Instants are `timestamptz(3)` and read as ISO 8601 UTC, dates as `YYYY-MM-DD`: no JavaScript `Date` in between, which
 * would move a date by the time zone of the process. Column names are snake_case in SQL and camelCase here.
 */
import { CamelCasePlugin, Kysely, PostgresDialect, type RawBuilder, sql } from "kysely";
import type pg from "pg";
import { createPool } from "../src/connectors/pg-pool.ts";
import { TEXT_VALUES } from "../src/connectors/sql-values.ts";
import type * as S from "./tables.ts";
import type * as C from "./tables-content.ts";

interface LedgerTables {
  readonly member: S.MemberTable;
  readonly caseFile: S.CaseFileTable;
  readonly relatedCase: S.RelatedCaseTable;
  readonly trackEvent: S.TrackEventTable;
  readonly caseParty: S.CasePartyTable;
  readonly person: S.PersonTable;
  readonly consent: S.ConsentTable;
  readonly consentRecipient: S.ConsentRecipientTable;
  readonly referral: S.ReferralTable;
  readonly caseStaff: S.CaseStaffTable;
  readonly caseOverlay: S.CaseOverlayTable;
  readonly agencyEvent: S.AgencyEventTable;
  readonly report: C.ReportTable;
  readonly screening: C.ScreeningTable;
  readonly screeningFinding: C.ScreeningFindingTable;
  readonly screeningDimension: C.ScreeningDimensionTable;
  readonly exploitation: C.ExploitationTable;
  readonly traffickingEvent: C.TraffickingEventTable;
  readonly victimStatement: C.VictimStatementTable;
  readonly supportPlan: C.SupportPlanTable;
  readonly serviceDelivery: C.ServiceDeliveryTable;
  readonly facility: C.FacilityTable;
  readonly shelterStay: C.ShelterStayTable;
  readonly healthAssessment: C.HealthAssessmentTable;
  readonly caseNote: C.CaseNoteTable;
  readonly returnPlan: C.ReturnPlanTable;
  readonly file: C.FileTable;
  readonly filePiece: C.FilePieceTable;
}

export type LedgerDatabase = Kysely<LedgerTables>;

export interface DatabaseOptions {
  readonly url: string;
  readonly connections?: number;
  /** Told the text of every statement; for tests and for the log. */
  readonly onStatement?: (sql: string) => void;
}

const DEFAULT_CONNECTIONS = 8;
/** A statement that takes longer is given up: the gateway has stopped waiting by then. */
const STATEMENT_TIMEOUT_MS = 5_000;

export const openPool = ({ url, connections = DEFAULT_CONNECTIONS }: DatabaseOptions): pg.Pool =>
  createPool({ url, connections, timeoutMs: STATEMENT_TIMEOUT_MS, types: TEXT_VALUES });

export function openDatabase(pool: pg.Pool, { onStatement }: DatabaseOptions): LedgerDatabase {
  return new Kysely<LedgerTables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    ...(onStatement ? { log: ({ query }) => onStatement(query.sql) } : {}),
  });
}

/** `= any($1)`: one parameter and one text, however long the list is. */
export const anyOf = (values: readonly string[]): RawBuilder<string> => sql<string>`any(${values}::text[])`;
