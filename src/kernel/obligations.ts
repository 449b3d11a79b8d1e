/**
 * Obligations: what a reader has to do, or to leave, with what a policy showed.
 *
 * In      the annotation of a permit, `@obligations("NO_REDISCLOSURE DELETE_AFTER(30d) REVIEW_WITHIN(72h)")`.
 * Out     a frozen list in the order below; lists that say the same are the same object, as long as they are in use.
 * Rule    obligations of all policies that show a field add up: of two amounts the shorter one counts (agencies §10).
 * Bounds  days 1 to 3,650; hours 1 to 8,760; whole numbers.
 * Source  docs/decisions/0016-obligations.md
 */
import { LRUCache } from "lru-cache";

/** `unit` is that of the amount in brackets; codes without one take none. */
export const OBLIGATIONS = {
  NO_REDISCLOSURE: null,
  NO_EXPORT: null,
  WATERMARK: null,
  DELETE_AFTER: { unit: "d", most: 3650 },
  TELL_SUBJECT: null,
  TELL_OWNER: null,
  REVIEW_WITHIN: { unit: "h", most: 8760 },
} as const satisfies Record<string, { readonly unit: string; readonly most: number } | null>;

export type ObligationCode = keyof typeof OBLIGATIONS;

export interface Obligation {
  readonly code: ObligationCode;
  /** Days of DELETE_AFTER, hours of REVIEW_WITHIN; null for the others. */
  readonly amount: number | null;
}
export type Obligations = readonly Obligation[];

/** As an answer tells it: the last day on which the data may be kept (UTC), or the hours within which its reading is reviewed. */
export interface ToldObligation {
  readonly code: ObligationCode;
  readonly date?: string;
  readonly hours?: number;
}

const CODES = Object.keys(OBLIGATIONS) as ObligationCode[];
const MAX_KEPT = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const kept = new LRUCache<string, Obligations>({ max: MAX_KEPT });

export const NO_OBLIGATIONS: Obligations = Object.freeze([]);

function listOf(amounts: ReadonlyMap<ObligationCode, number | null>): Obligations {
  if (amounts.size === 0) return NO_OBLIGATIONS;
  const list = CODES.filter((code) => amounts.has(code)).map((code) => ({
    code,
    amount: amounts.get(code) ?? null,
  }));
  const key = list.map(obligationText).join(" ");
  const known = kept.get(key) ?? Object.freeze(list);
  kept.set(key, known);
  return known;
}

/** What the annotation says; what is wrong with it, in words. */
export function readObligations(text: string): {
  readonly obligations: Obligations;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const amounts = new Map<ObligationCode, number | null>();
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const read = readObligation(word);
    if (typeof read === "string") problems.push(read);
    else if (amounts.has(read.code)) problems.push(`\`${read.code}\` is named twice`);
    else amounts.set(read.code, read.amount);
  }
  if (amounts.size === 0 && problems.length === 0) problems.push("no obligation is named");
  return { obligations: listOf(amounts), problems };
}

function readObligation(word: string): Obligation | string {
  const [, name = "", amount] = /^(\w+)(?:\((.*)\))?$/.exec(word) ?? [];
  const code = CODES.find((each) => each === name);
  if (code === undefined) return `\`${word}\` is no obligation: they are ${CODES.join(", ")}`;
  const bounds = OBLIGATIONS[code];
  if (bounds === null) return amount === undefined ? { code, amount: null } : `\`${code}\` takes no amount`;
  const { unit, most } = bounds;
  const number = Number(new RegExp(`^([1-9]\\d*)${unit}$`).exec(amount ?? "")?.[1]);
  return number <= most
    ? { code, amount: number }
    : `\`${code}\` takes an amount from 1${unit} to ${most}${unit}, as in \`${code}(1${unit})\``;
}

/** The first list itself when the second adds nothing. */
export function addUp(some: Obligations, more: Obligations): Obligations {
  if (some === more || more.length === 0) return some;
  const amounts = new Map(some.map(({ code, amount }) => [code, amount]));
  const isMore = more.filter(({ code, amount }) => {
    const held = amounts.get(code);
    return held === undefined || (held !== null && amount !== null && amount < held);
  });
  if (isMore.length === 0) return some;
  for (const { code, amount } of isMore) amounts.set(code, amount);
  return listOf(amounts);
}

/** The list holds this one, or it with a shorter amount. */
export const obliges = (obligations: Obligations, { code, amount }: Obligation): boolean =>
  obligations.some((each) => each.code === code && (amount === null || (each.amount ?? amount) <= amount));

/** Whether readers owe less (`wider`), more (`narrower`), or some less and some more (`other`); null when they owe the same. */
export function compareObligations(
  before: Obligations,
  after: Obligations,
): "wider" | "narrower" | "other" | null {
  const isLess = addUp(after, before) !== after;
  const isMore = addUp(before, after) !== before;
  if (isLess) return isMore ? "other" : "wider";
  return isMore ? "narrower" : null;
}

/** As policies write it: `DELETE_AFTER(30d)`. */
export function obligationText({ code, amount }: Obligation): string {
  const bounds = OBLIGATIONS[code];
  return bounds === null ? code : `${code}(${amount}${bounds.unit})`;
}

export const obligationTexts = (obligations: Obligations): readonly string[] =>
  obligations.map(obligationText);

/** What an answer given at `now` (milliseconds since the epoch) tells its reader. */
export function toldObligation({ code, amount }: Obligation, now: number): ToldObligation {
  if (amount === null) return { code };
  if (code === "REVIEW_WITHIN") return { code, hours: amount };
  return { code, date: new Date(now + amount * DAY_MS).toISOString().slice(0, 10) };
}
