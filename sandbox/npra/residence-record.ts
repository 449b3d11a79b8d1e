/**
 * Residence, passports, movements and departures as the residence authority writes them: dates `DD/MM/YYYY`, times in
 * Bahrain's own (UTC+3, no summer time) without saying so, one-letter codes.
 */
import type { NpraMovementRow, NpraPassportRow, NpraPersonRow, NpraReturnRow } from "../synth/types.ts";

const STAY: Readonly<Record<string, string>> = {
  LABOUR_MIGRANT: "L",
  VISITOR: "V",
  FAMILY_MIGRANT: "F",
  STUDENT: "S",
  IRREGULAR: "I",
  ASYLUM_SEEKER: "A",
  REFUGEE: "R",
  STATELESS: "N",
  NATIONAL: "B",
  UNKNOWN: "U",
};
const BAHRAIN_OFFSET_MS = 3 * 3_600_000;

export const residenceRecord = ({ key, residence, protectionHold }: NpraPersonRow): object => ({
  holder: key,
  hold: protectionHold ? 1 : 0,
  permit: residence && {
    rpNo: residence.number,
    rpClass: STAY[residence.kind],
    rpExpiry: dayMonthYear(residence.validUntil),
    rpState: residence.status,
  },
});

export const passportRecord = (holder: string, { key, country, number, expiresOn }: NpraPassportRow) => ({
  holder,
  docId: key,
  issuer: country,
  docNo: number,
  expiry: dayMonthYear(expiresOn),
});

export const movementRecord = (holder: string, { at, direction, port }: NpraMovementRow) => ({
  holder,
  time: localTime(at),
  io: direction === "ARRIVAL" ? "I" : "O",
  gate: port,
});

export const departureRecord = ({ key, travelDocument, departedOn }: NpraReturnRow): object => ({
  fileNo: key,
  travelDoc: travelDocument,
  leftOn: departedOn && dayMonthYear(departedOn),
});

const dayMonthYear = (date: string) => date.split("-").toReversed().join("/");

const localTime = (instant: string) =>
  new Date(Date.parse(instant) + BAHRAIN_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
