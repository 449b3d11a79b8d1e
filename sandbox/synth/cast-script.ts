/**
 * The cast: the first twenty cases of every world, scripted so that each golden scenario has seeded rows to stand on.
 *
 * `cast.ts` finds them by name; `sees` says in words what the named readers get. Everything not scripted is as of an
 * ordinary presumed victim: open, at no police file, no referral but the ones listed.
 */

import { type CasePlan, consent, GRANTS, referral } from "./case-plan.ts";
import type { Sex } from "./knobs.ts";
import { AMAN, addressOf, INDIAN_EMBASSY, JORDAN_NRM, MWPS, PHILIPPINE_EMBASSY } from "./members.ts";
import type { CaseSlot } from "./population.ts";

export interface CastPerson {
  readonly nationality: string;
  readonly sex: Sex;
  readonly birthYear: number;
  /** For workers. */
  readonly domestic?: boolean;
}
export interface CastEntry {
  readonly name: CastName;
  readonly scenarios: readonly string[];
  readonly sees: string;
  /** Victims are workers unless they are one of the people around the case; a visitor is in no register but NPRA's. */
  readonly victim: CastPerson & { readonly around?: CaseSlot };
  readonly plan: Partial<CasePlan>;
}
export type CastName = (typeof CAST_NAMES)[number];
/** In the order of the cases: the first is case 0. */
export const CAST_NAMES = [
  "overview",
  "related",
  "presumedWorker",
  "ngoGiven",
  "ngoWithdrawn",
  "ngoRefused",
  "ngoOther",
  "policeReferred",
  "beforeCharge",
  "afterCharge",
  "indianNational",
  "filipinoNational",
  "child",
  "trialProtected",
  "overlays",
  "sealed",
  "referralStates",
  "labourOnly",
  "merged",
  "closed",
] as const;

const MOI = addressOf("MOI");
const PPO = addressOf("PPO");
const LMRA = addressOf("LMRA");
const MOSD = addressOf("MOSD");
const NCC = addressOf("NCC");
const NPRA = addressOf("NPRA");

const DUTY = { basis: "LEGAL_DUTY" } as const;
const toPolice = referral(MOI, "POLICE_INVESTIGATION", "CRIMINAL_INVESTIGATION", GRANTS.police, DUTY);
const toProsecution = referral(PPO, "PUBLIC_PROSECUTION", "PROSECUTION", GRANTS.prosecution, DUTY);
const toSociety = (member: string) => referral(member, "SHELTER", "SHELTER_CARE", GRANTS.society);
const toEmbassy = (member: string) =>
  referral(member, "EMBASSY_ASSISTANCE", "CONSULAR_ASSISTANCE", GRANTS.embassy);
const forSociety = (member: string) => consent("SHARE_WITH_NGO", [member], GRANTS.society);
const forEmbassy = (member: string) => consent("SHARE_WITH_EMBASSY", [member], GRANTS.embassy);

export const DEFAULT_TRACKS = {
  IDENTIFICATION: "PRESUMED",
  PROTECTION: "ASSISTED",
  LABOUR: "NONE",
  REDRESS: "NONE",
} as const;
const indianWoman = { nationality: "IND", sex: "F", birthYear: 1991, domestic: true } as const;
export const ethiopianWoman = { nationality: "ETH", sex: "F", birthYear: 1998, domestic: true } as const;
const bangladeshiMan = { nationality: "BGD", sex: "M", birthYear: 1989, domestic: false } as const;

