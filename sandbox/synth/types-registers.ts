/** Rows of the population register (IGA) and of passports and residence (NPRA). */
import type * as C from "./codes.ts";
import type { Address, PersonName } from "./types-values.ts";

// IGA: population register

export interface IgaPersonRow {
  readonly cpr: string;
  readonly nameAr: PersonName;
  readonly nameLatin: PersonName;
  readonly birthDate: string;
  readonly ageBand: C.AgeBand;
  readonly isChild: boolean;
  readonly gender: C.Gender;
  readonly citizenships: readonly string[];
  readonly maritalStatus: C.MaritalStatus;
  readonly deceased: boolean;
  readonly address: Address;
}

// NPRA: passports, residence, movements

export interface NpraPersonRow {
  /** CPR of residents; `VIS-…` for visitors, who have none. */
  readonly key: string;
  readonly residence: {
    readonly number: string;
    readonly kind: string;
    readonly validUntil: string;
    readonly status: string;
  } | null;
  /** True stops removal. Set for presumed victims, and as well for labour disputes, witnesses and medical cases. */
  readonly protectionHold: boolean;
  readonly passports: readonly NpraPassportRow[];
  readonly movements: readonly NpraMovementRow[];
}
export interface NpraPassportRow {
  /** `IND-X0000001`: country and number. NPRA's own key. */
  readonly key: string;
  readonly country: string;
  readonly number: string;
  readonly expiresOn: string;
}
export interface NpraMovementRow {
  readonly at: string;
  readonly direction: "ARRIVAL" | "DEPARTURE";
  readonly port: string;
}
export interface NpraReturnRow {
  /** Key of ReturnPlan at NPRA, `RTN-…`. */
  readonly key: string;
  readonly travelDocument: string | null;
  readonly departedOn: string | null;
}
