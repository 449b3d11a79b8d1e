/** Reads trials, the victims' entries in them, parties and employers, as the court registry writes them. */
import { z } from "zod";
import { vocabularyEnum } from "../shared/codes.ts";
import { dinars, type Money } from "../shared/values.ts";
import { coded, isoInstant, listed } from "../shared/wire.ts";
import type { Compensation, Employer, Hearing, Suspect, TravelOrder, Trial, Verdict } from "./types.ts";

const SOURCE = { C: "COURT", F: "FUND", S: "SETTLEMENT" };
const ORDER = { BAN: "TRAVEL_BAN", REMOVAL: "DEPORTATION" };
const FINDING = {
  guilty: "CONVICTED",
  "not guilty": "ACQUITTED",
  "guilty of another": "CONVICTED_LESSER",
  inadmissible: "DISMISSED",
};

/** `BHD 125.500` */
const sum = z
  .string()
  .regex(/^BHD \d+\.\d{3}$/)
  .transform((text): Money => dinars(text.slice("BHD ".length)));

const award = z
  .object({ award: z.string(), source: coded(SOURCE), sum })
  .transform((row): Compensation => ({ uid: row.award, source: row.source, amount: row.sum }));

export const entryRecord = z
  .object({ entry: z.string(), case_no: z.string(), awards: z.array(award) })
  .transform(({ entry, case_no, awards }) => ({ entry, courtNumber: case_no, awards }));
export type EntryRecord = z.infer<typeof entryRecord>;

const session = z
  .object({ at: isoInstant, type: listed("HearingKind"), in_camera: z.boolean() })
  .transform(({ at, type, in_camera }): Hearing => ({ on: at, kind: type, closed: in_camera }));

const accused = z
  .object({ ref: z.string(), party: z.string(), standing: listed("PartyRole") })
  .transform(({ ref, party, standing }): Suspect => ({ uid: ref, role: standing, person: { uid: party } }));

const judgment = z
  .object({
    accused,
    finding: coded(FINDING),
    months: z.int().nullable(),
    fine: sum.nullable(),
    final: z.boolean(),
  })
  .transform(
    (row): Verdict => ({
      defendant: row.accused,
      outcome: row.finding,
      sentenceMonths: row.months,
      fine: row.fine,
      final: row.final,
    }),
  );

export const trialRecord = z
  .object({
    case_no: z.string(),
    bench: z.string(),
    sealed: z.boolean(),
    sessions: z.array(session),
    judgments: z.array(judgment),
  })
  .transform(
    (row): Trial => ({
      uid: row.case_no,
      courtNumber: row.case_no,
      court: row.bench,
      hearings: row.sessions,
      verdicts: row.judgments,
      sealed: row.sealed,
    }),
  );

const AGENCY_CODES = Object.keys(vocabularyEnum("AgencyCode"));

/** `CRT:BH/JUD/COURTS/criminal` */
const authority = z
  .string()
  .refine((text) => AGENCY_CODES.includes(text.split(":")[0] ?? ""))
  .transform((text) => {
    const [code = "", address = ""] = text.split(":");
    return { address, code };
  });

const order = z
  .object({
    type: coded(ORDER),
    by: authority,
    from: z.iso.date(),
    until: z.iso.date().nullable(),
  })
  .transform(({ type, by, from, until }): TravelOrder => ({ kind: type, authority: by, from, until }));

export const partyRecord = z.object({ party: z.string(), removal: order.nullable() });
export type PartyRecord = z.infer<typeof partyRecord>;

const conviction = z
  .object({ bench: z.string(), year: z.int(), article: z.string() })
  .transform(({ bench, year, article }) => ({ court: bench, year, article }));

export const employerRecord = z
  .object({ employer: z.string(), convictions: z.array(conviction) })
  .transform(({ employer, convictions }): Employer => ({ uid: employer, finalConvictions: convictions }));
