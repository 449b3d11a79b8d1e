/** Reads a person as the population register writes one: upper-case columns, codes, flags Y and N, dates `YYYYMMDD`. */
import { z } from "zod";
import { coded, compactDate, listed } from "../shared/wire.ts";
import type { Person } from "./types.ts";

const SEX = {
  M: "MASCULINE",
  F: "FEMININE",
  TM: "TRANSGENDER_MASCULINE",
  TF: "TRANSGENDER_FEMININE",
  X: "NON_CONFORMING",
  U: "UNKNOWN",
};
const MARITAL_STATUS = {
  1: "SINGLE",
  2: "MARRIED",
  3: "WIDOWED",
  4: "DIVORCED",
  5: "SEPARATED",
  6: "REGISTERED_PARTNERSHIP",
};
const part = z.string().nullable();
const flag = coded({ Y: true, N: false });

const name = z
  .object({ N1: part, N2: part, N3: part, N6: part, FULL: z.string() })
  .transform(({ N1, N2, N3, N6, FULL }) => ({
    given: N1,
    father: N2,
    grandfather: N3,
    family: N6,
    full: FULL,
  }));

const address = z
  .object({ FLAT: part, BLDG: part, ROAD: part, BLOCK: part, AREA: part })
  .transform(({ FLAT, BLDG, ROAD, BLOCK, AREA }) => ({
    flat: FLAT,
    building: BLDG,
    road: ROAD,
    block: BLOCK,
    area: AREA,
  }));

/** Columns of the record; what is not listed is not read. */
export const personRecord = z
  .object({
    CPR_NO: z.string(),
    NAME_A: name,
    NAME_E: name,
    DOB: compactDate,
    AGE_GRP: listed("AgeBand", (band) => `AGE_${band.replace("-", "_")}`),
    MINOR_FLG: flag,
    SEX: coded(SEX),
    NAT_LIST: z.string().transform((list) => list.split(";")),
    MAR_STAT: coded(MARITAL_STATUS),
    DEATH_FLG: flag,
    ADDR: address,
  })
  .transform(
    (record): Person => ({
      uid: record.CPR_NO,
      nameAr: record.NAME_A,
      nameLatin: record.NAME_E,
      birthDate: record.DOB,
      ageBand: record.AGE_GRP,
      isChild: record.MINOR_FLG,
      gender: record.SEX,
      citizenships: record.NAT_LIST,
      maritalStatus: record.MAR_STAT,
      deceased: record.DEATH_FLG,
      cpr: record.CPR_NO,
      address: record.ADDR,
    }),
  );
