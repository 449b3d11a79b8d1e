/**
 * Cedar values as plain JavaScript: what an attribute or a literal is once its type is known.
 *
 * Bool, Long and String are themselves (a Long outside ±2⁵³ is an evaluation error, where Cedar has 64 bits); an
 * entity is its id, its type being known statically; a set is an array; a record has no prototype; a decimal is a
 * bigint of ten-thousandths; datetime and duration are milliseconds; an address is an `Ip`.
 * Errors  `EVALUATION_ERROR`, one shared object: what Cedar calls a policy that errors.
 */

import { type Ip, parseIp } from "./ip.ts";
import type { CedarType } from "./types.ts";

export type Value = boolean | number | string | bigint | Ip | readonly Value[] | RecordValue;
export interface RecordValue {
  readonly [name: string]: Value | undefined;
}

export const EVALUATION_ERROR = new Error("the policy cannot be evaluated on this row");
export function fail(): never {
  throw EVALUATION_ERROR;
}

export const safe = (n: number): number => (Number.isSafeInteger(n) ? n : fail());

/** Types whose values JavaScript compares with `===`. */
const isPrimitive = ({ kind }: CedarType): boolean =>
  kind !== "Set" && kind !== "Record" && kind !== "ipaddr";

export function equal(a: Value, b: Value, type: CedarType): boolean {
  return isPrimitive(type) ? a === b : canonical(a, type) === canonical(b, type);
}

export function contains(set: readonly Value[], value: Value, element: CedarType): boolean {
  if (isPrimitive(element)) return set.includes(value);
  const wanted = canonical(value, element);
  return set.some((member) => canonical(member, element) === wanted);
}

/** Text that equals exactly when the values do. */
function canonical(value: Value, type: CedarType): string {
  if (type.kind === "ipaddr") return (value as Ip).text;
  if (type.kind === "Set") {
    const members = (value as readonly Value[]).map((member) => canonical(member, type.element));
    return `{${[...new Set(members)].sort().join(",")}}`;
  }
  if (type.kind === "Record") {
    const record = value as RecordValue;
    const fields = [...type.attributes].map(([name, attribute]) => {
      const field = record[name];
      return `${JSON.stringify(name)}:${field === undefined ? "-" : canonical(field, attribute.type)}`;
    });
    return `[${fields.sort().join(",")}]`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** From Cedar's JSON form (`__entity`, `__extn`, plain) to a value of a known type. */
export function fromJson(json: unknown, type: CedarType): Value {
  switch (type.kind) {
    case "Entity":
      return entityRef(json).id;
    case "Set":
      return (json as unknown[]).map((member) => fromJson(member, type.element));
    case "Record":
      return recordFromJson(json as Record<string, unknown>, type.attributes);
    case "ipaddr":
    case "decimal":
    case "datetime":
    case "duration":
      return PARSERS[type.kind](typeof json === "string" ? json : extensionArgument(json));
    default:
      return json as Value;
  }
}

export function entityRef(json: unknown): { readonly type: string; readonly id: string } {
  const { __entity } = json as { __entity?: { type: string; id: string } };
  return __entity ?? (json as { type: string; id: string });
}

function extensionArgument(json: unknown): string {
  return (json as { __extn: { arg: string } }).__extn.arg;
}

function recordFromJson(
  json: Record<string, unknown>,
  attributes: Extract<CedarType, { kind: "Record" }>["attributes"],
): RecordValue {
  const record: Record<string, Value> = Object.create(null);
  for (const [name, { type }] of attributes) {
    if (Object.hasOwn(json, name) && json[name] != null) record[name] = fromJson(json[name], type);
  }
  return record;
}

const DAY_MS = 86_400_000;

function parseDecimal(text: string): bigint {
  const match = /^(-?)(\d+)\.(\d{1,4})$/.exec(text);
  if (!match) return fail();
  const value = BigInt(`${match[2]}${match[3]!.padEnd(4, "0")}`);
  return match[1] ? -value : value;
}

function parseDatetime(text: string): number {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return instant(`${text}T00:00:00Z`);
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?)(Z|[+-]\d{4})$/.exec(text);
  if (!match) return fail();
  const [, local, zone] = match as unknown as [string, string, string];
  return instant(zone === "Z" ? `${local}Z` : `${local}${zone.slice(0, 3)}:${zone.slice(3)}`);
}

const instant = (text: string): number => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? fail() : ms;
};

function parseDuration(text: string): number {
  const match = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (!match || text === "" || text === "-") return fail();
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = match;
  const total =
    Number(days) * DAY_MS +
    Number(hours) * 3_600_000 +
    Number(minutes) * 60_000 +
    Number(seconds) * 1000 +
    Number(ms);
  return safe(sign ? -total : total);
}

export const PARSERS = {
  ipaddr: parseIp,
  decimal: parseDecimal,
  datetime: parseDatetime,
  duration: parseDuration,
} satisfies Record<string, (text: string) => Value>;
