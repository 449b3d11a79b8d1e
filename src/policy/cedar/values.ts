/**
 * Cedar values as plain JavaScript: what an attribute or a literal is once its type is known.
 *
 * Bool and String are themselves; a Long is a `Long`, and so is what Cedar counts in one (decimal in ten-thousandths,
 * datetime and duration in milliseconds); an entity is its id, its type being known statically; a set is an array; a
 * record has no prototype; an address is an `Ip`.
 * Errors  `EVALUATION_ERROR` for a number that is no exact integer, and for extension text that Cedar refuses.
 */
import { PARSERS } from "./extension-text.ts";
import type { Ip } from "./ip.ts";
import { type Long, longFromJson } from "./long.ts";
import type { CedarType } from "./types.ts";

export type Value = boolean | Long | string | Ip | readonly Value[] | RecordValue;
export interface RecordValue {
  readonly [name: string]: Value | undefined;
}

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
    case "Long":
      return longFromJson(json);
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
