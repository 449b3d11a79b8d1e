/**
 * Values of Cedar's extension types from their text, as `decimal("1.5")` or data state them.
 *
 * Out     a decimal is a count of ten-thousandths, a datetime milliseconds since 1970, a duration milliseconds; `Ip`.
 * Errors  the evaluation errs on any text that Cedar refuses: the grammars here are Cedar's own.
 * Source  cedar-policy-core `extensions/{decimal,datetime,ipaddr}.rs`; tests/policy/differential.test.ts.
 */
import { fail } from "./evaluation-error.ts";
import { type Ip, parseIp } from "./ip.ts";
import { type Long, longFrom } from "./long.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

function parseDecimal(text: string): Long {
  const match = /^(-?)(\d+)\.(\d{1,4})$/.exec(text);
  if (!match) return fail();
  const value = BigInt(`${match[2]}${match[3]!.padEnd(4, "0")}`);
  return longFrom(match[1] ? -value : value);
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(?:Z|([+-])(\d\d)(\d\d))$/;

function parseDatetime(text: string): Long {
  if (DATE.test(text)) return startOf(text);
  const match = INSTANT.exec(text);
  if (!match) return fail();
  const [, date, hour, minute, second, ms = 0, sign, zoneHour = 0, zoneMinute = 0] = match;
  const time = clock(Number(hour), Number(minute)) + upTo(59, Number(second)) * SECOND_MS + Number(ms);
  const zone = clock(Number(zoneHour), Number(zoneMinute));
  return startOf(date!) + time + (sign === "-" ? zone : -zone);
}

/** JavaScript reads 30 February as 1 March; Cedar refuses it. */
function startOf(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date) ? ms : fail();
}

const clock = (hour: number, minute: number): number =>
  upTo(23, hour) * HOUR_MS + upTo(59, minute) * MINUTE_MS;
const upTo = (limit: number, value: number): number => (value <= limit ? value : fail());

const UNITS_MS = [DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, 1];

function parseDuration(text: string): Long {
  const match = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (!match || text === "" || text === "-") return fail();
  const [, sign, ...amounts] = match;
  const ms = UNITS_MS.reduce((total, unit, index) => total + BigInt(amounts[index] ?? 0) * BigInt(unit), 0n);
  return longFrom(sign ? -ms : ms);
}

export const PARSERS = {
  ipaddr: parseIp,
  decimal: parseDecimal,
  datetime: parseDatetime,
  duration: parseDuration,
} satisfies Record<string, (text: string) => Long | Ip>;
