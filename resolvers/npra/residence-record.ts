/** Reads what the residence authority writes: dates `DD/MM/YYYY`, Bahrain's own time, one-letter codes. */
import { z } from "zod";
import { bahrainTime, coded, dayMonthYear } from "../shared/wire.ts";
import type { Passport, Residence, ReturnPlan, TravelMovement } from "./types.ts";

const STAY = {
  L: "LABOUR_MIGRANT",
  V: "VISITOR",
  F: "FAMILY_MIGRANT",
  S: "STUDENT",
  I: "IRREGULAR",
  A: "ASYLUM_SEEKER",
  R: "REFUGEE",
  N: "STATELESS",
  B: "NATIONAL",
  U: "UNKNOWN",
};

const permit = z
  .object({ rpNo: z.string(), rpClass: coded(STAY), rpExpiry: dayMonthYear, rpState: z.string() })
  .transform(
    ({ rpNo, rpClass, rpExpiry, rpState }): Residence => ({
      number: rpNo,
      kind: rpClass,
      validUntil: rpExpiry,
      status: rpState,
    }),
  );

export const residenceRecord = z.object({
  holder: z.string(),
  hold: coded({ 0: false, 1: true }),
  permit: permit.nullable(),
});
export type ResidenceRecord = z.infer<typeof residenceRecord>;

/** A row of a list, and whose it is. */
export interface Held<Row> {
  readonly holder: string;
  readonly row: Row;
}

export const passportRecord = z
  .object({
    holder: z.string(),
    docId: z.string(),
    issuer: z.string(),
    docNo: z.string(),
    expiry: dayMonthYear,
  })
  .transform(
    ({ holder, docId, issuer, docNo, expiry }): Held<Passport> => ({
      holder,
      row: { uid: docId, country: issuer, number: docNo, expiresOn: expiry },
    }),
  );

export const movementRecord = z
  .object({
    holder: z.string(),
    time: bahrainTime,
    io: coded({ I: "ARRIVAL", O: "DEPARTURE" }),
    gate: z.string(),
  })
  .transform(
    ({ holder, time, io, gate }): Held<TravelMovement> => ({
      holder,
      row: { at: time, direction: io, port: gate },
    }),
  );

export const departureRecord = z
  .object({ fileNo: z.string(), travelDoc: z.string().nullable(), leftOn: dayMonthYear.nullable() })
  .transform(
    ({ fileNo, travelDoc, leftOn }): ReturnPlan => ({
      uid: fileNo,
      travelDocument: travelDoc,
      departedOn: leftOn,
    }),
  );
