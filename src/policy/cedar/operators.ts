/**
 * Cedar's strict operators and methods on native values, by their name in the JSON form of a policy.
 *
 * `mayFail` marks those that err on valid arguments: arithmetic outside 64 bits.
 */
import { DAY_MS } from "./extension-text.ts";
import { type Ip, isInRange, isLoopback, isMulticast } from "./ip.ts";
import { difference, type Long, modulus, product, quotient, sum } from "./long.ts";
import { BOOL, type CedarType, DATETIME, DURATION, LONG } from "./types.ts";
import type { Value } from "./values.ts";

export interface Operator {
  readonly type: CedarType;
  readonly run: (a: Value, b: Value) => Value;
  readonly mayFail: boolean;
}

const total = (type: CedarType, run: (a: Value, b: Value) => Value): Operator => ({
  type,
  run,
  mayFail: false,
});
const numeric = (type: CedarType, run: (a: Long, b: Long) => Long): Operator => ({
  type,
  run: (a, b) => run(a as Long, b as Long),
  mayFail: true,
});
const compare = (test: (a: Long, b: Long) => boolean) => total(BOOL, (a, b) => test(a as Long, b as Long));
const truncated = (unitMs: number) => total(LONG, (a) => quotient(a as Long, unitMs));

export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["<", compare((a, b) => a < b)],
  ["<=", compare((a, b) => a <= b)],
  [">", compare((a, b) => a > b)],
  [">=", compare((a, b) => a >= b)],
  ["lessThan", compare((a, b) => a < b)],
  ["lessThanOrEqual", compare((a, b) => a <= b)],
  ["greaterThan", compare((a, b) => a > b)],
  ["greaterThanOrEqual", compare((a, b) => a >= b)],
  ["+", numeric(LONG, sum)],
  ["-", numeric(LONG, difference)],
  ["*", numeric(LONG, product)],
  ["neg", numeric(LONG, (a) => difference(0, a))],
  ["!", total(BOOL, (a) => !a)],
  ["isEmpty", total(BOOL, (a) => (a as readonly Value[]).length === 0)],
  ["isIpv4", total(BOOL, (a) => (a as Ip).family === 4)],
  ["isIpv6", total(BOOL, (a) => (a as Ip).family === 6)],
  ["isLoopback", total(BOOL, (a) => isLoopback(a as Ip))],
  ["isMulticast", total(BOOL, (a) => isMulticast(a as Ip))],
  ["isInRange", total(BOOL, (a, b) => isInRange(a as Ip, b as Ip))],
  ["offset", numeric(DATETIME, sum)],
  ["durationSince", numeric(DURATION, difference)],
  ["toDate", numeric(DATETIME, (a) => difference(a, modulus(a, DAY_MS)))],
  ["toTime", total(DURATION, (a) => modulus(a as Long, DAY_MS))],
  ["toMilliseconds", total(LONG, (a) => a)],
  ["toSeconds", truncated(1000)],
  ["toMinutes", truncated(60_000)],
  ["toHours", truncated(3_600_000)],
  ["toDays", truncated(DAY_MS)],
]);
