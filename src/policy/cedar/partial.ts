/**
 * Typed partial evaluation of a policy: the known part of a request goes in, a residual over the row comes out.
 *
 * In      a policy in Cedar's JSON form that the validator accepted against the same schema; the request as nodes.
 * Out     a node of type Bool; `known` when the row does not matter.
 * Bounds  depth and size of policies are capped before Cedar parses them (`policy-text.ts`).
 * Source  Cedar language 4.5; compared with cedar-wasm in tests/policy/differential.test.ts.
 */
import { attribute, hasPath } from "./access.ts";
import { PARSERS } from "./extension-text.ts";
import { like, literalParts, type Pattern } from "./like.ts";
import { entityLiteral, setNode, valueNode } from "./literals.ts";
import { elementOf, equality, isOfType, nameOf, within } from "./membership.ts";
import { and, apply, FALSE, isTrue, known, type Node, not, or, TRUE } from "./node.ts";
import { OPERATORS } from "./operators.ts";
import type { PartialRequest } from "./request.ts";
import { getTag, hasTag } from "./tags.ts";
import { ACTION, BOOL, type CedarType } from "./types.ts";
import { contains, type RecordValue, type Value } from "./values.ts";

export type Expression = Readonly<Record<string, unknown>>;
interface Binary {
  readonly left: Expression;
  readonly right: Expression;
}
export interface Scope {
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
    return scope.in ? within(node, entityLiteral(scope.in.entity), request) : TRUE;
  }
  const entity = entityLiteral(scope.entity);
  return scope.op === "==" ? equality(node, entity) : within(node, entity, request);
}

/** One expression of a policy; `partialPolicy` for a whole one. */
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

/** Operators of an expression that `partial` would throw at. */
export function unknownOperators(expression: Expression): string[] {
  const [operator, body] = Object.entries(expression)[0] as [string, unknown];
  if (operator === "Value" || operator === "Var") return [];
  const inside = partsOf(operator, body).flatMap(unknownOperators);
  return Object.hasOwn(FORMS, operator) || OPERATORS.has(operator) ? inside : [operator, ...inside];
}

/** Only a record's parts may have any name; of the others, text and patterns are no expressions. */
function partsOf(operator: string, body: unknown): Expression[] {
  const parts = Object.entries(body as Readonly<Record<string, unknown>>);
  const named =
    operator === "Record" || Array.isArray(body) ? parts : parts.filter(([name]) => OPERANDS.has(name));
  return named.map(([, part]) => part as Expression);
}

const OPERANDS = new Set(["left", "right", "arg", "in", "if", "then", "else"]);

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
  is: (body, request) => {
    const {
      left,
      entity_type,
      in: group,
    } = body as { left: Expression; entity_type: string; in?: Expression };
    const entity = partial(left, request);
    const typed = isOfType(entity, entity_type);
    return group ? and(typed, () => within(entity, partial(group, request), request)) : typed;
  },
  ".": (body, request) => {
    const { left, attr } = body as { left: Expression; attr: string };
    return attribute(partial(left, request), attr, request);
  },
  has: (body, request) => {
    const { left, attr } = body as { left: Expression; attr: string | readonly string[] };
    return hasPath(partial(left, request), typeof attr === "string" ? [attr] : attr, request);
  },
  hasTag: binary(hasTag),
  getTag: binary(getTag),
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
    const { left, pattern } = body as { left: Expression; pattern: Pattern };
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
