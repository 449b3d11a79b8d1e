/**
 * The phrases of explanations, in English and in Arabic.
 *
 * Out     for each language the same phrases: pairs are what is said when something is so and when it is not.
 * Rule    codes (groups, purposes, certificates) stay as they are: they are what policies, records and forms name.
 */
import type { ObligationCode } from "../../kernel/obligations.ts";

export type Language = "en" | "ar";

type Pair = readonly [yes: string, no: string];

/** Facts of a row that may change, as `nearest.ts` tries them out. */
interface Changes {
  readonly purpose: (purpose: string) => string;
  readonly noRefusal: (group: string, agency: string) => string;
  readonly consent: (agency: string, group: string) => string;
  readonly referral: (agency: string) => string;
  readonly grantingReferral: (agency: string, group: string) => string;
  readonly reachedByCase: string;
  readonly court: (group: string) => string;
  readonly basis: (basis: string) => string;
}

/** Questions that the procedure does not decide. */
interface Outside {
  readonly role: (role: string) => string;
  readonly field: (field: string) => string;
  readonly purpose: (role: string, purpose: string) => string;
  readonly agency: (role: string) => string;
}

/** What is so in a situation that shows a finding; the rest is said as of any row. */
interface SituationPhrases {
  readonly unanswered: string;
  readonly oldReferral: (agency: string) => string;
  readonly referral: (agency: string, groups: string) => string;
  readonly agreed: (groups: string, agency: string) => string;
  readonly refused: (groups: string, agency: string) => string;
  readonly opened: string;
  readonly ordinary: string;
  /** Between two of them: all must be so. */
  readonly also: string;
}

export interface Phrases {
  /** What readers have to do, by obligation and its amount. */
  readonly obligations: Readonly<Record<ObligationCode, (amount: number) => string>>;
  /** Flags of `resource.access`. */
  readonly flags: Readonly<Record<string, Pair>>;
  /** Sets of groups, of the row and of the reader. */
  readonly sets: Readonly<Record<string, (names: string) => Pair>>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly ofClass: (level: string) => string;
  readonly is: (what: "purpose" | "basis" | "role" | "agency" | "field", names: string) => Pair;
  readonly breakGlass: Pair;
  readonly not: (text: string) => string;
  readonly or: string;
  readonly comma: string;
  readonly and: string;
  /** What a value is called beside its words. */
  readonly values: Readonly<Record<string, string>>;
  readonly nothing: string;
  readonly neverOpened: string;
  readonly until: (time: string) => string;
  readonly unreadable: string;
  readonly changes: Changes;
  readonly situation: SituationPhrases;
  readonly outside: Outside;
}

const WHAT = {
  purpose: "the purpose",
  basis: "the legal basis",
  role: "the reader's role",
  agency: "the reader's agency",
  field: "the field",
};

const days = (amount: number): string => (amount === 1 ? "one day" : `${amount} days`);
const hours = (amount: number): string => (amount === 1 ? "one hour" : `${amount} hours`);

