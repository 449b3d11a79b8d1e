/**
 * Rows of the referral ledger (EPC): the spine, which decides who may know of a case, and the content.
 *
 * Keys    canonical uids throughout. Staff are named by uid in content and by `staffId` in assignments (that is
 *         what a reader's token carries).
 * Facts   everything that `CaseAccess` folds is here: owner, assignments, referrals, consents, events, overlays.
 */
import type * as C from "./codes.ts";
import type { Address, PersonName } from "./types-values.ts";

/** A person as EPC's own intake wrote them down; differs from the registers as a real intake does. */
export interface EpcPersonRow {
  readonly uid: string;
  readonly index: number;
  /** Intake's spelling, either script; noise as synthetic.md §6. Not served by the schema: for linkage tests. */
  readonly intakeName: PersonName;
  readonly intakeScript: "ar" | "latin";
  readonly intakeBirthDate: string | null;
  readonly intakeCpr: string | null;
  readonly intakePassport: string | null;
  readonly aliases: readonly string[];
  readonly primaryLanguage: string;
  readonly otherLanguages: readonly string[];
  readonly numberOfChildren: number;
  readonly education: C.EducationLevel;
  readonly safeContact: {
    readonly channel: C.ContactChannel;
    readonly address: string;
    readonly hours: string;
    readonly codeWord: string;
    readonly logSafe: boolean;
  } | null;
  readonly isChild: boolean;
  readonly citizenships: readonly string[];
}

export interface CaseSpineRow {
  readonly uid: string;
  readonly index: number;
  readonly nrmNumber: string;
  /** Member that owns the case. */
  readonly owner: string;
  /** Uid of the case worker. */
  readonly caseWorker: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closureReason: C.ClosureReason | null;
  /** Uid of the case that this one was merged into. */
  readonly mergedInto: string | null;
  readonly riskLevel: C.RiskLevel;
  readonly tracks: CaseTracks;
  /** Version of each track: the number of its events. */
  readonly trackVersions: Readonly<Record<C.Track, number>>;
  readonly events: readonly CaseEventRow[];
  readonly parties: readonly CasePartyRow[];
  readonly referrals: readonly ReferralRow[];
  readonly consents: readonly ConsentRow[];
  readonly relatedCases: readonly string[];
  /** Agencies that hold rows about the case (`Case.holders`). */
  readonly holders: readonly C.AgencyCode[];
  readonly assignments: readonly AssignmentRow[];
  readonly overlays: CaseOverlays;
}
export interface CaseTracks {
  readonly IDENTIFICATION: C.IdentificationState;
  readonly PROTECTION: C.ProtectionState;
  readonly JUSTICE: C.JusticeState;
  readonly LABOUR: C.LabourState;
  readonly REDRESS: C.RedressState;
}
export interface CaseEventRow {
  readonly version: number;
  readonly at: string;
  readonly track: C.Track;
  readonly from: string;
  readonly to: string;
  /** Member. */
  readonly by: string;
  readonly purpose: C.PurposeOfUse;
  /** The group of the record to which the event belongs. */
  readonly group: C.FieldGroup;
}
export interface CasePartyRow {
  readonly uid: string;
  readonly person: string;
  readonly role: C.PartyRole;
  readonly traffickingStatus: C.TraffickingStatus | null;
  readonly statusDecidedBy: C.DecisionMaker | null;
  readonly ageWhenTrafficked: number | null;
  readonly relationshipToTrafficker: C.RelationshipToTrafficker | null;
  readonly documentsHeldBy: C.DocumentHolder | null;
  /** Survivor code, `V-` and 8 base32; null for parties who are not victims. */
  readonly code: string | null;
  readonly from: string;
  readonly until: string | null;
  /** The person's age at the event, under 18; the child overlay reads the victim's. */
  readonly isChild: boolean;
  readonly holders: readonly C.AgencyCode[];
}
export interface ReferralRow {
  readonly uid: string;
  /** Members. */
  readonly from: string;
  readonly to: string;
  readonly reason: C.ReferralReason;
  readonly purpose: C.PurposeOfUse;
  readonly status: C.ReferralStatus;
  readonly grantedGroups: readonly C.FieldGroup[];
  readonly basis: C.DisclosureBasis;
  readonly consent: string | null;
  readonly sentAt: string | null;
  readonly respondedAt: string | null;
  readonly expiresAt: string;
  readonly details: string;
}
export interface ConsentRow {
  readonly uid: string;
  readonly scope: C.ConsentScope;
  /** Members. */
  readonly recipients: readonly string[];
  readonly fieldGroups: readonly C.FieldGroup[];
  readonly status: C.ConsentStatus;
  readonly givenBy: C.ConsentGiver;
  readonly checklist: {
    readonly agreedToInterview: boolean;
    readonly toldPurpose: boolean;
    readonly toldUses: boolean;
    readonly toldResearch: boolean;
    readonly toldAccessRight: boolean;
    readonly toldRetention: boolean;
    readonly toldWithdrawal: boolean;
  };
  readonly givenAt: string | null;
  readonly validUntil: string | null;
  readonly withdrawnAt: string | null;
  /** Uid of the later record that replaces this one; a replaced record decides nothing. */
  readonly replacedBy: string | null;
}
/** Who of a member's staff is on the case. `owner`: of the holding agency; `receiver`: put on it by a receiving one. */
export interface AssignmentRow {
  readonly member: string;
  readonly staffId: string;
  readonly capacity: "worker" | "supervisor" | "reviewer";
  readonly side: "owner" | "receiver";
}
export interface CaseOverlays {
  /** A victim party under 18 at the event or now. */
  readonly child: boolean;
  readonly sealed: boolean;
  /** The case reached CHARGED. */
  readonly charged: boolean;
  /** Groups that the referral order put before the court. */
  readonly courtGroups: readonly C.FieldGroup[];
  /** Members for whom a suspect works. */
  readonly officialSuspect: readonly string[];
  /** Staff linked to a party. */
  readonly staffConflict: readonly string[];
}

