/**
 * The forms in which a field can be shown masked: on which types each may stand, what it leaves of a value, and its words.
 *
 * In      a value as its agency sent it and the name of a form: one of `MASK_FORMS`, or of one member of the field's type
 *         (`Residence.validUntil`, a code of a code list): that part or that code alone.
 * Out     what is left. Dates keep their beginning and text stays text, so that it is a value of the field's scalar; of a
 *         value with parts the others are null, which is why they must be nullable; an item of a list of which nothing is left is not there.
 * Rule    a value of an unexpected shape becomes null, never the value; so does what an unknown form would leave.
 * Bounds  three digits of text of six characters or more; ages are those of the request's instant, in UTC.
 */
import { FILE_SCALAR } from "./file-scalar.ts";

/** What a form may need besides the value. */
export interface MaskEnvironment {
  /** A stable, keyed pseudonym (HMAC): the same value gives the same text for one reading member only. */
  pseudonym(value: string): string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The type of a field without its list. */
export interface MaskableType {
  readonly name: string;
  /** `other`: what has rights of its own, and what is no object type. */
  readonly kind: "scalar" | "codes" | "value" | "other";
  /** Codes of a code list, parts of a value. */
  readonly members: readonly { readonly name: string; readonly isNullable: boolean }[];
}

type Leave = (value: unknown, environment: MaskEnvironment) => unknown;

export interface MaskForm {
  readonly fits: (type: MaskableType) => boolean;
  /** One value, or one item of a list. */
  readonly leave: Leave;
  /** Of a list as a whole, where its length would say more than the form does. */
  readonly leaveList?: (items: readonly unknown[]) => unknown;
  /** On what it stands and what it shows; `null` where officers cannot choose it. */
  readonly words: { readonly on: Words; readonly shows: Words } | null;
}

interface Words {
  readonly en: string;
  readonly ar: string;
}

/** What stands for a text of which only the presence is shown. */
export const PRESENT = "***";

const DATE = /^(\d{4})-(\d\d)(?:-(\d\d)(?:T\S+)?)?$/;
const COUNTRY = /^[A-Z]{2}(?=\/)/;
const LAST_DIGITS = /^\S{3,}(\d{3})$/;
const REGION_PARTS = ["region", "area"];
/** First age of each band of the Counter-Trafficking Data Collaborative; those under 18 are one, as in released tables. */
const AGE_BANDS = [
  [48, "AGE_48_PLUS"],
  [39, "AGE_39_47"],
  [30, "AGE_30_38"],
  [27, "AGE_27_29"],
  [24, "AGE_24_26"],
  [21, "AGE_21_23"],
  [18, "AGE_18_20"],
  [0, "AGE_0_17"],
] as const;

const DATES = new Set(["Date", "DateTime"]);
const NO_TEXT = new Set(["Int", "Float", "Boolean", "ID", FILE_SCALAR]);
const isText = ({ kind, name }: MaskableType): boolean => kind === "scalar" && !NO_TEXT.has(name);
const isWording = (type: MaskableType): boolean =>
  isText(type) && !DATES.has(type.name) && type.name !== "YearMonth";
const startsWithCountry = ({ name }: MaskableType): boolean =>
  name === "AgencyAddress" || name === "LegalArticle";

const ON = {
  dates: { en: "`Date`, `DateTime`", ar: "`Date` و`DateTime`" },
  text: { en: "text and numbers written as text", ar: "النصوص والأرقام المكتوبة نصاً" },
};

const YEAR: MaskForm = {
  fits: ({ name }) => DATES.has(name) || name === "YearMonth",
  leave: ofText((text) => DATE.exec(text)?.[1]),
  words: {
    on: { en: "`Date`, `DateTime`, `YearMonth`", ar: "`Date` و`DateTime` و`YearMonth`" },
    shows: { en: "the year: `1990`", ar: "السنة: `1990`" },
  },
};

const MONTH: MaskForm = {
  fits: ({ name }) => DATES.has(name),
  leave: ofText((text) => {
    const [, year, month, day] = DATE.exec(text) ?? [];
    return day === undefined ? null : `${year}-${month}`;
  }),
  words: { on: ON.dates, shows: { en: "year and month: `1990-05`", ar: "السنة والشهر: `1990-05`" } },
};

const AGE_BAND: MaskForm = {
  fits: ({ name }) => name === "Date",
  leave: (value, { now }) => {
    const born = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? dayOf(value) : null;
    if (born === null) return null;
    const age = ageOn(born, new Date(now));
    return AGE_BANDS.find(([from]) => age >= from)?.[1] ?? null;
  },
  words: {
    on: { en: "`Date` of birth", ar: "`Date` للميلاد" },
    shows: {
      en: "the age band today: `AGE_30_38`; under 18 all are `AGE_0_17`",
      ar: "الفئة العمرية اليوم: `AGE_30_38`، ومن هم دون 18 كلهم `AGE_0_17`",
    },
  },
};

const LAST_DIGITS_FORM: MaskForm = {
  fits: isWording,
  leave: ofText((text) => LAST_DIGITS.exec(text)?.[1]),
  words: {
    on: ON.text,
    shows: {
      en: "the last three digits of six characters or more: `345`",
      ar: "آخر ثلاثة أرقام من ستة محارف أو أكثر: `345`",
    },
  },
};

const COUNTRY_FORM: MaskForm = {
  fits: (type) => startsWithCountry(type) || keepsParts(type, ["country"]),
  leave: (value) => ofText((text) => COUNTRY.exec(text)?.[0])(value) ?? partsOf(value, ["country"]),
  words: {
    on: {
      en: "values with a `country`; `AgencyAddress`, `LegalArticle`",
      ar: "القيم التي فيها `country`، و`AgencyAddress` و`LegalArticle`",
    },
    shows: { en: "the country alone", ar: "البلد وحده" },
  },
};

const REGION: MaskForm = {
  fits: (type) =>
    type.members.some(({ name }) => REGION_PARTS.includes(name)) &&
    keepsParts(type, ["country", ...REGION_PARTS]),
  leave: (value) => partsOf(value, ["country", ...REGION_PARTS]),
  words: {
    on: { en: "values with an `area` or a `region`", ar: "القيم التي فيها `area` أو `region`" },
    shows: { en: "the area or region, and the country", ar: "المنطقة والبلد" },
  },
};

const PSEUDONYM: MaskForm = {
  fits: isWording,
  leave: (value, { pseudonym }) => (typeof value === "string" && value !== "" ? pseudonym(value) : null),
  words: {
    on: ON.text,
    shows: {
      en: "a pseudonym: the same value reads the same within one member, and otherwise for every other",
      ar: "اسم مستعار: القيمة الواحدة تظهر بالاسم نفسه داخل العضو الواحد، وباسم آخر لكل عضو سواه",
    },
  },
};

const PRESENCE: MaskForm = {
  fits: (type) => isText(type) || keepsParts(type, []),
  leave: (value) => (typeof value === "string" ? (value === "" ? null : PRESENT) : partsOf(value, [])),
  leaveList: (items) => {
    const shown = items.map((item) => PRESENCE.leave(item, NO_ENVIRONMENT)).find((item) => item !== null);
    return shown === undefined ? [] : [shown];
  },
  words: {
    on: { en: "text, dates, values with parts", ar: "النصوص والتواريخ والقيم ذات الأجزاء" },
    shows: {
      en: "that there is one: `***`, or a value whose parts are empty; of a list one item, however many there are",
      ar: "أن هناك قيمة: `***`، أو قيمة أجزاؤها فارغة، ومن القائمة عنصر واحد مهما كان عددها",
    },
  },
};

/** Of what a mask that changes a whole group does not name. */
const NOTHING: MaskForm = { fits: () => false, leave: () => null, leaveList: () => null, words: null };

export const MASK_FORMS: ReadonlyMap<string, MaskForm> = new Map([
  ["year", YEAR],
  ["month", MONTH],
  ["ageBand", AGE_BAND],
  ["lastDigits", LAST_DIGITS_FORM],
  ["country", COUNTRY_FORM],
  ["region", REGION],
  ["pseudonym", PSEUDONYM],
  ["presence", PRESENCE],
  ["nothing", NOTHING],
]);

const FORMS_TO_CHOOSE = [...MASK_FORMS].flatMap(([name, { words }]) => (words ? [name] : []));

const NO_ENVIRONMENT: MaskEnvironment = { pseudonym: () => "", now: 0 };

/** What a form leaves of a value, or of every item of a list. */
export function leaveForm(name: string, value: unknown, environment: MaskEnvironment): unknown {
  if (value === null || value === undefined) return null;
  const { leave, leaveList } = MASK_FORMS.get(name) ?? { leave: memberOf(name), leaveList: undefined };
  if (!Array.isArray(value)) return leave(value, environment) ?? null;
  if (leaveList) return leaveList(value);
  return value.map((item) => leave(item, environment) ?? null).filter((item) => item !== null);
}

/** Why a form may not stand on a field of that type; null when it may. */
export function formProblem(name: string, type: MaskableType): string | null {
  const form = MASK_FORMS.get(name);
  if (type.name === FILE_SCALAR) return "a file is given whole or not at all";
  if (form?.words) return form.fits(type) ? null : `\`${name}\` stands on ${form.words.on.en}`;
  if (type.members.every((member) => member.name !== name)) {
    const known = [...FORMS_TO_CHOOSE, ...type.members.map((member) => member.name)];
    return `it is no form and no member of \`${type.name}\`; there are ${known.join(", ")}`;
  }
  return type.kind === "codes" || keepsParts(type, [name])
    ? null
    : `every other part of \`${type.name}\` must be nullable`;
}

function ofText(left: (text: string) => string | null | undefined): (value: unknown) => string | null {
  return (value) => (typeof value === "string" ? (left(value) ?? null) : null);
}

/** One code, or one part. */
function memberOf(name: string): Leave {
  return (value) => (typeof value === "string" ? (value === name ? value : null) : partsOf(value, [name]));
}

function partsOf(value: unknown, kept: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([part, held]) => [
      part,
      part === "__typename" || kept.includes(part) ? held : null,
    ]),
  );
}

/** A value of which something is left when only those parts are, or none. */
function keepsParts({ kind, members }: MaskableType, kept: readonly string[]): boolean {
  const others = members.filter(({ name }) => !kept.includes(name));
  const holds = kept.length === 0 || others.length < members.length;
  return kind === "value" && holds && others.every(({ isNullable }) => isNullable);
}

/** Null for a day that no calendar has. */
function dayOf(text: string): Date | null {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : null;
}

/** Whole years; negative for who is not born. */
function ageOn(born: Date, now: Date): number {
  const had =
    now.getUTCMonth() > born.getUTCMonth() ||
    (now.getUTCMonth() === born.getUTCMonth() && now.getUTCDate() >= born.getUTCDate());
  return now.getUTCFullYear() - born.getUTCFullYear() - (had ? 0 : 1);
}
