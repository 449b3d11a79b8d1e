/**
 * Rows of the ledger's database as they are read: instants ISO 8601 UTC, dates `YYYY-MM-DD`, names in camelCase
 * (`database.ts` translates). One interface per table of `migrations/`; what a table means is said there.
 */
type Group = string;

export interface MemberTable {
  readonly address: string;
  readonly agency: string;
}
export interface CaseFileTable {
  readonly uid: string;
  readonly nrmNumber: string;
  readonly ownerMember: string;
  readonly caseWorker: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closureReason: string | null;
  readonly mergedInto: string | null;
  readonly riskLevel: string;
  readonly riskRank: number;
  readonly identificationState: string;
  readonly protectionState: string;
  readonly justiceState: string;
  readonly labourState: string;
  readonly redressState: string;
  readonly holders: readonly string[];
}
export interface RelatedCaseTable {
  readonly caseUid: string;
  readonly relatedUid: string;
}
export interface TrackEventTable {
  readonly caseUid: string;
  readonly track: string;
  readonly version: number;
  readonly at: string;
  readonly fromState: string;
  readonly toState: string;
  readonly byMember: string;
  readonly purpose: string;
  readonly fieldGroup: Group;
}
export interface CasePartyTable {
  readonly uid: string;
  readonly caseUid: string;
  readonly person: string;
  readonly role: string;
  readonly code: string | null;
  readonly fromDate: string;
  readonly untilDate: string | null;
  readonly isChild: boolean;
  readonly traffickingStatus: string | null;
  readonly statusDecidedBy: string | null;
  readonly ageWhenTrafficked: number | null;
  readonly relationshipToTrafficker: string | null;
  readonly documentsHeldBy: string | null;
  readonly holders: readonly string[];
}
export interface PersonTable {
  readonly uid: string;
  readonly isChild: boolean;
  readonly aliases: readonly string[];
  readonly primaryLanguage: string | null;
  readonly otherLanguages: readonly string[];
  readonly numberOfChildren: number | null;
  readonly education: string | null;
  readonly safeContact: object | null;
}
export interface ConsentTable {
  readonly uid: string;
  readonly caseUid: string;
  readonly scope: string;
  readonly fieldGroups: readonly Group[];
  readonly status: string;
  readonly givenBy: string;
  readonly checklist: object;
  readonly givenAt: string | null;
  readonly validUntil: string | null;
  readonly withdrawnAt: string | null;
  readonly replacedBy: string | null;
}
export interface ConsentRecipientTable {
  readonly consentUid: string;
  readonly member: string;
}
export interface ReferralTable {
  readonly uid: string;
  readonly caseUid: string;
  readonly fromMember: string;
  readonly toMember: string;
  readonly reason: string;
  readonly purpose: string;
  readonly status: string;
  readonly grantedGroups: readonly Group[];
  readonly basis: string;
  readonly consentUid: string | null;
  readonly sentAt: string | null;
  readonly respondedAt: string | null;
  readonly expiresAt: string;
  readonly details: string | null;
}
export interface CaseStaffTable {
  readonly caseUid: string;
  readonly member: string;
  readonly staffId: string;
  readonly capacity: string;
  readonly side: string;
}
export interface CaseOverlayTable {
  readonly caseUid: string;
  readonly kind: string;
  readonly subject: string;
}
export interface AgencyEventTable {
  readonly caseUid: string;
  readonly kind: string;
  readonly at: string;
  readonly byMember: string;
  readonly courtGroups: readonly Group[];
}