export const CAST: readonly CastEntry[] = [
  {
    name: "overview",
    scenarios: ["README", "G20", "G22"],
    sees: "rows at all twelve agencies. NGO.caseworker (MWPS): header, identity, services, own assistance; prosecutor: file, charges, trial, verdicts, award, not the shelter; labour inspector: worker file, wages, header, nothing of the screening",
    victim: indianWoman,
    plan: {
      file: 0,
      tracks: { IDENTIFICATION: "CONFIRMED", PROTECTION: "ASSISTED", LABOUR: "SETTLEMENT", REDRESS: "PAID" },
      shelteredAt: 0,
      referrals: [
        toPolice,
        toProsecution,
        referral(MOSD, "PSYCHOSOCIAL_CARE", "SHELTER_CARE", GRANTS.care),
        referral(MOSD, "STATUS_COMMITTEE", "IDENTIFICATION_SCREENING", GRANTS.status, DUTY),
        referral(MWPS, "SHELTER", "SHELTER_CARE", GRANTS.societyWide),
        referral(MWPS, "LEGAL_AID", "LEGAL_AID", GRANTS.legalAid),
        referral(LMRA, "LABOUR_DISPUTE", "LABOUR_INSPECTION", ["CASE_HEADER"], DUTY),
        referral(LMRA, "LABOUR_DISPUTE", "LABOUR_DISPUTE", GRANTS.labour, DUTY),
        referral(NPRA, "IMMIGRATION_STATUS", "STATUS_REGULARISATION", ["IMMIGRATION"], DUTY),
        toEmbassy(INDIAN_EMBASSY),
        referral(NCC, "ADDITIONAL_SERVICES", "REDRESS", GRANTS.fund, DUTY),
      ],
      consents: [
        consent("SHARE_WITH_NGO", [MWPS], [...GRANTS.societyWide, ...GRANTS.legalAid]),
        consent("SHARE_WITH_GOVERNMENT", [MOSD], GRANTS.care),
        forEmbassy(INDIAN_EMBASSY),
      ],
      courtGroups: GRANTS.court,
      assistedBy: [MWPS],
      cared: true,
      compensation: { grant: true, award: "paid" },
      returnWish: "STAY",
    },
  },
  {
    name: "related",
    scenarios: ["related cases"],
    sees: "another victim of the same facts: investigation, prosecution and trial are those of `overview`, everything else is its own; NGO.caseworker (AMAN) only",
    victim: ethiopianWoman,
    plan: {
      file: 0,
      shelteredAt: 3,
      referrals: [toPolice, toProsecution, referral(AMAN, "SHELTER", "SHELTER_CARE", GRANTS.societyWide)],
      consents: [consent("SHARE_WITH_NGO", [AMAN], GRANTS.societyWide)],
      courtGroups: GRANTS.court,
      assistedBy: [AMAN],
    },
  },
  {
    name: "presumedWorker",
    scenarios: ["G1", "G2"],
    sees: "NPRA and LMRA staff: worker file and hold as of `castWorkers.disputed`, caseParties [] as of any worker",
    victim: ethiopianWoman,
    plan: { shelteredAt: 0 },
  },
  {
    name: "ngoGiven",
    scenarios: ["G6"],
    sees: "NGO.caseworker of MWPS: IDENTITY_CORE and SERVICES_PLAN; AMAN: as if unknown",
    victim: ethiopianWoman,
    plan: { shelteredAt: 0, referrals: [toSociety(MWPS)], consents: [forSociety(MWPS)], assistedBy: [MWPS] },
  },
  {
    name: "ngoWithdrawn",
    scenarios: ["G6"],
    sees: "NGO.caseworker of MWPS: the case, IDENTITY_CORE and SERVICES_PLAN null with R3",
    victim: ethiopianWoman,
    plan: {
      shelteredAt: 0,
      referrals: [toSociety(MWPS)],
      consents: [{ ...forSociety(MWPS), status: "WITHDRAWN" }],
      assistedBy: [MWPS],
    },
  },
  {
    name: "ngoRefused",
    scenarios: ["G6"],
    sees: "as ngoWithdrawn: the consent was never given",
    victim: ethiopianWoman,
    plan: {
      shelteredAt: 0,
      referrals: [toSociety(MWPS)],
      consents: [{ ...forSociety(MWPS), status: "REFUSED" }],
      assistedBy: [MWPS],
    },
  },
  {
    name: "ngoOther",
    scenarios: ["G6", "two societies share nothing"],
    sees: "NGO.caseworker of AMAN: IDENTITY_CORE and SERVICES_PLAN; MWPS: as if unknown",
    victim: ethiopianWoman,
    plan: { shelteredAt: 3, referrals: [toSociety(AMAN)], consents: [forSociety(AMAN)], assistedBy: [AMAN] },
  },
  {
    name: "policeReferred",
    scenarios: ["G7", "G15"],
    sees: "MOI.investigator: sheltered true, shelterStays null with R2, report.reporter null with R9 although the reporter is named",
    victim: bangladeshiMan,
    plan: { file: 1, shelteredAt: 1, referrals: [toPolice], consents: [], anonymousReport: false },
  },
  {
    name: "beforeCharge",
    scenarios: ["G8"],
    sees: "CRT.judge: as if unknown. PPO.prosecutor: PROSECUTION",
    victim: bangladeshiMan,
    plan: { file: 2, shelteredAt: 1, referrals: [toPolice, toProsecution] },
  },
  {
    name: "afterCharge",
    scenarios: ["G8"],
    sees: "CRT.judge: the groups of courtGroups, not CONTACT, SHELTER_PLACEMENT, HEALTH_PSYCH",
    victim: bangladeshiMan,
    plan: { file: 3, shelteredAt: 1, referrals: [toPolice, toProsecution], courtGroups: GRANTS.court },
  },
  {
    name: "indianNational",
    scenarios: ["G11"],
    sees: "EXT.consul of the Indian embassy: identity, passport, return; of the Philippine one: as if unknown",
    victim: indianWoman,
    plan: {
      shelteredAt: 0,
      returnWish: "RETURN",
      referrals: [toEmbassy(INDIAN_EMBASSY)],
      consents: [forEmbassy(INDIAN_EMBASSY)],
    },
  },
  {
    name: "filipinoNational",
    scenarios: ["G11"],
    sees: "EXT.consul of the Philippine embassy: identity, passport, return; of the Indian one: as if unknown",
    victim: { nationality: "PHL", sex: "F", birthYear: 1995, domestic: true },
    plan: {
      shelteredAt: 0,
      returnWish: "RETURN",
      referrals: [toEmbassy(PHILIPPINE_EMBASSY)],
      consents: [forEmbassy(PHILIPPINE_EMBASSY)],
    },
  },
  {
    name: "child",
    scenarios: ["G13"],
    sees: "NGO.caseworker 1 of MWPS (no INTERVIEW_CHILD): null, shown as R7, recorded as R10; caseworker 2 (certified): values",
    victim: { nationality: "IND", sex: "F", birthYear: 2008, around: "dependant" },
    plan: {
      child: true,
      form: "other",
      shelteredAt: 2,
      referrals: [referral(MWPS, "CHILD_PROTECTION", "SHELTER_CARE", GRANTS.society)],
      consents: [{ ...forSociety(MWPS), givenBy: "GUARDIAN" }],
      assistedBy: [MWPS],
    },
  },
  {
    name: "trialProtected",
    scenarios: ["G17"],
    sees: "stage: NGO.caseworker of MWPS PRESUMED_VICTIM, PPO.prosecutor TRIAL. Both hold CASE_HEADER, the group of all five states, so a track enters the stage only for who may see its record: only PPO's referral grants TRIAL_VERDICT and PPO owns PROSECUTION_FILE; for the NGO Case.investigation, prosecution and trial are closed, justice counts as NONE, and identification PRESUMED with protection ASSISTED remain",
    victim: ethiopianWoman,
    plan: {
      file: 4,
      shelteredAt: 0,
      referrals: [toPolice, toProsecution, referral(MWPS, "SHELTER", "SHELTER_CARE", GRANTS.societyWide)],
      consents: [consent("SHARE_WITH_NGO", [MWPS], GRANTS.societyWide)],
      courtGroups: GRANTS.court,
      assistedBy: [MWPS],
    },
  },
  {
    name: "overlays",
    scenarios: ["official suspect", "staff conflict"],
    sees: "a suspect works for MOI: MOI, although referred to, sees nothing of the case. ngo-mwps-caseworker-2 is linked to a party and sees nothing; ngo-mwps-caseworker-1 does",
    victim: bangladeshiMan,
    plan: {
      file: 5,
      shelteredAt: 1,
      referrals: [toPolice, referral(MWPS, "SHELTER", "SHELTER_CARE", GRANTS.societyWide)],
      consents: [consent("SHARE_WITH_NGO", [MWPS], GRANTS.societyWide)],
      staffConflict: ["ngo-mwps-caseworker-2"],
      assistedBy: [MWPS],
    },
  },
  {
    name: "sealed",
    scenarios: ["sealed trial", "foreign mechanism"],
    sees: "PPO, CRT: defendants of the verdicts; MOI (granted TRIAL_VERDICT): verdicts without defendants. EXT.foreignNrm of Jordan: return and services; the victim is on a visit visa, so that the population register has no name for her",
    victim: { nationality: "JOR", sex: "F", birthYear: 1997, around: "visitor" },
    plan: {
      file: 6,
      form: "sexual",
      shelteredAt: 0,
      returnWish: "RETURN",
      referrals: [
        { ...toPolice, groups: [...GRANTS.police, "TRIAL_VERDICT"] },
        toProsecution,
        referral(JORDAN_NRM, "FOREIGN_NRM", "INTERNATIONAL_COOPERATION", GRANTS.foreign),
      ],
      consents: [consent("SHARE_WITH_FOREIGN_NRM", [JORDAN_NRM], GRANTS.foreign)],
      courtGroups: GRANTS.court,
    },
  },
  {
    name: "referralStates",
    scenarios: ["referral and consent states"],
    sees: "MWPS (DONE), MOI (REVOKED), PPO (EXPIRED), MOSD (SENT): as if unknown. LMRA (ACCEPTED, ran out): knows, reads nothing. AMAN (ACCEPTED): the case, but the consent ran out, so R3",
    victim: indianWoman,
    plan: {
      shelteredAt: 0,
      referrals: [
        { ...toSociety(MWPS), status: "DONE" },
        { ...toPolice, status: "REVOKED" },
        { ...toProsecution, status: "EXPIRED", expires: "past" },
        referral(MOSD, "PSYCHOSOCIAL_CARE", "SHELTER_CARE", GRANTS.care, { status: "SENT" }),
        referral(LMRA, "LABOUR_DISPUTE", "LABOUR_DISPUTE", GRANTS.labour, { ...DUTY, expires: "past" }),
        toSociety(AMAN),
      ],
      consents: [forSociety(MWPS), { ...forSociety(AMAN), validity: "past" }],
    },
  },
  {
    name: "labourOnly",
    scenarios: ["labour-only", "mask of Screening.outcome"],
    sees: "LMRA.complaintsOfficer: header and Screening.outcome LABOUR_VIOLATION_ONLY, nothing else of the screening",
    victim: bangladeshiMan,
    plan: {
      outcome: "LABOUR_VIOLATION_ONLY",
      tracks: { IDENTIFICATION: "LABOUR_ONLY", PROTECTION: "NONE", LABOUR: "SETTLEMENT", REDRESS: "NONE" },
      referrals: [referral(LMRA, "LABOUR_DISPUTE", "LABOUR_DISPUTE", GRANTS.labour, DUTY)],
    },
  },
  {
    name: "merged",
    scenarios: ["merged case"],
    sees: "a second intake of the victim of `ngoGiven`, merged into it",
    victim: ethiopianWoman,
    plan: { mergedInto: 3, closed: "DUPLICATE" },
  },
  {
    name: "closed",
    scenarios: ["closed case", "final conviction of an employer", "deportation order"],
    sees: "EPC and PPO: CLOSED, with a final judgment. LMRA: the employer's final conviction. NPRA: the convict's deportation order",
    victim: bangladeshiMan,
    plan: {
      file: 7,
      tracks: { IDENTIFICATION: "CONFIRMED", PROTECTION: "COMPLETED", LABOUR: "RESOLVED", REDRESS: "PAID" },
      closed: "GOALS_MET",
      shelteredAt: 0,
      referrals: [toPolice, toProsecution],
      courtGroups: GRANTS.court,
      compensation: { grant: false, award: "paid" },
      returnWish: "RETURN",
    },
  },
];
