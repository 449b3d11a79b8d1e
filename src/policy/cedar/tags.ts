/**
 * Tags of entities: `x.hasTag(key)`, `x.getTag(key)`; the key may be computed.
 *
 * Errors  a tag that is not there makes the node fail, as Cedar's evaluation errs; `hasTag` never fails by itself.
 */
import { fail } from "./evaluation-error.ts";
import { apply, FAILED, type Node, unless } from "./node.ts";
import type { PartialRequest } from "./request.ts";
import { BOOL } from "./types.ts";
import type { RecordValue, Value } from "./values.ts";

export function hasTag(of: Node, key: Node, request: PartialRequest): Node {
  if (of.op === "failed") return of;
  const tags = tagsOf(of, request);
  if (!tags) return unless([of, key], false);
  const [holder, read] = tags;
  return apply("hasTag", [holder, key], BOOL, (at, name) => read(at)?.[name as string] !== undefined);
}

export function getTag(of: Node, key: Node, request: PartialRequest): Node {
  if (of.op === "failed") return of;
  const type = of.type.kind === "Entity" ? request.schema.tags.get(of.type.name) : undefined;
  const tags = tagsOf(of, request);
  if (!type || !tags) return FAILED;
  const [holder, read] = tags;
  return apply("getTag", [holder, key], type, (at, name) => read(at)?.[name as string] ?? fail(), true);
}

/** What holds the tags, and how they are read from its value; null when the type has none. */
function tagsOf(of: Node, request: PartialRequest): [Node, (at: Value) => RecordValue | undefined] | null {
  if (of.type.kind !== "Entity" || !request.schema.tags.has(of.type.name)) return null;
  if (of.op === "entity") return of.tags ? [of.tags, (tags) => tags as RecordValue] : null;
  const type = of.type.name;
  return [of, (id) => request.entities.tags({ type, id: id as string })];
}
