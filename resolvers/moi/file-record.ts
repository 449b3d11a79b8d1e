/** Reads police files, the complainants' reports in them and suspects, as the directorate writes them. */
import { z } from "zod";
import { coded, isoInstant, listed } from "../shared/wire.ts";
import type { Investigation, Suspect } from "./types.ts";

const OUTCOME = { "TO-PROSECUTION": "REFERRED", FILED: "SHELVED", "NOT-TIP": "NOT_TRAFFICKING" };
const EXHIBIT = {
  DOC: "DOCUMENT",
  DEV: "DEVICE",
  TES: "TESTIMONY",
  FOR: "FORENSIC",
  FIN: "FINANCIAL",
};

export const reportRecord = z
  .object({ reportNo: z.string(), caseNo: z.string(), suspectNear: coded({ YES: true, NO: false }) })
  .transform(({ reportNo, caseNo, suspectNear }) => ({ reportNo, policeNumber: caseNo, suspectNear }));
export type ReportRecord = z.infer<typeof reportRecord>;

export const suspectRecord = z
  .object({
    suspectNo: z.string(),
    personNo: z.string(),
    standing: listed("PartyRole"),
    acts: z.array(listed("PerpetratorRole")),
    details: z.string(),
  })
  .transform(
    ({ suspectNo, personNo, standing, acts, details }): Suspect => ({
      uid: suspectNo,
      perpetratorRoles: acts,
      perpetratorDetails: details,
      role: standing,
      person: { uid: personNo },
    }),
  );

const exhibit = z
  .object({ exNo: z.string(), exType: coded(EXHIBIT), text: z.string(), sealed: z.boolean() })
  .transform(({ exNo, exType, text, sealed }) => ({ number: exNo, kind: exType, description: text, sealed }));

const arrest = z
  .object({ when: isoInstant, where: z.string(), letGo: isoInstant.nullable() })
  .transform(({ when, where, letGo }) => ({ at: when, place: where, released: letGo }));

export const fileRecord = z
  .object({
    caseNo: z.string(),
    openedOn: z.iso.date(),
    section: z.string(),
    inquiryLines: z.array(z.string()),
    exhibits: z.array(exhibit),
    suspects: z.array(suspectRecord),
    arrests: z.array(arrest),
    outcome: coded(OUTCOME).nullable(),
  })
  .transform(
    (file): Investigation => ({
      uid: file.caseNo,
      policeNumber: file.caseNo,
      openedAt: file.openedOn,
      unit: file.section,
      lines: file.inquiryLines,
      evidence: file.exhibits,
      suspects: file.suspects,
      arrests: file.arrests,
      closedAs: file.outcome,
    }),
  );
