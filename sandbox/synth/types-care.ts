/** Rows of social care (MOSD), of the societies (NGO) and of foreign partners (EXT). */
import type * as C from "./codes.ts";

/** Key of CaseParty at MOSD is `careNo`; of Facility `licenceNo`. */
export interface MosdCareRow {
  readonly careNo: string;
  readonly kind: "SHELTER" | "SOCIAL" | "PSYCHOLOGICAL" | "FINANCIAL";
  readonly on: string;
  readonly summary: string;
}
export interface MosdStatusDecisionRow {
  readonly careNo: string;
  readonly status: C.TraffickingStatus;
  readonly decidedOn: string;
  readonly reasons: string;
}
export interface MosdLicenceRow {
  readonly licenceNo: string;
  readonly number: string;
  readonly validUntil: string;
  readonly capacity: number;
}
/** Key of CaseParty at an NGO member is the survivor code under which that member knows the person. */
export interface NgoAssistanceRow {
  readonly member: string;
  readonly code: string;
  readonly kind: C.ServiceType;
  readonly on: string;
  readonly summary: string;
}
/** Key of Referral at an EXT member is `ref`. */
export interface ExtTransnationalRow {
  readonly member: string;
  readonly ref: string;
  readonly country: string;
  readonly mechanism: string;
  readonly foreignNumber: string | null;
  readonly acknowledgedAt: string | null;
}
