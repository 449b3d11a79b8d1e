/**
 * Conditions of policies in the words of `docs/policies.md`: what an officer or a lawyer reads instead of Cedar.
 *
 * In      a test of a policy, the field that is asked for (`action in resource.access.granted` speaks of its group), a language.
 * Out     one phrase, true of the row when the test is as wanted. What has no words is shown as Cedar text.
 */
import type { Expression } from "../cedar/partial.ts";
import { cedarText } from "./cedar-text.ts";
import type { Clause, Test } from "./clauses.ts";
import { type Language, PHRASES, type Phrases } from "./phrases.ts";

interface AskedField {
  readonly coordinate: string;
  readonly group: string;
}

function testWords({ expression, wanted }: Test, field: AskedField, phrases: Phrases): string {
  const words = phraseOf(expression, field, phrases);
  if (words) return words[wanted ? 0 : 1];
  const text = cedarText(expression);
  return wanted ? text : phrases.not(text);
}

/** `a, and b, and (c or d)`. */
export function clauseWords(clause: Clause, field: AskedField, language: Language): string {
  const phrases = PHRASES[language];
  if (clause.kind === "test") return testWords(clause, field, phrases);
  const parts = clause.parts.map((part) =>
    part.kind === "test" || clause.parts.length === 1
      ? clauseWords(part, field, language)
      : `(${clauseWords(part, field, language)})`,
  );
  return parts.join(clause.kind === "all" ? phrases.and : phrases.or);
}

type Pair = readonly [yes: string, no: string];

function phraseOf(expression: Expression, field: AskedField, phrases: Phrases): Pair | null {
  const [operator, body] = Object.entries(expression)[0] as [string, Record<string, Expression>];
  const attribute = attributeOf(expression);
  if (attribute) return phrases.flags[attribute] ?? null;
  const { left, right } = body;
  if (!left || !right) return null;
  const ids = (of: Expression) => idsOf(of, phrases);
  const set = attributeOf(right);
  if (operator === "in" && set)
    return phrases.sets[set]?.(isVariable(left, "action") ? field.group : ids(left)) ?? null;
  const of = attributeOf(left);
  if (of && CONTAINS.has(operator)) return phrases.sets[of]?.(ids(right)) ?? null;
  if (of === "breakGlassUntil" && operator === ">" && attributeOf(right) === "now") return phrases.breakGlass;
  if (operator !== "in" && operator !== "==") return null;
  if (of === "purpose" || of === "basis") return phrases.is(of, ids(right));
  if (isVariable(left, "principal")) return phrases.is(isRole(right) ? "role" : "agency", ids(right));
  return isVariable(left, "action") ? phrases.is("field", actionNames(right, phrases)) : null;
}

const CONTAINS = new Set(["contains", "containsAny"]);

const isRole = (right: Expression): boolean => entities(right)[0]?.type === "Role";

function actionNames(right: Expression, phrases: Phrases): string {
  const names = entities(right).map(
    ({ id }) => phrases.kinds[id] ?? (/^S\d$/.test(id) ? phrases.ofClass(id) : id),
  );
  return orList(names, phrases);
}

/** `name` of `resource.access.name`, `context.name` and `principal.name`. */
export function attributeOf(expression: Expression): string | null {
  const { left, attr } = (expression["."] ?? {}) as { left?: Expression; attr?: string };
  if (!left || attr === undefined) return null;
  const { left: outer, attr: name } = (left["."] ?? {}) as { left?: Expression; attr?: string };
  if (name === "access" && outer && isVariable(outer, "resource")) return attr;
  return isVariable(left, "context") || isVariable(left, "principal") ? attr : null;
}

const isVariable = (expression: Expression, name: string): boolean => expression["Var"] === name;

interface Entity {
  readonly type: string;
  readonly id: string;
}

function entities(expression: Expression): readonly Entity[] {
  const members = expression["Set"] as readonly Expression[] | undefined;
  if (members) return members.flatMap(entities);
  const { __entity: entity } = (expression["Value"] ?? {}) as { __entity?: Entity };
  return entity ? [entity] : [];
}

function idsOf(expression: Expression, phrases: Phrases): string {
  const named = entities(expression).map(({ id }) => id);
  return named.length > 0 ? orList(named, phrases) : cedarText(expression);
}

const orList = (names: readonly string[], { comma, or }: Phrases): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(comma)}${or}${names.at(-1)}`;
