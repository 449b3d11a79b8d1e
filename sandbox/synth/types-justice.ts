/** Rows of police (MOI), prosecution (PPO) and courts (CRT). */
import type * as C from "./codes.ts";
import type { Money } from "./types-values.ts";

// MOI: investigations

/** Key of Case at MOI: the complainant's entry in a police file, `ATD-2025-00012/1`. */
export interface MoiCaseRow {
  readonly ref: string;
  readonly policeNumber: string;
  readonly suspectProximity: boolean;
}
/** Shared by the cases of one police file. Own key of Investigation: `policeNumber`. */
export interface MoiInvestigationRow {
  readonly policeNumber: string;
  readonly openedAt: string;
  readonly unit: string;
  readonly lines: readonly string[];
  readonly evidence: readonly EvidenceRow[];
  readonly suspects: readonly MoiSuspectRow[];
  readonly arrests: readonly {
    readonly at: string;
    readonly place: string;
    readonly released: string | null;
  }[];
  readonly closedAs: "REFERRED" | "SHELVED" | "NOT_TRAFFICKING" | null;
}
export interface MoiSuspectRow {
  /** Key of Suspect at MOI, `ATD-2025-00012/S1`. */
  readonly ref: string;
  /** Key of Person at MOI: the CPR; suspects are residents. */
  readonly personRef: string;
  readonly role: C.PartyRole;
  readonly perpetratorRoles: readonly string[];
  readonly perpetratorDetails: string;
}
export interface EvidenceRow {
  readonly number: string;
  readonly kind: "DOCUMENT" | "DEVICE" | "TESTIMONY" | "FORENSIC" | "FINANCIAL";
  readonly description: string;
  readonly sealed: boolean;
}

// PPO: prosecution

/** Key of Case at PPO, `TIP-2025-0007/V1`. */
export interface PpoCaseRow {
  readonly ref: string;
  /** Own key of Prosecution. */
  readonly number: string;
}
export interface PpoProsecutionRow {
  readonly number: string;
  readonly decision: "REFERRAL_ORDER" | "NO_GROUNDS" | "RECHARACTERISED" | "RETURNED" | "SHELVED" | null;
  readonly decidedOn: string | null;
  readonly charges: readonly { readonly article: string; readonly defendant: DefendantRow }[];
  readonly evidenceList: readonly EvidenceRow[];
  readonly witnessProtection: readonly {
    readonly kind: ProtectionMeasureKind;
    readonly until: string | null;
  }[];
  readonly nonPunishmentNote: string | null;
}
export type ProtectionMeasureKind =
  | "ANONYMITY"
  | "REMOTE_TESTIMONY"
  | "ESCORT"
  | "RELOCATION"
  | "NO_CONTACT_ORDER";
/** A suspect as prosecution and court hold them: `ref` is their key of Suspect, `personRef` their key of Person. */
export interface DefendantRow {
  readonly ref: string;
  readonly personRef: string;
  readonly role: C.PartyRole;
}
export interface TravelOrderRow {
  readonly kind: "TRAVEL_BAN" | "DEPORTATION";
  readonly authority: { readonly address: string; readonly code: C.AgencyCode };
  readonly from: string;
  readonly until: string | null;
}
/** Key of Person at PPO, `TIP-P-…`. */
export interface PpoPersonRow {
  readonly ref: string;
  readonly travelOrder: TravelOrderRow | null;
}

// CRT: courts

/** Key of Case at CRT, `CRT-2025-00007-1/V1`. */
export interface CrtCaseRow {
  readonly ref: string;
  /** Own key of Trial. */
  readonly courtNumber: string;
  readonly compensation: readonly CrtCompensationRow[];
}
export interface CrtCompensationRow {
  /** Key of Compensation at CRT, `AWD-…`. */
  readonly ref: string;
  readonly source: "COURT" | "FUND" | "SETTLEMENT";
  readonly amount: Money;
}
export interface CrtTrialRow {
  readonly courtNumber: string;
  readonly court: string;
  readonly hearings: readonly {
    readonly on: string;
    readonly kind: "FIRST" | "EVIDENCE" | "PLEADING" | "JUDGMENT" | "APPEAL";
    readonly closed: boolean;
  }[];
  readonly verdicts: readonly {
    readonly defendant: DefendantRow;
    readonly outcome: "CONVICTED" | "ACQUITTED" | "CONVICTED_LESSER" | "DISMISSED";
    readonly sentenceMonths: number | null;
    readonly fine: Money | null;
    readonly final: boolean;
  }[];
  readonly sealed: boolean;
}
/** Key of Person at CRT, `CRT-P-…`. */
export interface CrtPersonRow {
  readonly ref: string;
  readonly deportationOrder: TravelOrderRow | null;
}
/** Key of Employer at CRT: the commercial registration. */
export interface CrtEmployerRow {
  readonly ref: string;
  readonly finalConvictions: readonly {
    readonly court: string;
    readonly year: number;
    readonly article: string;
  }[];
}
