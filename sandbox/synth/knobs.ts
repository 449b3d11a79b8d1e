/**
 * Every distribution of the synthetic world, in one place. Public counts where there are any, else ours.
 *
 * Source  synthetic.md §2–§6 of the domain texts: LMRA through GLMM (Q4 2022), census 2010, TIP reports, court and
 *         prosecution figures in the press. Weights need not add up to one.
 */
import type * as C from "./codes.ts";
import type { Weights } from "./random.ts";

export type Sex = "M" | "F";
/** P: public and private sectors. D: domestic. */
export type Stock = `${string}|${Sex}|${"P" | "D"}`;

/** Workers by nationality, sex and kind, Q4 2022. */
export const STOCK: Weights<Stock> = [
  ["IND|M|P", 218_828],
  ["IND|F|P", 14_141],
  ["BGD|M|P", 105_771],
  ["BGD|F|P", 191],
  ["PAK|M|P", 59_681],
  ["PAK|F|P", 1_103],
  ["PHL|M|P", 10_718],
  ["PHL|F|P", 16_484],
  ["NPL|M|P", 17_916],
  ["NPL|F|P", 2_132],
  ["EGY|M|P", 10_002],
  ["EGY|F|P", 1_690],
  ["LKA|M|P", 3_773],
  ["LKA|F|P", 646],
  ["KEN|M|P", 1_493],
  ["KEN|F|P", 867],
  ["OTH|M|P", 27_203],
  ["OTH|F|P", 10_530],
  ["IND|M|D", 9_049],
  ["IND|F|D", 11_397],
  ["PHL|M|D", 484],
  ["PHL|F|D", 20_878],
  ["BGD|M|D", 8_128],
  ["BGD|F|D", 654],
  ["IDN|M|D", 42],
  ["IDN|F|D", 5_392],
  ["LKA|M|D", 420],
  ["LKA|F|D", 3_167],
  ["PAK|M|D", 3_402],
  ["PAK|F|D", 114],
  ["ETH|M|D", 42],
  ["ETH|F|D", 10_005],
  ["KEN|M|D", 40],
  ["KEN|F|D", 1_758],
  ["OTH|M|D", 2_735],
];
/** Countries behind OTH, each with the list of names that fits it best. */
export const OTHER_COUNTRIES: Weights<readonly [country: string, names: string]> = [
  [["THA", "PHL"], 20],
  [["MAR", "EGY"], 16],
  [["TUN", "EGY"], 8],
  [["JOR", "EGY"], 12],
  [["SYR", "EGY"], 14],
  [["YEM", "EGY"], 10],
  [["GHA", "KEN"], 6],
  [["UGA", "KEN"], 8],
  [["NGA", "KEN"], 4],
  [["VNM", "PHL"], 2],
];
/** Women on visit visas, among whom sexual exploitation is found more often. */
export const VISITOR_NATIONALITIES: Weights<string> = [
  ["THA", 30],
  ["PHL", 20],
  ["IND", 14],
  ["KEN", 10],
  ["MAR", 14],
  ["ETH", 6],
  ["LKA", 6],
];
/** Residents around a case (reporters, guardians, witnesses) and suspects. */
export const RESIDENT_NATIONALITIES: Weights<string> = [
  ["BHR", 40],
  ["IND", 22],
  ["BGD", 10],
  ["PAK", 12],
  ["PHL", 8],
  ["EGY", 8],
];
export const SUSPECT_NATIONALITIES: Weights<string> = [
  ["BHR", 30],
  ["IND", 18],
  ["BGD", 18],
  ["PAK", 10],
  ["THA", 10],
  ["PHL", 6],
  ["MAR", 8],
];
export const SUSPECT_MEN = 81 / 114;

