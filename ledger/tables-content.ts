/** Rows of the content tables, as `tables.ts` says. `position` keeps the order in which entries were made. */

export interface ReportTable {
  readonly uid: string;
  readonly caseUid: string;
  readonly number: string;
  readonly channel: string;
  readonly receivedAt: string;
  readonly reporter: string | null;
  readonly anonymous: boolean;
  readonly summary: string | null;
  readonly immediateDanger: boolean;
  readonly takenByMember: string;
}
export interface ScreeningTable {
  readonly caseUid: string;
  readonly outcome: string | null;
  readonly suggestedOutcome: string | null;
  readonly rationale: string | null;
  readonly screener: string;
  readonly reviewer: string | null;
  readonly interviewLanguage: string | null;
  readonly interpreterUsed: boolean | null;
  readonly decidedAt: string | null;
}
export interface ScreeningFindingTable {
  readonly caseUid: string;
  readonly indicator: string;
  readonly evidence: string;
  readonly confidence: string;
}
export interface ScreeningDimensionTable {
  readonly caseUid: string;
  readonly dimension: string;
  readonly positive: boolean;
  readonly strong: number;
  readonly medium: number;
  readonly weak: number;
}
export interface PlaceValue {
  readonly kind: string | null;
  readonly country: string | null;
  readonly area: string | null;
  /** Uid of an employer. */
  readonly employer: string | null;
}
export interface ExploitationTable {
  readonly caseUid: string;
  readonly acts: readonly string[];
  readonly means: readonly string[];
  readonly purposes: readonly string[];
  readonly sexualKinds: readonly string[];
  readonly sector: string | null;
  readonly controlMethods: readonly string[];
  readonly recruitmentMethods: readonly string[];
  readonly recruitmentPlatforms: readonly string[];
  readonly exploitationPlatforms: readonly string[];
  readonly locationOfRecruitment: PlaceValue | null;
  readonly locationOfExploitation: PlaceValue | null;
  readonly durationBand: string | null;
  readonly narrative: string | null;
}
export interface TraffickingEventTable {
  readonly caseUid: string;
  readonly position: number;
  readonly kind: string;
  readonly date: string | null;
  readonly place: PlaceValue | null;
  readonly description: string | null;
}
export interface VictimStatementTable {
  readonly caseUid: string;
  readonly position: number;
  readonly text: string;
  readonly takenBy: string;
  readonly takenByMember: string;
  readonly recordingRef: string | null;
  readonly takenAt: string;
}
export interface SupportPlanTable {
  readonly caseUid: string;
  readonly position: number;
  readonly type: string;
  readonly objectives: string | null;
  readonly actionPlan: string | null;
  readonly plannedEnd: string | null;
  readonly actualEnd: string | null;
}
export interface ServiceDeliveryTable {
  readonly caseUid: string;
  readonly position: number;
  readonly type: string;
  readonly providerMember: string;
  readonly deliveredAt: string;
}
export interface FacilityTable {
  readonly uid: string;
  readonly name: string;
  readonly area: string;
  readonly address: object;
  readonly capacity: number;
  readonly houseMember: string;
}
export interface ShelterStayTable {
  readonly caseUid: string;
  readonly position: number;
  readonly facility: string;
  readonly houseMember: string;
  readonly admittedOn: string;
  readonly leftOn: string | null;
  readonly freeToLeave: boolean;
  readonly securityPlan: string | null;
}
export interface HealthAssessmentTable {
  readonly caseUid: string;
  readonly position: number;
  readonly physical: string | null;
  readonly psychological: string | null;
  readonly disability: boolean;
  readonly urgentNeed: boolean;
}
export interface CaseNoteTable {
  readonly caseUid: string;
  readonly position: number;
  readonly at: string;
  readonly byStaff: string;
  readonly text: string;
}
export interface ReturnPlanTable {
  readonly uid: string;
  readonly caseUid: string;
  readonly wish: string;
  readonly riskAssessment: string | null;
  readonly plannedMonth: string | null;
  readonly receivingOrganisation: string | null;
}
export interface FileTable {
  readonly ref: string;
  readonly caseUid: string;
  readonly mediaType: string;
  /** A `bigint`, as text. */
  readonly bytes: string;
}
export interface FilePieceTable {
  readonly ref: string;
  readonly position: number;
  readonly data: Buffer;
}
