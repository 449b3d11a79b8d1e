/**
 * Code lists of the synthetic world: the codes that rows may carry, as string unions.
 *
 * Source  domain model §4; `tests/sandbox/synth/codes.test.ts` checks the codes of rows against `schema/domain.json`.
 */
export type AgencyCode =
  | "IGA"
  | "LMRA"
  | "EPC"
  | "MOI"
  | "PPO"
  | "CRT"
  | "NPRA"
  | "MOSD"
  | "NGO"
  | "NCC"
  | "RTC"
  | "EXT";

export type FieldGroup =
  | "IDENTITY_CORE"
  | "DEMOGRAPHICS"
  | "IDENTIFIERS"
  | "CONTACT"
  | "EMPLOYMENT"
  | "WAGES_COMPLAINTS"
  | "IMMIGRATION"
  | "RISK_SIGNALS"
  | "CASE_HEADER"
  | "REPORT_SOURCE"
  | "SCREENING"
  | "EXPLOITATION_DETAIL"
  | "VICTIM_STATEMENT"
  | "HEALTH_PSYCH"
  | "SHELTER_PLACEMENT"
  | "SERVICES_PLAN"
  | "CONSENT"
  | "REFERRALS"
  | "SUSPECT"
  | "INVESTIGATION_FILE"
  | "PROSECUTION_FILE"
  | "TRIAL_VERDICT"
  | "COMPENSATION"
  | "RETURN"
  | "AUDIT_TRAIL"
  | "AGGREGATES"
  | "COMMITTEE"
  | "TRAINING"
  | "POLICIES";

export type PurposeOfUse =
  | "IDENTIFICATION_SCREENING"
  | "EMERGENCY_PROTECTION"
  | "SHELTER_CARE"
  | "LEGAL_AID"
  | "CRIMINAL_INVESTIGATION"
  | "PROSECUTION"
  | "ADJUDICATION"
  | "LABOUR_INSPECTION"
  | "LABOUR_DISPUTE"
  | "PREVENTIVE_MONITORING"
  | "STATUS_REGULARISATION"
  | "IMMIGRATION_ENFORCEMENT"
  | "CONSULAR_ASSISTANCE"
  | "VOLUNTARY_RETURN"
  | "REDRESS"
  | "NATIONAL_COORDINATION"
  | "STATISTICS_REPORTING"
  | "RESEARCH"
  | "TRAINING"
  | "INTERNATIONAL_COOPERATION"
  | "AUDIT_OVERSIGHT"
  | "SUBJECT_ACCESS"
  | "SYSTEM_OPERATION";

export type Track = "IDENTIFICATION" | "PROTECTION" | "JUSTICE" | "LABOUR" | "REDRESS";
export type IdentificationState =
  | "REPORTED"
  | "INTAKE"
  | "SCREENING"
  | "REVIEW"
  | "PRESUMED"
  | "LABOUR_ONLY"
  | "INSUFFICIENT"
  | "NOT_VICTIM"
  | "CONFIRMED";
export type ProtectionState =
  | "NONE"
  | "OFFERED"
  | "DECLINED"
  | "REFLECTION"
  | "ASSISTED"
  | "EXITING"
  | "COMPLETED";
export type JusticeState =
  | "NONE"
  | "POLICE_REPORT"
  | "INVESTIGATION"
  | "PROSECUTION_REVIEW"
  | "CHARGED"
  | "TRIAL"
  | "VERDICT"
  | "APPEAL"
  | "FINAL"
  | "NO_GROUNDS"
  | "SHELVED"
  | "RECHARACTERISED";
export type LabourState =
  | "NONE"
  | "COMPLAINT"
  | "INSPECTION"
  | "SETTLEMENT"
  | "LABOUR_COURT"
  | "RESOLVED"
  | "ESCALATED";
export type RedressState = "NONE" | "CLAIMED" | "AWARDED" | "FUND_GRANT" | "PAID" | "REFUSED";

export type ReferralStatus = "DRAFT" | "SENT" | "ACCEPTED" | "REJECTED" | "DONE" | "REVOKED" | "EXPIRED";
export type ReferralReason =
  | "POLICE_INVESTIGATION"
  | "PUBLIC_PROSECUTION"
  | "SHELTER"
  | "MEDICAL_CARE"
  | "PSYCHOSOCIAL_CARE"
  | "LEGAL_AID"
  | "EMBASSY_ASSISTANCE"
  | "LABOUR_DISPUTE"
  | "IMMIGRATION_STATUS"
  | "STATUS_COMMITTEE"
  | "VOLUNTARY_RETURN"
  | "REINTEGRATION"
  | "CHILD_PROTECTION"
  | "FOREIGN_NRM"
  | "ADDITIONAL_SERVICES"
  | "CHANGE_OF_LOCATION"
  | "OTHER";
export type DisclosureBasis = "CONSENT" | "LEGAL_DUTY" | "VITAL_INTEREST" | "COURT_ORDER" | "CHILD_INTEREST";
export type ConsentStatus = "GIVEN" | "REFUSED" | "WITHDRAWN" | "EXPIRED" | "NOT_ASKED";
export type ConsentGiver = "SELF" | "GUARDIAN" | "LEGAL_REPRESENTATIVE";
export type ConsentScope =
  | "SERVICES"
  | "SHARE_WITH_GOVERNMENT"
  | "SHARE_WITH_NGO"
  | "SHARE_WITH_EMBASSY"
  | "SHARE_WITH_FOREIGN_NRM"
  | "PARTICIPATE_IN_PROCEEDINGS"
  | "MEDICAL_DISCLOSURE"
  | "STATISTICS"
  | "RESEARCH"
  | "MEDIA";