/** Sections of non-Bahraini employees, census 2010; households are all domestic permits. */
export const SECTORS: Readonly<Record<Sex, Weights<string>>> = {
  M: [
    ["A", 6_393],
    ["B", 1_389],
    ["C", 62_901],
    ["D", 57],
    ["E", 548],
    ["F", 145_416],
    ["G", 80_226],
    ["H", 9_447],
    ["I", 26_812],
    ["J", 3_557],
    ["K", 6_028],
    ["L", 5_427],
    ["M", 8_445],
    ["N", 14_585],
  ],
  F: [
    ["A", 14],
    ["B", 15],
    ["C", 2_372],
    ["D", 3],
    ["E", 3],
    ["F", 1_222],
    ["G", 5_808],
    ["H", 1_685],
    ["I", 4_744],
    ["J", 425],
    ["K", 1_235],
    ["L", 526],
    ["M", 1_496],
    ["N", 924],
  ],
};
/** First year of five-year age bands: male construction workers 2010. */
export const AGES: Weights<number> = [
  [20, 14_053],
  [25, 38_780],
  [30, 31_459],
  [35, 24_290],
  [40, 17_223],
  [45, 9_831],
  [50, 6_367],
  [55, 2_620],
  [60, 620],
];

// ---- Labour market

/** At the national stock of 580,876 workers. */
export const NATIONAL = { workers: 580_876, establishments: 60_000, households: 65_000, inspections: 50_000 };
/** Employer size, Zipf-like: index = u^EMPLOYER_SKEW × establishments. */
export const EMPLOYER_SKEW = 2.2;
export const RECRUITMENT_AGENCIES = 0.02;
/** Of permits that are not domestic (82 : 4 : 0.6 of all permits). */
export const PERMIT_TYPES: Weights<"EMPLOYER_SPONSORED" | "LABOUR_REGISTRATION" | "NONE"> = [
  ["EMPLOYER_SPONSORED", 82],
  ["LABOUR_REGISTRATION", 4],
  ["NONE", 0.6],
];
/** Median wage in BHD by ISIC section; others `WAGE_MEDIAN`. Log-normal. */
export const WAGE_MEDIANS: Readonly<Record<string, number>> = {
  F: 110,
  T: 120,
  I: 130,
  K: 250,
  J: 250,
  M: 250,
};
export const WAGE_MEDIAN = 140;
export const WAGE_SIGMA = 0.3;
/** Share of wage months paid late, and how it clusters: Beta(a, b) per employer with this mean. */
export const LATE_WAGES = { mean: 0.015, concentration: 4 };
export const COMPLAINTS_A_YEAR = 0.025;
export const COMPLAINT_GROUNDS: Weights<string> = [
  ["UNPAID_WAGES", 45],
  ["TERMINATION", 15],
  ["TRANSFER_REFUSED", 12],
  ["PASSPORT_KEPT", 9],
  ["CONTRACT_CHANGED", 7],
  ["OVERTIME", 5],
  ["OTHER", 7],
];
export const LEFT_WORK_A_YEAR = 0.008;
/** Of left-work reports, those within 30 days after a complaint. */
export const LEFT_WORK_AFTER_COMPLAINT = 0.08;
/** Holds of witnesses and medical cases, who have no case of their own. */
export const OTHER_HOLDS = 0.004;

// ---- The funnel

