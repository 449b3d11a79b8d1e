/**
 * Rows of the synthetic world as the agencies hold them, one section per agency.
 *
 * Keys    `uid` is canonical and appears in the ledger's rows (EPC), the directory and the link rows only. Every
 *         other agency's rows carry that agency's own keys (`cpr`, `permitNo`, `ref`, …); `LinkRow` joins the two.
 * Shapes  dates `YYYY-MM-DD`, instants ISO 8601 UTC, money decimal text in BHD, countries alpha-3, languages
 *         ISO 639-2. `null` means that the agency does not know; an empty list that it knows there is none.
 * Order   lists are in time order, oldest first.
 */
import type * as C from "./codes.ts";

export type { MemberRow } from "./members.ts";
export type * from "./types-care.ts";
export type * from "./types-justice.ts";
export type * from "./types-labour.ts";
export type * from "./types-ledger.ts";
export type * from "./types-office.ts";
export type * from "./types-registers.ts";
export type * from "./types-values.ts";

export interface StaffRow {
  readonly uid: string;
  /** Unique in the whole directory: `epc-caseWorker-1`, `ngo-mwps-caseworker-2`. */
  readonly staffId: string;
  readonly member: string;
  readonly agency: C.AgencyCode;
  /** As in the domain (`EPC.caseWorker`), or `<AGENCY>.securityOfficer`. */
  readonly role: string;
  readonly nameAr: string;
  readonly nameLatin: string;
}
/** What the hub knows: under which key the agency `member` of `agency` holds the object `uid`. */
export interface LinkRow {
  readonly uid: string;
  readonly agency: C.AgencyCode;
  readonly member: string;
  /** Type of the supergraph: `Person`, `Case`, `Suspect`, … */
  readonly type: string;
  readonly keyType: string;
  readonly key: string;
}
