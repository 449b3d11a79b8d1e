/**
 * Equality and the hierarchy of entities: `==`, `in`, `is`.
 *
 * Actions and known entities carry their ancestors; for the resource, the row says what it is in.
 */
import { apply, type Node, unless } from "./node.ts";
import type { PartialRequest } from "./request.ts";
import { BOOL, type CedarType } from "./types.ts";
import { equal, type Value } from "./values.ts";

export function equality(left: Node, right: Node): Node {
  if (left.op === "failed") return left;
  if (right.op === "failed") return right;
  const sameType =
    left.type.kind === right.type.kind && (left.type.kind !== "Entity" || nameOf(left) === nameOf(right));
  if (!sameType) return unless([left, right], false);
  return apply("==", [left, right], BOOL, (a, b) => equal(a, b, left.type));
}

/** `left in right`, where right is an entity or a set of entities. */
export function within(left: Node, right: Node, { entities }: PartialRequest): Node {
  if (left.op === "failed") return left;
  if (right.op === "failed") return right;
  const type = nameOf(left);
  const isSet = right.type.kind === "Set";
  const target = isSet ? nameOf({ type: elementOf(right) }) : nameOf(right);
  const hits = (test: (id: string) => boolean, ids: Value) =>
    isSet ? (ids as string[]).some(test) : test(ids as string);
  if (left.op === "entity") {
    const { isIn } = left;
    return apply("in", [left, right], BOOL, (id, ids, row) =>
      hits((wanted) => (type === target && id === wanted) || isIn(row, target, wanted), ids),
    );
  }
  if (left.op === "known") {
    const above = entities.ancestors({ type, id: left.value as string }, target);
    if (above.size === 0) return unless([right], false);
    return apply("in", [right], BOOL, (ids) => hits((wanted) => above.has(wanted), ids));
  }
  return apply("in", [left, right], BOOL, (id, ids) => {
    const above = entities.ancestors({ type, id: id as string }, target);
    return hits((wanted) => above.has(wanted), ids);
  });
}

/** `left is Type`, without the optional `in`. */
export function isOfType(entity: Node, type: string): Node {
  if (entity.op === "failed") return entity;
  return unless([entity], nameOf(entity) === type);
}

export const elementOf = ({ type }: Pick<Node, "type">): CedarType =>
  type.kind === "Set" ? type.element : BOOL;

export const nameOf = ({ type }: Pick<Node, "type">): string => (type.kind === "Entity" ? type.name : "");
