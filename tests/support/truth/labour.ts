/** Workers and employers, from the labour register. */
import type * as R from "../../../sandbox/synth/types.ts";
import type { Tree } from "./tree.ts";
import { object, pick, pickOrNull, type TrueObject, value } from "./true-object.ts";

export function labour(tree: Tree) {
  const worker = (row: R.LmraWorkerRow): TrueObject => {
    const own = <Row extends { readonly permitNo: string }>(rows: readonly Row[]): readonly Row[] =>
      rows.filter(({ permitNo }) => permitNo === row.permitNo);
    return object("Worker", {
      ...pick(row, ["permitType", "permitStatus", "occupation", "sector", "unpaidMonths"]),
      workPermitNo: row.permitNo,
      permitValid: { from: row.permitFrom, until: row.permitUntil },
      person: () => tree.person(tree.keys.uidOf("Person", "LMRA", row.cpr)),
      employer: () =>
        row.employerNo === null ? null : employer(tree.keys.uidOf("Employer", "LMRA", row.employerNo)),
      previousEmployers: () =>
        own(tree.rows.employments).map(({ employerNo, from, until, reason }) =>
          object("Employment", {
            from,
            until,
            reason,
            employer: () => employer(tree.keys.uidOf("Employer", "LMRA", employerNo)),
          }),
        ),
      contract: () => value("Contract", own(tree.rows.contracts)[0]),
      wagePayments: own(tree.rows.wages).map(({ permitNo: _, ...wage }) => wage),
      complaints: () =>
        own(tree.rows.complaints).map((complaint) =>
          object("LabourComplaint", {
            ...pick(complaint, ["number", "grounds", "filedOn", "state", "screenedForTrafficking"]),
            worker: () => worker(row),
          }),
        ),
      leftWorkReport:
        own(tree.rows.leftWork).map((report) =>
          pick(report, ["filedOn", "byEmployer", "complaintBefore"]),
        )[0] ?? null,
    });
  };

  const employer = (uid: string): TrueObject => {
    const number = tree.keys.at("Employer", uid, "LMRA");
    const row = tree.rows.employers.get(number ?? "");
    const atCourt = tree.rows.crtEmployers.get(tree.keys.at("Employer", uid, "CRT") ?? "");
    return object(
      "Employer",
      {
        ...pickOrNull(row, ["crNumber", "kind", "name", "area", "workerCount"]),
        inspections: () =>
          tree.rows.inspections
            .filter(({ employerNo }) => employerNo === number)
            .map((one) => value("Inspection", one)),
        riskSignals: () =>
          tree.rows.riskSignals
            .filter(({ employerNo }) => employerNo === number)
            .map((one) => object("RiskSignal", { ...one, employer: () => employer(uid) })),
        finalConvictions: atCourt?.finalConvictions ?? null,
      },
      { uid },
    );
  };

  return { employer, worker };
}
