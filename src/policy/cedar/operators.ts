/**
 * Cedar's strict operators and methods on native values, by their name in the JSON form of a policy.
 *
 * `mayFail` marks those that err on valid arguments: arithmetic outside ±2⁵³.
 */
import { type Ip, isInRange, isLoopback, isMulticast } from "./ip.ts";
import { BOOL, type CedarType, DATETIME, DURATION, LONG } from "./types.ts";
import { safe, type Value } from "./values.ts";

export interface Operator {
  readonly type: CedarType;
  readonly run: (a: Value, b: Value) => Value;
  readonly mayFail: boolean;
}

const DAY_MS = 86_400_000;
const total = (type: CedarType, run: (a: Value, b: Value) => Value): Operator => ({
  type,
  run,
  mayFail: false,
});
const numeric = (type: CedarType, run: (a: number, b: number) => number): Operator => ({
  type,
  run: (a, b) => safe(run(a as number, b as number)),
  mayFail: true,
});
const compare = (test: (a: number, b: number) => boolean) =>
  total(BOOL, (a, b) => test(a as number, b as number));
const truncated = (unitMs: number) => total(LONG, (a) => Math.trunc((a as number) / unitMs) + 0);
const dayOf = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;

export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["<", compare((a, b) => a < b)],
  ["<=", compare((a, b) => a <= b)],
  [">", compare((a, b) => a > b)],
  [">=", compare((a, b) => a >= b)],
  ["lessThan", compare((a, b) => a < b)],
  ["lessThanOrEqual", compare((a, b) => a <= b)],
  ["greaterThan", compare((a, b) => a > b)],
  ["greaterThanOrEqual", compare((a, b) => a >= b)],
  ["+", numeric(LONG, (a, b) => a + b)],
  ["-", numeric(LONG, (a, b) => a - b)],
  // `+ 0` turns −0, which no Long is, into 0.
  ["*", numeric(LONG, (a, b) => a * b + 0)],
  ["neg", numeric(LONG, (a) => -a + 0)],
  ["!", total(BOOL, (a) => !a)],
  ["isEmpty", total(BOOL, (a) => (a as readonly Value[]).length === 0)],
  ["isIpv4", total(BOOL, (a) => (a as Ip).family === 4)],
  ["isIpv6", total(BOOL, (a) => (a as Ip).family === 6)],
  ["isLoopback", total(BOOL, (a) => isLoopback(a as Ip))],
  ["isMulticast", total(BOOL, (a) => isMulticast(a as Ip))],
  ["isInRange", total(BOOL, (a, b) => isInRange(a as Ip, b as Ip))],
  ["offset", numeric(DATETIME, (a, b) => a + b)],
  ["durationSince", numeric(DURATION, (a, b) => a - b)],
  ["toDate", total(DATETIME, (a) => dayOf(a as number))],
  ["toTime", total(DURATION, (a) => (a as number) - dayOf(a as number))],
  ["toMilliseconds", total(LONG, (a) => a)],
  ["toSeconds", truncated(1000)],
  ["toMinutes", truncated(60_000)],
  ["toHours", truncated(3_600_000)],
  ["toDays", truncated(DAY_MS)],
]);

/** `like`: literal parts between wildcards, matched greedily from the left; linear, no backtracking. */
export function like(text: string, parts: readonly string[]): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (parts.length === 1) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return from <= end;
}