export const OUTCOMES: Weights<"PRESUMED" | "LABOUR_ONLY" | "INSUFFICIENT" | "NOT_VICTIM"> = [
  ["LABOUR_ONLY", 78],
  ["INSUFFICIENT", 11],
  ["NOT_VICTIM", 6],
  ["PRESUMED", 5],
];
/** Cases not yet decided on the day the data end. */
export const UNDECIDED = 0.02;
/** Outcomes that stay wrong: 6 % of first screenings, of which the second review catches two thirds. */
export const WRONG_OUTCOMES = 0.02;
export const FORMS: Readonly<Record<Sex, Weights<Form>>> = {
  F: [
    ["sexual", 45],
    ["labour", 50],
    ["other", 5],
  ],
  M: [
    ["labour", 91],
    ["sexual", 4],
    ["other", 5],
  ],
};
export type Form = "labour" | "sexual" | "other";
/** Of women in sexual exploitation, those on a visit visa. */
export const VISITORS_AMONG_SEXUAL = 0.65;
/** How much likelier a worker is to become a case, by what they do. */
export const LEAN = { domesticWoman: 12, otherWoman: 6, builder: 1.5, other: 1 };
export const POLICE_INVOLVED: Readonly<Record<Form, number>> = { sexual: 0.9, labour: 0.35, other: 0.5 };
/** Police files of a year; one of them is big. */
export const FILES_A_YEAR = 30;
export const FILE_SKEW = 1.6;
export const SUSPECTS_A_FILE: Weights<number> = [
  [1, 38],
  [2, 32],
  [3, 18],
  [4, 12],
];
/** Of 33 files: court 12, not trafficking 6, shelved 8, open 7; 8 of 15 tried were convicted within the year. */
export const FILE_STATES: Weights<C.JusticeState> = [
  ["CHARGED", 2],
  ["TRIAL", 3],
  ["VERDICT", 3],
  ["APPEAL", 2],
  ["FINAL", 2],
  ["RECHARACTERISED", 4],
  ["NO_GROUNDS", 2],
  ["SHELVED", 8],
  ["INVESTIGATION", 5],
  ["PROSECUTION_REVIEW", 2],
];
export const PROTECTION_OF_PRESUMED: Weights<C.ProtectionState> = [
  ["OFFERED", 10],
  ["DECLINED", 12],
  ["REFLECTION", 10],
  ["ASSISTED", 33],
  ["EXITING", 10],
  ["COMPLETED", 25],
];
export const LABOUR_OF_LABOUR_ONLY: Weights<C.LabourState> = [
  ["COMPLAINT", 20],
  ["INSPECTION", 15],
  ["SETTLEMENT", 25],
  ["LABOUR_COURT", 10],
  ["RESOLVED", 30],
];
/** 392 sheltered of 1,500 intakes, 39 days on average, log-normal. */
export const SHELTERED = { presumed: 0.7, others: 0.237 };
export const STAY = { meanDays: 39, sigma: 0.9 };
export const WISHES: Weights<"RETURN" | "NEW_EMPLOYER" | "STAY_FOR_TRIAL"> = [
  ["RETURN", 50],
  ["NEW_EMPLOYER", 35],
  ["STAY_FOR_TRIAL", 15],
];
export const CONSENTS: Weights<"GIVEN" | "REFUSED" | "WITHDRAWN"> = [
  ["GIVEN", 78],
  ["REFUSED", 18],
  ["WITHDRAWN", 4],
];

// ---- Indicators

export type TrueClass = "labour" | "sexual" | "labourOnly" | "none";
/** Indicator codes of a family, and the chance of each of them given the true class. Severity adds on the logit. */
export const INDICATORS: readonly {
  readonly codes: readonly string[];
  readonly chance: Readonly<Record<TrueClass, number>>;
}[] = [
  { codes: ["CD_DOCUMENTS"], chance: { labour: 0.72, sexual: 0.55, labourOnly: 0.22, none: 0.02 } },
  { codes: ["CD_WAGES", "EX_LOW_PAY"], chance: { labour: 0.78, sexual: 0.4, labourOnly: 0.6, none: 0.05 } },
  { codes: ["EX_HOURS"], chance: { labour: 0.75, sexual: 0.45, labourOnly: 0.3, none: 0.05 } },
  { codes: ["CD_CONFINEMENT"], chance: { labour: 0.55, sexual: 0.7, labourOnly: 0.04, none: 0.01 } },
  { codes: ["CD_DEBT"], chance: { labour: 0.35, sexual: 0.45, labourOnly: 0.05, none: 0.01 } },
  {
    codes: ["DR_JOB_PLACE_EMPLOYER", "DR_WAGES"],
    chance: { labour: 0.65, sexual: 0.72, labourOnly: 0.18, none: 0.03 },
  },
  { codes: ["CD_VIOLENCE"], chance: { labour: 0.25, sexual: 0.5, labourOnly: 0.02, none: 0.01 } },
  { codes: ["CD_DENUNCIATION"], chance: { labour: 0.5, sexual: 0.45, labourOnly: 0.08, none: 0.01 } },
  { codes: ["EX_LIVING"], chance: { labour: 0.5, sexual: 0.3, labourOnly: 0.25, none: 0.04 } },
  { codes: ["AV_DEPENDENCY"], chance: { labour: 0.7, sexual: 0.75, labourOnly: 0.35, none: 0.1 } },
];
/** Standard deviation on the logit of the severity that all indicators of a case share. */
export const SEVERITY_SIGMA = 0.5;

// ---- What a first receiver gets wrong (synthetic.md §6)

export const NOISE = {
  noCpr: 0.3,
  noPassport: 0.25,
  otherScript: 0.35,
  vowelsChanged: 0.3,
  partMissing: 0.2,
  reversed: 0.1,
  birthDateUnknown: 0.08,
  birthDateFirstOfJanuary: 0.08,
  birthDateDamaged: 0.04,
};
