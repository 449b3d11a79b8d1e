/** What the centre keeps of a case: report, screening, exploitation, shelter, health, return. */
import type * as R from "../../../sandbox/synth/types.ts";
import { Form } from "../differences.ts";
import type { Tree } from "./tree.ts";
import { type Fields, object, objects, pick, pickOrNull, type TrueObject } from "./true-object.ts";

/** Whoever is shown a file is shown a way to it, never what the agency calls it. */
const LINK = new Form(
  "a link to a file",
  (value) => typeof value === "string" && /^\/files\/[\w-]{100,}$/.test(value),
);

export function content(tree: Tree) {
  const contentOf = (row: R.CaseContentRow): Fields => ({
    report: () => report(row.report),
    screening: () => row.screening && screening(row.screening),
    exploitation: () => row.exploitation && exploitation(row.exploitation),
    statements: () =>
      objects(row.statements, (one) =>
        object(
          "VictimStatement",
          { ...one, takenBy: () => tree.staff(one.takenBy), recordingRef: one.recordingRef && LINK },
          { ownedBy: [one.takenByMember] },
        ),
      ),
    supportPlans: () => objects(row.supportPlans, (one) => object("SupportPlan", one)),
    services: () =>
      objects(row.services, (one) =>
        object("ServiceDelivery", { ...one, provider: () => tree.agency(one.provider) }),
      ),
    shelterStays: () =>
      objects(row.shelterStays, (one) =>
        object("ShelterStay", { ...one, facility: () => facility(one.facility) }, { ownedBy: [one.house] }),
      ),
    health: () => objects(row.health, (one) => object("HealthAssessment", one)),
    notes: () => objects(row.notes, (one) => object("CaseNote", { ...one, by: () => tree.staff(one.by) })),
    returnPlan: () => row.returnPlan && returnPlan(row.returnPlan),
  });

  const report = (row: R.ReportRow): TrueObject =>
    object(
      "Report",
      { ...row, reporter: () => (row.reporter === null ? null : tree.person(row.reporter)) },
      { uid: row.uid, ownedBy: [row.takenBy] },
    );

  const screening = (row: R.ScreeningRow): TrueObject =>
    object("Screening", {
      ...row,
      screener: () => tree.staff(row.screener),
      reviewer: () => tree.staff(row.reviewer),
      findings: () =>
        objects(row.findings, (one) =>
          object("IndicatorFinding", { ...one, indicator: object("Indicator", { code: one.indicator }) }),
        ),
    });

  const place = ({ employer: uid, ...rest }: R.PlaceRow): TrueObject =>
    object("Place", { ...rest, employer: () => (uid === null ? null : tree.employer(uid)) });

  const exploitation = (row: R.ExploitationRow): TrueObject =>
    object("ExploitationProfile", {
      ...row,
      locationOfRecruitment: () => place(row.locationOfRecruitment),
      locationOfExploitation: () => place(row.locationOfExploitation),
      events: () =>
        objects(row.events, (one) => object("TraffickingEvent", { ...one, place: () => place(one.place) })),
    });

  const facility = (uid: string): TrueObject => {
    const row = [...tree.world.epc.facilities].find((each) => each.uid === uid) as R.FacilityRow;
    const licence = tree.rows.licences.get(tree.keys.at("Facility", uid, "MOSD") ?? "");
    return object(
      "Facility",
      {
        ...pick(row, ["name", "area", "address", "capacity"]),
        licence: licence ? pick(licence, ["number", "validUntil", "capacity"]) : null,
      },
      { uid, ownedBy: [row.house] },
    );
  };

  const returnPlan = (row: NonNullable<R.CaseContentRow["returnPlan"]>): TrueObject => {
    const atNpra = tree.rows.returns.get(tree.keys.at("ReturnPlan", row.uid, "NPRA") ?? "");
    return object(
      "ReturnPlan",
      {
        ...pick(row, ["wish", "riskAssessment", "plannedMonth"]),
        receivingOrganisation: () =>
          row.receivingOrganisation === null ? null : tree.agency(row.receivingOrganisation),
        ...pickOrNull(atNpra, ["travelDocument", "departedOn"]),
      },
      { uid: row.uid },
    );
  };

  return { contentOf };
}