export interface CaseContentRow {
  /** Uid of the case. */
  readonly uid: string;
  readonly index: number;
  readonly report: ReportRow;
  readonly screening: ScreeningRow | null;
  readonly exploitation: ExploitationRow | null;
  readonly statements: readonly {
    readonly text: string;
    readonly takenBy: string;
    readonly takenByMember: string;
    readonly recordingRef: string | null;
    /** Inside the recording; null where there is none. */
    readonly recordingTitle: string | null;
    readonly takenAt: string;
  }[];
  readonly supportPlans: readonly {
    readonly type: C.ServiceType;
    readonly objectives: string;
    readonly actionPlan: string;
    readonly plannedEnd: string;
    readonly actualEnd: string | null;
  }[];
  readonly services: readonly {
    readonly type: C.ServiceType;
    /** Member. */
    readonly provider: string;
    readonly deliveredAt: string;
  }[];
  readonly shelterStays: readonly {
    /** Uid of the facility, and the member whose house it is. */
    readonly facility: string;
    readonly house: string;
    readonly admittedOn: string;
    readonly leftOn: string | null;
    readonly freeToLeave: boolean;
    readonly securityPlan: string;
  }[];
  readonly sheltered: boolean;
  readonly health: readonly {
    readonly physical: string;
    readonly psychological: string;
    readonly disability: boolean;
    readonly urgentNeed: boolean;
  }[];
  readonly notes: readonly { readonly at: string; readonly by: string; readonly text: string }[];
  readonly returnPlan: {
    readonly uid: string;
    readonly wish: C.ReturnWish;
    readonly riskAssessment: string;
    /** `YYYY-MM`. */
    readonly plannedMonth: string | null;
    readonly receivingOrganisation: string | null;
  } | null;
}
export interface ReportRow {
  readonly uid: string;
  readonly number: string;
  readonly channel: C.ReportChannel;
  readonly receivedAt: string;
  /** Uid of a person; null when anonymous. */
  readonly reporter: string | null;
  readonly anonymous: boolean;
  readonly summary: string;
  readonly immediateDanger: boolean;
  /** Member that took the report. */
  readonly takenBy: string;
}
export interface ScreeningRow {
  readonly outcome: C.ScreeningOutcome | null;
  readonly findings: readonly {
    readonly indicator: string;
    readonly evidence: C.EvidenceBasis;
    readonly confidence: C.Confidence;
  }[];
  readonly dimensionResults: readonly {
    readonly dimension: C.IndicatorDimension;
    readonly positive: boolean;
    readonly strong: number;
    readonly medium: number;
    readonly weak: number;
  }[];
  readonly suggestedOutcome: C.ScreeningOutcome;
  readonly rationale: string;
  readonly screener: string;
  readonly reviewer: string | null;
  readonly interviewLanguage: string;
  readonly interpreterUsed: boolean;
  readonly decidedAt: string | null;
}
export interface PlaceRow {
  readonly kind: C.PlaceKind;
  readonly country: string;
  readonly area: string | null;
  /** Uid of an employer. */
  readonly employer: string | null;
}
export interface ExploitationRow {
  readonly acts: readonly string[];
  readonly means: readonly string[];
  readonly purposes: readonly string[];
  readonly sexualKinds: readonly string[];
  readonly sector: string | null;
  readonly controlMethods: readonly string[];
  readonly recruitmentMethods: readonly string[];
  readonly recruitmentPlatforms: readonly string[];
  readonly exploitationPlatforms: readonly string[];
  readonly locationOfRecruitment: PlaceRow;
  readonly locationOfExploitation: PlaceRow;
  readonly events: readonly {
    readonly kind: "RECRUITMENT" | "TRANSIT" | "EXPLOITATION";
    readonly date: string;
    readonly place: PlaceRow;
    readonly description: string;
  }[];
  readonly durationBand: C.DurationBand;
  readonly narrative: string;
}
export interface FacilityRow {
  readonly uid: string;
  readonly name: string;
  readonly area: string;
  readonly address: Address;
  readonly capacity: number;
  /** Member whose house it is. */
  readonly house: string;
}
