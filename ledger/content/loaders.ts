/** Loaders of the content: one statement for each kind of row, whatever the number of cases on a page. */
import type DataLoader from "dataloader";
import { type LedgerContext, perContext } from "../context.ts";
import { anyOf, type LedgerDatabase } from "../database.ts";
import { listLoader, rowLoader } from "../loaders.ts";
import type { CasePartyTable, PersonTable } from "../tables.ts";
import type * as T from "../tables-content.ts";

type Rows<Row> = DataLoader<string, readonly Row[]>;
type MaybeRow<Row> = DataLoader<string, Row | null>;

export interface ContentLoaders {
  /** Nothing but whether there is such a case. */
  readonly cases: MaybeRow<{ readonly uid: string }>;
  readonly parties: MaybeRow<CasePartyTable>;
  readonly persons: MaybeRow<PersonTable>;
  readonly reports: MaybeRow<T.ReportTable>;
  readonly facilities: MaybeRow<T.FacilityTable>;
  readonly returnPlans: MaybeRow<T.ReturnPlanTable>;
  readonly reportOfCase: MaybeRow<T.ReportTable>;
  readonly screeningOfCase: MaybeRow<T.ScreeningTable>;
  readonly findingsOfCase: Rows<T.ScreeningFindingTable>;
  readonly dimensionsOfCase: Rows<T.ScreeningDimensionTable>;
  readonly exploitationOfCase: MaybeRow<T.ExploitationTable>;
  readonly eventsOfCase: Rows<T.TraffickingEventTable>;
  readonly statementsOfCase: Rows<T.VictimStatementTable>;
  readonly supportPlansOfCase: Rows<T.SupportPlanTable>;
  readonly servicesOfCase: Rows<T.ServiceDeliveryTable>;
  readonly staysOfCase: Rows<T.ShelterStayTable>;
  readonly healthOfCase: Rows<T.HealthAssessmentTable>;
  readonly notesOfCase: Rows<T.CaseNoteTable>;
  readonly returnPlanOfCase: MaybeRow<T.ReturnPlanTable>;
}

export const contentLoaders = perContext(({ db }: LedgerContext): ContentLoaders => {
  const uidOf = ({ uid }: { readonly uid: string }) => uid;
  const caseOf = ({ caseUid }: { readonly caseUid: string }) => caseUid;
  return {
    cases: rowLoader(
      (uids) => db.selectFrom("caseFile").select("uid").where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    parties: rowLoader(
      (uids) => db.selectFrom("caseParty").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    persons: rowLoader(
      (uids) => db.selectFrom("person").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    reports: rowLoader(
      (uids) => db.selectFrom("report").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    facilities: rowLoader(
      (uids) => db.selectFrom("facility").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    returnPlans: rowLoader(
      (uids) => db.selectFrom("returnPlan").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    reportOfCase: rowLoader(
      (uids) => db.selectFrom("report").selectAll().where("caseUid", "=", anyOf(uids)).execute(),
      caseOf,
    ),
    screeningOfCase: rowLoader(
      (uids) => db.selectFrom("screening").selectAll().where("caseUid", "=", anyOf(uids)).execute(),
      caseOf,
    ),
    findingsOfCase: listLoader(
      (uids) =>
        db
          .selectFrom("screeningFinding")
          .selectAll()
          .where("caseUid", "=", anyOf(uids))
          .orderBy("indicator")
          .execute(),
      caseOf,
    ),
    dimensionsOfCase: listLoader(
      (uids) =>
        db
          .selectFrom("screeningDimension")
          .selectAll()
          .where("caseUid", "=", anyOf(uids))
          .orderBy("dimension")
          .execute(),
      caseOf,
    ),
    exploitationOfCase: rowLoader(
      (uids) => db.selectFrom("exploitation").selectAll().where("caseUid", "=", anyOf(uids)).execute(),
      caseOf,
    ),
    eventsOfCase: entries(db, "traffickingEvent"),
    statementsOfCase: entries(db, "victimStatement"),
    supportPlansOfCase: entries(db, "supportPlan"),
    servicesOfCase: entries(db, "serviceDelivery"),
    staysOfCase: entries(db, "shelterStay"),
    healthOfCase: entries(db, "healthAssessment"),
    notesOfCase: entries(db, "caseNote"),
    returnPlanOfCase: rowLoader(
      (uids) => db.selectFrom("returnPlan").selectAll().where("caseUid", "=", anyOf(uids)).execute(),
      caseOf,
    ),
  };
});

/** Tables whose rows are entries of a case, in the order in which they were made. */
interface EntryTables {
  readonly traffickingEvent: T.TraffickingEventTable;
  readonly victimStatement: T.VictimStatementTable;
  readonly supportPlan: T.SupportPlanTable;
  readonly serviceDelivery: T.ServiceDeliveryTable;
  readonly shelterStay: T.ShelterStayTable;
  readonly healthAssessment: T.HealthAssessmentTable;
  readonly caseNote: T.CaseNoteTable;
}

function entries<Name extends keyof EntryTables>(db: LedgerDatabase, table: Name): Rows<EntryTables[Name]> {
  return listLoader(
    async (uids) => {
      const rows = await db
        .selectFrom<keyof EntryTables>(table)
        .selectAll()
        .where("caseUid", "=", anyOf(uids))
        .orderBy("position")
        .execute();
      return rows as unknown as readonly EntryTables[Name][];
    },
    ({ caseUid }) => caseUid,
  );
}
