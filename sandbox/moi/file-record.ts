/** Police files, the complainants' reports in them and suspects, as the directorate writes them. */
import type { MoiCaseRow, MoiInvestigationRow, MoiSuspectRow } from "../synth/types.ts";

const OUTCOME = { REFERRED: "TO-PROSECUTION", SHELVED: "FILED", NOT_TRAFFICKING: "NOT-TIP" } as const;

export const reportRecord = ({ ref, policeNumber, suspectProximity }: MoiCaseRow): object => ({
  reportNo: ref,
  caseNo: policeNumber,
  suspectNear: suspectProximity ? "YES" : "NO",
});

export const fileRecord = (row: MoiInvestigationRow): object => ({
  caseNo: row.policeNumber,
  openedOn: row.openedAt,
  section: row.unit,
  inquiryLines: row.lines,
  exhibits: row.evidence.map(({ number, kind, description, sealed }) => ({
    exNo: number,
    exType: kind.slice(0, 3),
    text: description,
    sealed,
  })),
  suspects: row.suspects.map(suspectRecord),
  arrests: row.arrests.map(({ at, place, released }) => ({ when: at, where: place, letGo: released })),
  outcome: row.closedAs && OUTCOME[row.closedAs],
});

export const suspectRecord = (row: MoiSuspectRow): object => ({
  suspectNo: row.ref,
  personNo: row.personRef,
  standing: row.role.toLowerCase(),
  acts: row.perpetratorRoles.map((role) => role.toLowerCase().replaceAll("_", "-")),
  details: row.perpetratorDetails,
});