const EN: Phrases = {
  obligations: {
    NO_REDISCLOSURE: () => "do not pass it on",
    NO_EXPORT: () => "do not save or print it outside the front end",
    WATERMARK: () => "mark every view and copy with the reader's name and the time",
    DELETE_AFTER: (amount) => `delete every copy within ${days(amount)}`,
    TELL_SUBJECT: () => "tell the person, once it is safe",
    TELL_OWNER: () => "tell the agency that it belongs to",
    REVIEW_WITHIN: (amount) => `have the reading reviewed within ${hours(amount)}`,
  },
  flags: {
    caseBound: ["a case leads to the row", "no case leads to the row"],
    own: ["the row is the reader's own", "the row is not the reader's own"],
    holder: ["the reader holds the case", "the reader does not hold the case"],
    party: ["the case was referred to the reader", "the case was not referred to the reader"],
    known: ["the reader's agency knows of the case", "the reader's agency does not know of the case"],
    assigned: ["the reader is assigned to the case", "the reader is not assigned to the case"],
    charged: ["the case came to charges", "the case did not come to charges"],
    child: ["the victim is a child", "the victim is no child"],
    sealed: ["the trial is sealed", "the trial is not sealed"],
    officialSuspect: [
      "an official of the reader's agency is suspected",
      "no official of the reader's agency is suspected",
    ],
    staffConflict: ["the reader is linked to a party", "the reader is linked to no party"],
  },
  sets: {
    granted: (groups) => [`a referral grants ${groups}`, `no referral grants ${groups}`],
    consented: (groups) => [`the person agreed to ${groups}`, `the person did not agree to ${groups}`],
    refused: (groups) => [`the person refused ${groups}`, `the person did not refuse ${groups}`],
    court: (groups) => [`${groups} was put before the court`, `${groups} was not put before the court`],
    registers: (groups) => [
      `${groups} is a register of the reader's agency`,
      `${groups} is no register of the reader's agency`,
    ],
    certificates: (names) => [`the reader is certified ${names}`, `the reader is not certified ${names}`],
  },
  kinds: {
    case: "case data",
    caseData: "case data",
    personData: "person data",
    commonData: "common data",
    clear: "asked for in clear",
    masked: "asked for masked",
    neverBroken: "of a group that break-glass never opens",
  },
  ofClass: (level) => `of class ${level}`,
  is: (what, names) => [`${WHAT[what]} is ${names}`, `${WHAT[what]} is not ${names}`],
  breakGlass: ["break-glass is open", "break-glass is not open"],
  not: (text) => `not ${text}`,
  or: " or ",
  comma: ", ",
  and: " and ",
  values: { breakGlassUntil: "break-glass" },
  nothing: "nothing",
  neverOpened: "never opened",
  until: (time) => `until ${time}`,
  unreadable: "cannot be read",
  changes: {
    purpose: (purpose) => `the purpose is ${purpose}`,
    noRefusal: (group, agency) => `the person does not refuse ${group} to ${agency}`,
    consent: (agency, group) => `a consent that names ${agency} and ${group}, given and in force`,
    referral: (agency) => `a referral to ${agency} for the purpose asked, accepted and in force`,
    grantingReferral: (agency, group) =>
      `a referral to ${agency} for the purpose asked, accepted and in force, that grants ${group}`,
    reachedByCase: "the row is reached by a case",
    court: (group) => `the case came to charges and ${group} was put before the court`,
    basis: (basis) => `the referral rests on ${basis}`,
  },
  situation: {
    unanswered: "the ledger does not answer",
    oldReferral: (agency) => `an old referral to ${agency} has run out`,
    referral: (agency, groups) => `a referral to ${agency} for this purpose is in force and grants ${groups}`,
    agreed: (groups, agency) => `the person agreed to ${groups} for ${agency}`,
    refused: (groups, agency) => `the person refused ${groups} to ${agency}`,
    opened: "break-glass was opened",
    ordinary: "nothing is out of the ordinary",
    also: ", and ",
  },
  outside: {
    role: (role) => `\`${role}\` is no role of the domain`,
    field: (field) => `\`${field}\` is no field with a group`,
    purpose: (role, purpose) => `the role \`${role}\` does not hold the purpose \`${purpose}\``,
    agency: (role) => `the role \`${role}\` is not one of the reader's agency`,
  },
};

const WHAT_AR = {
  purpose: "الغرض",
  basis: "السند القانوني",
  role: "دور القارئ",
  agency: "جهة القارئ",
  field: "الحقل",
};

/** Arabic counts one and two by the noun, three to ten by the plural, and more by the singular. */
const counted = (
  amount: number,
  [one, two, few, many]: readonly [string, string, string, string],
): string => {
  if (amount === 1) return one;
  if (amount === 2) return two;
  const rest = amount % 100;
  return `${amount} ${rest >= 3 && rest <= 10 ? few : many}`;
};

