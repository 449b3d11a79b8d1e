/**
 * A policy as the conditions that it sets, one by one: what must hold for it to apply.
 *
 * In      a policy in Cedar's JSON form.
 * Out     a tree of `all` and `any` over tests. `unless`, `!` and `if` are resolved into what is wanted of each test,
 *         so that every leaf is one fact that is or is not as the policy wants it.
 * Rule    for reading only: verdicts come from the residuals, which also know what errs.
 */
import type { Expression, PolicyJson, Scope } from "../cedar/partial.ts";
import { entityRef } from "../cedar/values.ts";

export interface Test {
  readonly kind: "test";
  readonly expression: Expression;
  /** What the test must be for the policy to apply. */
  readonly wanted: boolean;
}
export interface Junction {
  readonly kind: "all" | "any";
  readonly parts: readonly Clause[];
}
export type Clause = Test | Junction;

/** Scope of principal and resource, then the conditions; the action's scope is how the policy was found. */
export function clausesOf({ principal, resource, conditions }: PolicyJson): readonly Clause[] {
  const scope = [...scopeTests("principal", principal), ...scopeTests("resource", resource)];
  const stated = conditions.map(({ kind, body }) => clauseOf(body, kind === "when"));
  return junction("all", [...scope, ...stated]).parts;
}

export function clauseOf(expression: Expression, wanted = true): Clause {
  const [operator, body] = Object.entries(expression)[0] as [string, unknown];
  switch (operator) {
    case "&&":
    case "||": {
      const { left, right } = body as Record<"left" | "right", Expression>;
      const kind = (operator === "&&") === wanted ? "all" : "any";
      return junction(kind, [clauseOf(left, wanted), clauseOf(right, wanted)]);
    }
    case "!":
      return clauseOf((body as { readonly arg: Expression }).arg, !wanted);
    case "!=":
      return { kind: "test", expression: { "==": body }, wanted: !wanted };
    case "if-then-else": {
      const choice = body as Record<"if" | "then" | "else", Expression>;
      return junction("any", [
        junction("all", [clauseOf(choice.if), clauseOf(choice.then, wanted)]),
        junction("all", [clauseOf(choice.if, false), clauseOf(choice.else, wanted)]),
      ]);
    }
    default:
      return { kind: "test", expression, wanted };
  }
}

/** `all` within `all` is one `all`. */
export function junction(kind: Junction["kind"], parts: readonly Clause[]): Junction {
  return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) };
}

export function testsOf(clause: Clause): readonly Test[] {
  return clause.kind === "test" ? [clause] : clause.parts.flatMap(testsOf);
}

function scopeTests(variable: string, scope: Scope): readonly Test[] {
  const left = { Var: variable };
  const test = (expression: Expression): Test => ({ kind: "test", expression, wanted: true });
  if (scope.op === "All") return [];
  if (scope.op === "is") {
    const typed = test({ is: { left, entity_type: scope.entity_type } });
    return scope.in ? [typed, test({ in: { left, right: literal(scope.in.entity) } })] : [typed];
  }
  return [test({ [scope.op]: { left, right: literal(scope.entity) } })];
}

const literal = (entity: unknown): Expression => ({ Value: { __entity: entityRef(entity) } });
