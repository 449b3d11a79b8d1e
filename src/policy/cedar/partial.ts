/**
 * Typed partial evaluation of a policy: the known part of a request goes in, a residual over the row comes out.
 *
 * In      a policy in Cedar's JSON form that the validator accepted against the same schema; the request as nodes.
 * Out     a node of type Bool; `known` when the row does not matter.
 * Bounds  depth and size of policies are capped before Cedar parses them (`policy-text.ts`).
 * Source  Cedar language 4.5; compared with cedar-wasm in tests/policy/differential.test.ts.
 */
import type { EntityStore } from "./entities.ts";
import {
  and,
  apply,
  attempt,
  FAILED,
  FALSE,
  isTrue,
  known,
  mayFail,
  type Node,
  not,
  or,
  TRUE,
  unless,
} from "./node.ts";
import { like, OPERATORS } from "./operators.ts";
import {
  ACTION,
  type Attribute,
  BOOL,
  type CedarSchema,
  type CedarType,
  entityType,
  LONG,
  STRING,
  setOf,
} from "./types.ts";
import {
  contains,
  entityRef,
  equal,
  fail,
  fromJson,
  PARSERS,
  type RecordValue,
  type Value,
} from "./values.ts";

export interface PartialRequest {
  readonly schema: CedarSchema;
  readonly entities: EntityStore;
  readonly principal: Node;
  readonly action: string;
  readonly resource: Node;
  readonly context: Node;
}