const AR: Phrases = {
  obligations: {
    NO_REDISCLOSURE: () => "عدم إفشائها لغيركم",
    NO_EXPORT: () => "عدم حفظها أو طباعتها خارج واجهة العرض",
    WATERMARK: () => "وسم كل عرض ونسخة باسم القارئ والوقت",
    DELETE_AFTER: (amount) => `حذف كل نسخة خلال ${counted(amount, ["يوم", "يومين", "أيام", "يوماً"])}`,
    TELL_SUBJECT: () => "إبلاغ صاحب الشأن متى كان ذلك آمناً",
    TELL_OWNER: () => "إبلاغ الجهة التي تعود إليها",
    REVIEW_WITHIN: (amount) => `مراجعة الاطلاع خلال ${counted(amount, ["ساعة", "ساعتين", "ساعات", "ساعة"])}`,
  },
  flags: {
    caseBound: ["يُوصَل إلى السجل من قضية", "لا يُوصَل إلى السجل من قضية"],
    own: ["السجل لجهة القارئ نفسها", "السجل ليس لجهة القارئ"],
    holder: ["القارئ هو صاحب القضية", "القارئ ليس صاحب القضية"],
    party: ["أُحيلت القضية إلى القارئ", "لم تُحَل القضية إلى القارئ"],
    known: ["جهة القارئ تعلم بالقضية", "جهة القارئ لا تعلم بالقضية"],
    assigned: ["القارئ مكلَّف بالقضية", "القارئ غير مكلَّف بالقضية"],
    charged: ["وُجِّه الاتهام في القضية", "لم يُوجَّه الاتهام في القضية"],
    child: ["الضحية طفل", "الضحية ليس طفلاً"],
    sealed: ["المحاكمة سرية", "المحاكمة ليست سرية"],
    officialSuspect: ["يُشتبه في موظف من جهة القارئ", "لا يُشتبه في موظف من جهة القارئ"],
    staffConflict: ["للقارئ صلة بأحد الأطراف", "لا صلة للقارئ بأي من الأطراف"],
  },
  sets: {
    granted: (groups) => [`تمنح إحالةٌ ${groups}`, `لا تمنح أي إحالة ${groups}`],
    consented: (groups) => [`وافق الشخص على ${groups}`, `لم يوافق الشخص على ${groups}`],
    refused: (groups) => [`رفض الشخص ${groups}`, `لم يرفض الشخص ${groups}`],
    court: (groups) => [`عُرضت ${groups} على المحكمة`, `لم تُعرض ${groups} على المحكمة`],
    registers: (groups) => [`${groups} من سجلات جهة القارئ`, `${groups} ليست من سجلات جهة القارئ`],
    certificates: (names) => [`القارئ حاصل على شهادة ${names}`, `القارئ غير حاصل على شهادة ${names}`],
  },
  kinds: {
    case: "بيانات قضية",
    caseData: "بيانات قضية",
    personData: "بيانات شخص",
    commonData: "بيانات عامة",
    clear: "مطلوب كاملاً",
    masked: "مطلوب مقنّعاً",
    neverBroken: "من مجموعة لا يفتحها الاطلاع الطارئ",
  },
  ofClass: (level) => `من الدرجة ${level}`,
  is: (what, names) =>
    what === "agency"
      ? [`${WHAT_AR[what]} هي ${names}`, `${WHAT_AR[what]} ليست ${names}`]
      : [`${WHAT_AR[what]} هو ${names}`, `${WHAT_AR[what]} ليس ${names}`],
  breakGlass: ["الاطلاع الطارئ مفتوح", "الاطلاع الطارئ غير مفتوح"],
  not: (text) => `ليس ${text}`,
  or: " أو ",
  comma: "، ",
  and: " و",
  values: {
    granted: "الممنوح",
    consented: "الموافق عليه",
    refused: "المرفوض",
    court: "المعروض على المحكمة",
    basis: "السند",
    purpose: "الغرض",
    certificates: "الشهادات",
    breakGlassUntil: "الاطلاع الطارئ",
  },
  nothing: "لا شيء",
  neverOpened: "لم يُفتح",
  until: (time) => `حتى ${time}`,
  unreadable: "تعذرت قراءته",
  changes: {
    purpose: (purpose) => `أن يكون الغرض ${purpose}`,
    noRefusal: (group, agency) => `ألا يرفض الشخص إتاحة ${group} لجهة ${agency}`,
    consent: (agency, group) => `موافقة ممنوحة وسارية تسمّي ${agency} و${group}`,
    referral: (agency) => `إحالة إلى ${agency} للغرض المطلوب، مقبولة وسارية`,
    grantingReferral: (agency, group) => `إحالة إلى ${agency} للغرض المطلوب، مقبولة وسارية، تمنح ${group}`,
    reachedByCase: "أن يُوصَل إلى السجل من قضية",
    court: (group) => `أن يُوجَّه الاتهام في القضية وتُعرض ${group} على المحكمة`,
    basis: (basis) => `أن تستند الإحالة إلى ${basis}`,
  },
  situation: {
    unanswered: "دفتر الإحالات لا يجيب",
    oldReferral: (agency) => `انتهت إحالة سابقة إلى ${agency}`,
    referral: (agency, groups) => `إحالة إلى ${agency} لهذا الغرض سارية وتمنح ${groups}`,
    agreed: (groups, agency) => `وافق الشخص على إتاحة ${groups} لجهة ${agency}`,
    refused: (groups, agency) => `رفض الشخص إتاحة ${groups} لجهة ${agency}`,
    opened: "فُتح الاطلاع الطارئ",
    ordinary: "لا شيء خارج عن المعتاد",
    also: "، و",
  },
  outside: {
    role: (role) => `\`${role}\` ليس من أدوار النظام`,
    field: (field) => `\`${field}\` ليس حقلاً له مجموعة`,
    purpose: (role, purpose) => `الدور \`${role}\` لا يملك الغرض \`${purpose}\``,
    agency: (role) => `الدور \`${role}\` ليس من أدوار جهة القارئ`,
  },
};

export const PHRASES: Readonly<Record<Language, Phrases>> = { en: EN, ar: AR };
