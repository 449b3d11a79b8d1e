/** A person as the population register writes one: upper-case columns, codes, flags Y and N, dates `YYYYMMDD`. */
import type { IgaPersonRow, PersonName } from "../synth/types.ts";

const SEX = {
  MASCULINE: "M",
  FEMININE: "F",
  TRANSGENDER_MASCULINE: "TM",
  TRANSGENDER_FEMININE: "TF",
  NON_CONFORMING: "X",
  UNKNOWN: "U",
} as const satisfies Record<IgaPersonRow["gender"], string>;
const MARITAL_STATUS = {
  SINGLE: 1,
  MARRIED: 2,
  WIDOWED: 3,
  DIVORCED: 4,
  SEPARATED: 5,
  REGISTERED_PARTNERSHIP: 6,
} as const satisfies Record<IgaPersonRow["maritalStatus"], number>;

export function personRecord(row: IgaPersonRow): object {
  const { flat, building, road, block, area } = row.address;
  return {
    CPR_NO: row.cpr,
    NAME_A: name(row.nameAr),
    NAME_E: name(row.nameLatin),
    DOB: row.birthDate.replaceAll("-", ""),
    AGE_GRP: row.ageBand.replace("AGE_", "").replaceAll("_", "-"),
    MINOR_FLG: flag(row.isChild),
    SEX: SEX[row.gender],
    NAT_LIST: row.citizenships.join(";"),
    MAR_STAT: MARITAL_STATUS[row.maritalStatus],
    DEATH_FLG: flag(row.deceased),
    ADDR: { FLAT: flat, BLDG: building, ROAD: road, BLOCK: block, AREA: area },
  };
}

const flag = (value: boolean) => (value ? "Y" : "N");

const name = ({ given, father, grandfather, family, full }: PersonName) => ({
  N1: given,
  N2: father,
  N3: grandfather,
  N6: family,
  FULL: full,
});