type Expression = Readonly<Record<string, unknown>>;
interface Binary {
  readonly left: Expression;
  readonly right: Expression;
}
interface Scope {
  readonly op: "All" | "==" | "in" | "is";
  readonly entity?: unknown;
  readonly entity_type?: string;
  readonly in?: { readonly entity: unknown };
}
export interface PolicyJson {
  readonly effect: "permit" | "forbid";
  readonly principal: Scope;
  readonly action: Scope & { readonly entities?: readonly unknown[] };
  readonly resource: Scope;
  readonly conditions: readonly { readonly kind: "when" | "unless"; readonly body: Expression }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The action's scope is not looked at: the caller has chosen the policies of the action. */
export function partialPolicy(policy: PolicyJson, request: PartialRequest): Node {
  const scope = and(inScope(request.principal, policy.principal, request), () =>
    inScope(request.resource, policy.resource, request),
  );
  return policy.conditions.reduce(
    (so, { kind, body }) =>
      and(so, () => (kind === "when" ? partial(body, request) : not(partial(body, request)))),
    scope,
  );
}

function inScope(node: Node, scope: Scope, request: PartialRequest): Node {
  if (scope.op === "All") return TRUE;
  if (scope.op === "is") {
    if (nameOf(node) !== scope.entity_type) return FALSE;
    return scope.in ? within(node, literal(scope.in.entity), request) : TRUE;
  }
  const entity = literal(scope.entity);
  return scope.op === "==" ? equality(node, entity) : within(node, entity, request);
}

function literal(entity: unknown): Node {
  const { type, id } = entityRef(entity);
  return known(id, entityType(type));
}

export function partial(expression: Expression, request: PartialRequest): Node {
  const [operator, body] = Object.entries(expression)[0] as [string, unknown];
  const form = FORMS[operator];
  if (form) return form(body, request);
  const method = OPERATORS.get(operator);
  if (!method) throw new Error(`the evaluator does not know the operator \`${operator}\``);
  const operands = Array.isArray(body)
    ? (body as Expression[])
    : operandsOf(body as Record<string, Expression>);
  const args = operands.map((operand) => partial(operand, request));
  return apply(operator, args, method.type, method.run, method.mayFail);
}

const operandsOf = ({ left, right, arg }: Record<string, Expression>): Expression[] =>
  arg ? [arg] : [left!, right!];

type Form = (body: unknown, request: PartialRequest) => Node;
const binary =
  (form: (left: Node, right: Node, request: PartialRequest) => Node): Form =>
  (body, request) =>
    form(partial((body as Binary).left, request), partial((body as Binary).right, request), request);
const lazy =
  (join: typeof and): Form =>
  (body, request) =>
    join(partial((body as Binary).left, request), () => partial((body as Binary).right, request));
const extension =
  (kind: keyof typeof PARSERS): Form =>
  (body, request) =>
    apply(
      kind,
      [partial((body as Expression[])[0]!, request)],
      { kind },
      (text) => PARSERS[kind](text as string),
      true,
    );

const FORMS: Readonly<Record<string, Form>> = {
  Value: (body) => valueNode(body),
  Var: (body, request) => variable(body as string, request),
  "&&": lazy(and),
  "||": lazy(or),
  "if-then-else": (body, request) => conditional(body as Record<"if" | "then" | "else", Expression>, request),
  "==": binary((left, right) => equality(left, right)),
  "!=": binary((left, right) => not(equality(left, right))),
  in: binary(within),
  is: (body, request) => isType(body as { left: Expression; entity_type: string; in?: Expression }, request),
  ".": (body, request) => {
    const { left, attr } = body as { left: Expression; attr: string };
    return attribute(partial(left, request), attr, request);
  },
  has: (body, request) => {
    const { left, attr } = body as { left: Expression; attr: string | readonly string[] };
    return hasPath(partial(left, request), typeof attr === "string" ? [attr] : attr, request);
  },
  contains: binary((set, value) =>
    apply("contains", [set, value], BOOL, (members, member) =>
      contains(members as Value[], member, value.type),
    ),
  ),
  containsAll: binary((set, other) =>
    apply("containsAll", [set, other], BOOL, (a, b) =>
      (b as Value[]).every((member) => contains(a as Value[], member, elementOf(other))),
    ),
  ),
  containsAny: binary((set, other) =>
    apply("containsAny", [set, other], BOOL, (a, b) =>
      (b as Value[]).some((member) => contains(a as Value[], member, elementOf(other))),
    ),
  ),
  like: (body, request) => {
    const { left, pattern } = body as {
      left: Expression;
      pattern: readonly ("Wildcard" | { Literal: string })[];
    };
    const parts = literalParts(pattern);
    return apply("like", [partial(left, request)], BOOL, (text) => like(text as string, parts));
  },
  Set: (body, request) => setNode((body as Expression[]).map((member) => partial(member, request))),
  Record: (body, request) => recordNode(body as Record<string, Expression>, request),
  ip: extension("ipaddr"),
  decimal: extension("decimal"),
  datetime: extension("datetime"),
  duration: extension("duration"),
};

function valueNode(json: unknown): Node {
  const type = literalType(json);
  return attempt(() => known(fromJson(json, type), type));
}

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

function variable(name: string, { principal, action, resource, context }: PartialRequest): Node {
  if (name === "principal") return principal;
  if (name === "resource") return resource;
  return name === "action" ? known(action, ACTION) : context;
}

function conditional(body: Record<"if" | "then" | "else", Expression>, request: PartialRequest): Node {
  const condition = partial(body.if, request);
  if (condition.op === "failed") return condition;
  if (condition.op === "known") return partial(isTrue(condition) ? body.then : body.else, request);
  const yes = partial(body.then, request);
  const no = partial(body.else, request);
  return { op: "if", type: yes.op === "failed" ? no.type : yes.type, args: [condition, yes, no] };
}

function equality(left: Node, right: Node): Node {
  if (left.op === "failed") return left;
  if (right.op === "failed") return right;
  const sameType =
    left.type.kind === right.type.kind && (left.type.kind !== "Entity" || nameOf(left) === nameOf(right));
  if (!sameType) return unless([left, right], false);
  return apply("==", [left, right], BOOL, (a, b) => equal(a, b, left.type));
}

function isType(
  body: { left: Expression; entity_type: string; in?: Expression },
  request: PartialRequest,
): Node {
  const entity = partial(body.left, request);
  if (entity.op === "failed") return entity;
  if (nameOf(entity) !== body.entity_type) return unless([entity], false);
  return body.in ? within(entity, partial(body.in, request), request) : unless([entity], true);
}

/** `left in right`, where right is an entity or a set of entities. */
function within(left: Node, right: Node, { entities }: PartialRequest): Node {
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

function attribute(of: Node, name: string, request: PartialRequest): Node {
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
function hasPath(of: Node, path: readonly string[], request: PartialRequest): Node {
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

function setNode(members: readonly Node[]): Node {
  const failed = members.find(({ op }) => op === "failed");
  if (failed) return failed;
  const type = setOf(members[0]?.type ?? BOOL);
  const values = members.flatMap((member) => (member.op === "known" ? [member.value] : []));
  if (values.length === members.length) return known(values, type);
  return { op: "apply", name: "set", type, args: members, run: fail, mayFail: false };
}

function recordNode(body: Readonly<Record<string, Expression>>, request: PartialRequest): Node {
  const fields = new Map(Object.entries(body).map(([name, value]) => [name, partial(value, request)]));
  const nodes = [...fields];
  const failed = nodes.find(([, { op }]) => op === "failed");
  if (failed) return failed[1];
  const type: CedarType = {
    kind: "Record",
    attributes: new Map(nodes.map(([name, node]) => [name, { type: node.type, optional: false }])),
  };
  const values = nodes.flatMap(([name, node]) => (node.op === "known" ? [[name, node.value] as const] : []));
  if (values.length < nodes.length) return { op: "record", type, fields };
  return known(Object.assign(Object.create(null), Object.fromEntries(values)) as RecordValue, type);
}

function literalParts(pattern: readonly ("Wildcard" | { Literal: string })[]): string[] {
  const parts = [""];
  for (const piece of pattern) {
    if (piece === "Wildcard") parts.push("");
    else parts[parts.length - 1] += piece.Literal;
  }
  return parts;
}

const elementOf = ({ type }: Pick<Node, "type">): CedarType => (type.kind === "Set" ? type.element : BOOL);

const nameOf = ({ type }: Pick<Node, "type">): string => (type.kind === "Entity" ? type.name : "");
