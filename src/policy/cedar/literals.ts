/**
 * Literals of a policy as nodes, typed by their form: a validated policy holds no empty set and no mixed one.
 */
import { fail } from "./evaluation-error.ts";
import type { PARSERS } from "./extension-text.ts";
import { longFrom } from "./long.ts";
import { attempt, known, type Node } from "./node.ts";
import { type Attribute, BOOL, type CedarType, entityType, LONG, STRING, setOf } from "./types.ts";
import { entityRef, fromJson } from "./values.ts";

export function entityLiteral(entity: unknown): Node {
  const { type, id } = entityRef(entity);
  return known(id, entityType(type));
}

export function valueNode(json: unknown): Node {
  const long = largeLong(json);
  if (long !== null) return attempt(() => known(longFrom(BigInt(long)), LONG));
  const type = literalType(json);
  return attempt(() => known(fromJson(json, type), type));
}

/** A number that JSON would round (`large-numbers.ts`). */
export const largeLong = (json: unknown): string | null =>
  (json as { readonly __long?: string } | null)?.__long ?? null;

function literalType(json: unknown): CedarType {
  if (typeof json === "boolean") return BOOL;
  if (typeof json === "number") return LONG;
  if (typeof json === "string") return STRING;
  if (Array.isArray(json)) return setOf(json.length > 0 ? literalType(json[0]) : BOOL);
  const object = json as Record<string, unknown>;
  if ("__entity" in object) return entityType(entityRef(object).type);
  if ("__extn" in object) return { kind: extensionKind((object["__extn"] as { fn: string }).fn) };
  const attributes = Object.entries(object).map(([name, value]): [string, Attribute] => [
    name,
    { type: literalType(value), optional: false },
  ]);
  return { kind: "Record", attributes: new Map(attributes) };
}

const extensionKind = (fn: string) => (fn === "ip" ? "ipaddr" : fn) as keyof typeof PARSERS;

export function setNode(members: readonly Node[]): Node {
  const failed = members.find(({ op }) => op === "failed");
  if (failed) return failed;
  const type = setOf(members[0]?.type ?? BOOL);
  const values = members.flatMap((member) => (member.op === "known" ? [member.value] : []));
  if (values.length === members.length) return known(values, type);
  return { op: "apply", name: "set", type, args: members, run: fail, mayFail: false };
}