export type PartyRole =
  | "VICTIM"
  | "SUSPECT"
  | "DEFENDANT"
  | "CONVICTED"
  | "ACQUITTED"
  | "WITNESS"
  | "REPORTER"
  | "EMPLOYER"
  | "DEPENDANT"
  | "LEGAL_REPRESENTATIVE"
  | "GUARDIAN";
export type TraffickingStatus = "NOT_ASSESSED" | "POSSIBLE_VICTIM" | "ACTUAL_VICTIM" | "NOT_A_VICTIM";
export type DecisionMaker = "POLICE" | "NGO" | "COURT_OR_PROSECUTION" | "NON_POLICE_GOVERNMENT" | "OTHER";
export type RelationshipToTrafficker =
  | "INTIMATE_PARTNER"
  | "FAMILY"
  | "FRIEND"
  | "EMPLOYER"
  | "BROKER"
  | "ACQUAINTED"
  | "UNACQUAINTED"
  | "UNKNOWN";
export type DocumentHolder = "WORKER" | "EMPLOYER" | "AGENCY" | "AUTHORITY" | "UNKNOWN";
export type ClosureReason =
  | "GOALS_MET"
  | "DECLINED"
  | "LOST_CONTACT"
  | "TRANSFERRED"
  | "NOT_VICTIM"
  | "LABOUR_ONLY"
  | "DUPLICATE"
  | "DECEASED"
  | "OTHER";
export type RiskLevel = "LOW" | "MEDIUM" | "HIGH" | "IMMINENT";

export const REPORT_CHANNELS = [
  "HOTLINE_995",
  "POLICE_HOTLINE",
  "POLICE_STATION",
  "WALK_IN_CENTRE",
  "LABOUR_COMPLAINT",
  "LABOUR_INSPECTION",
  "EMBASSY",
  "NGO",
  "HEALTH_FACILITY",
  "PORT_OF_ENTRY",
  "DETENTION_SCREENING",
  "COURT_OR_PROSECUTION",
  "RISK_SIGNAL",
  "ONLINE",
  "OTHER",
] as const;
export type ReportChannel = (typeof REPORT_CHANNELS)[number];

export type ScreeningOutcome =
  | "PRESUMED_VICTIM"
  | "LABOUR_VIOLATION_ONLY"
  | "INSUFFICIENT_INDICATORS"
  | "OTHER_CRIME"
  | "NO_CONCERN";
export type IndicatorDimension =
  | "DECEPTIVE_RECRUITMENT"
  | "COERCIVE_RECRUITMENT"
  | "RECRUITMENT_ABUSE_VULNERABILITY"
  | "EXPLOITATION"
  | "COERCION_AT_DESTINATION"
  | "ABUSE_VULNERABILITY_AT_DESTINATION";
export type EvidenceBasis = "STATEMENT" | "OBSERVATION" | "DOCUMENT" | "RECORD";
export type Confidence = "LOW" | "MEDIUM" | "HIGH";

export type ServiceType =
  | "SHELTER"
  | "FOOD_CLOTHING"
  | "HEALTH"
  | "PSYCHOLOGICAL"
  | "SOCIAL_CARE"
  | "LEGAL"
  | "INTERPRETATION"
  | "FINANCIAL"
  | "EDUCATION"
  | "LIVELIHOOD"
  | "LABOUR_REHABILITATION"
  | "SEXUAL_REHABILITATION"
  | "RIGHTS_TRAINING"
  | "TRANSPORT"
  | "FAMILY_REUNIFICATION"
  | "RETURN_TRAVEL"
  | "GUIDANCE";
export type PlaceKind = "HOME" | "WORKPLACE" | "PUBLIC" | "ONLINE" | "BORDER" | "OTHER";
export type ContactChannel = "VOICE" | "SMS" | "CHAT" | "EMAIL" | "THROUGH_THIRD_PARTY";
export type ReturnWish = "STAY" | "RETURN" | "THIRD_COUNTRY" | "UNDECIDED";
export type DurationBand = "MONTHS_0_12" | "MONTHS_13_24" | "MONTHS_25_PLUS";
export type AgeBand =
  | "AGE_0_8"
  | "AGE_9_17"
  | "AGE_18_20"
  | "AGE_21_23"
  | "AGE_24_26"
  | "AGE_27_29"
  | "AGE_30_38"
  | "AGE_39_47"
  | "AGE_48_PLUS";
export const EDUCATION_LEVELS = [
  "EARLY_CHILDHOOD",
  "PRIMARY",
  "LOWER_SECONDARY",
  "UPPER_SECONDARY",
  "POST_SECONDARY",
  "SHORT_TERTIARY",
  "BACHELOR",
  "MASTER",
  "DOCTORAL",
] as const;
export type EducationLevel = (typeof EDUCATION_LEVELS)[number];
export type Gender =
  | "FEMININE"
  | "MASCULINE"
  | "TRANSGENDER_FEMININE"
  | "TRANSGENDER_MASCULINE"
  | "NON_CONFORMING"
  | "UNKNOWN";
export type MaritalStatus =
  | "SINGLE"
  | "MARRIED"
  | "WIDOWED"
  | "DIVORCED"
  | "SEPARATED"
  | "REGISTERED_PARTNERSHIP";
export type Skill =
  | "SCREENING_L1"
  | "SCREENING_L2"
  | "INTERVIEW_CHILD"
  | "STATEMENT_TAKING"
  | "SAFEGUARDING"
  | "DATA_PROTECTION";
