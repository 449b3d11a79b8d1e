/**
 * Attributes of entities and records: `x.name`, `x has name`, `x has a.b.c`.
 *
 * Errors  an attribute that is not there makes the node fail, as Cedar's evaluation errs; `has` never fails by itself.
 */
import { fail } from "./evaluation-error.ts";
import { and, apply, FAILED, mayFail, type Node, unless } from "./node.ts";
import type { PartialRequest } from "./request.ts";
import { BOOL } from "./types.ts";
import type { RecordValue } from "./values.ts";

export function attribute(of: Node, name: string, request: PartialRequest): Node {
  if (of.op === "failed") return of;
  if (of.op === "entity") return of.attribute(name);
  if (of.op === "record") return field(of, name);
  const { schema, entities } = request;
  if (of.type.kind === "Entity") {
    const type = of.type.name;
    const declared = schema.shapes.get(type)?.get(name);
    if (!declared) return FAILED;
    return apply(
      `.${name}`,
      [of],
      declared.type,
      (id) => entities.attributes({ type, id: id as string })?.[name] ?? fail(),
      true,
    );
  }
  const declared = of.type.kind === "Record" ? of.type.attributes.get(name) : undefined;
  if (!declared) return FAILED;
  return apply(
    `.${name}`,
    [of],
    declared.type,
    (record) => (record as RecordValue)[name] ?? fail(),
    declared.optional,
  );
}

function field(record: Extract<Node, { op: "record" }>, name: string): Node {
  const wanted = record.fields.get(name);
  if (!wanted) return FAILED;
  const others = [...record.fields.values()].filter((other) => other !== wanted && mayFail(other));
  if (others.length === 0) return wanted;
  return apply(`.${name}`, [record], wanted.type, (value) => (value as RecordValue)[name] ?? fail(), true);
}

/** `x has a.b.c`: each step must be there before the next is looked at. */
export function hasPath(of: Node, path: readonly string[], request: PartialRequest): Node {
  const [name, ...rest] = path as [string, ...string[]];
  const here = has(of, name, request);
  return rest.length === 0 ? here : and(here, () => hasPath(attribute(of, name, request), rest, request));
}

function has(of: Node, name: string, { schema, entities }: PartialRequest): Node {
  if (of.op === "failed") return of;
  if (of.op === "entity") return of.has(name);
  if (of.op === "record") return unless([of], of.fields.has(name));
  if (of.type.kind === "Entity") {
    const type = of.type.name;
    if (!schema.shapes.get(type)?.has(name)) return unless([of], false);
    return apply(
      `has ${name}`,
      [of],
      BOOL,
      (id) => entities.attributes({ type, id: id as string })?.[name] !== undefined,
    );
  }
  const declared = of.type.kind === "Record" ? of.type.attributes.get(name) : undefined;
  if (!declared) return unless([of], false);
  return apply(`has ${name}`, [of], BOOL, (record) => (record as RecordValue)[name] !== undefined);
}
