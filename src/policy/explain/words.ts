/**
 * Conditions of policies in the words of `docs/policies.md`: what an officer or a lawyer reads instead of Cedar.
 *
 * In      a test of a policy, and the field that is asked for: `action in resource.access.granted` speaks of its group.
 * Out     one phrase, true of the row when the test is as wanted. What has no words is shown as Cedar text.
 */
import type { Expression } from "../cedar/partial.ts";
import { cedarText } from "./cedar-text.ts";
import type { Clause, Test } from "./clauses.ts";

/** Flags of `resource.access`: when true, when false. */
export const FLAG_WORDS: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  caseBound: ["a case leads to the row", "no case leads to the row"],
  own: ["the row is the reader's own", "the row is not the reader's own"],
  holder: ["the reader holds the case", "the reader does not hold the case"],
  party: ["the case was referred to the reader", "the case was not referred to the reader"],
  known: ["the reader's agency knows of the case", "the reader's agency does not know of the case"],
  assigned: ["the reader is assigned to the case", "the reader is not assigned to the case"],
  charged: ["the case came to charges", "the case did not come to charges"],
  child: ["the victim is a child", "the victim is no child"],
  sealed: ["the trial is sealed", "the trial is not sealed"],
  officialSuspect: [
    "an official of the reader's agency is suspected",
    "no official of the reader's agency is suspected",
  ],
  staffConflict: ["the reader is linked to a party", "the reader is linked to no party"],
};

type Phrase = (groups: string) => readonly [yes: string, no: string];

/** Sets of groups: of the row, and of the reader. */
const SET_WORDS: Readonly<Record<string, Phrase>> = {
  granted: (groups) => [`a referral grants ${groups}`, `no referral grants ${groups}`],
  consented: (groups) => [`the person agreed to ${groups}`, `the person did not agree to ${groups}`],
  refused: (groups) => [`the person refused ${groups}`, `the person did not refuse ${groups}`],
  court: (groups) => [`${groups} was put before the court`, `${groups} was not put before the court`],
  registers: (groups) => [
    `${groups} is a register of the reader's agency`,
    `${groups} is no register of the reader's agency`,
  ],
  certificates: (names) => [`the reader is certified ${names}`, `the reader is not certified ${names}`],
};

const KIND_WORDS: Readonly<Record<string, string>> = {
  case: "case data",
  caseData: "case data",
  personData: "person data",
  commonData: "common data",
  clear: "asked for in clear",
  masked: "asked for masked",
  neverBroken: "of a group that break-glass never opens",
};

interface AskedField {
  readonly coordinate: string;
  readonly group: string;
}

export function testWords({ expression, wanted }: Test, field: AskedField): string {
  const words = phraseOf(expression, field);
  if (words) return words[wanted ? 0 : 1];
  const text = cedarText(expression);
  return wanted ? text : `not ${text}`;
}

/** `a, and b, and (c or d)`. */
export function clauseWords(clause: Clause, field: AskedField): string {
  if (clause.kind === "test") return testWords(clause, field);
  const parts = clause.parts.map((part) =>
    part.kind === "test" || clause.parts.length === 1
      ? clauseWords(part, field)
      : `(${clauseWords(part, field)})`,
  );
  return parts.join(clause.kind === "all" ? " and " : " or ");
}

function phraseOf(expression: Expression, field: AskedField): readonly [string, string] | null {
  const [operator, body] = Object.entries(expression)[0] as [string, Record<string, Expression>];
  const attribute = attributeOf(expression);
  if (attribute) return FLAG_WORDS[attribute] ?? null;
  const { left, right } = body;
  if (!left || !right) return null;
  const set = attributeOf(right);
  if (operator === "in" && set)
    return SET_WORDS[set]?.(isVariable(left, "action") ? field.group : ids(left)) ?? null;
  const of = attributeOf(left);
  if (of && CONTAINS.has(operator)) return SET_WORDS[of]?.(ids(right)) ?? null;
  if (of === "breakGlassUntil" && operator === ">" && attributeOf(right) === "now")
    return ["break-glass is open", "break-glass is not open"];
  if (operator !== "in" && operator !== "==") return null;
  if (of === "purpose") return is("the purpose", ids(right));
  if (of === "basis") return is("the legal basis", ids(right));
  if (isVariable(left, "principal")) return principalWords(right);
  return isVariable(left, "action") ? actionWords(right) : null;
}

const CONTAINS = new Set(["contains", "containsAny"]);

const is = (what: string, names: string) => [`${what} is ${names}`, `${what} is not ${names}`] as const;

function principalWords(right: Expression): readonly [string, string] {
  const [{ type = "" } = {}] = entities(right);
  return type === "Role" ? is("the reader's role", ids(right)) : is("the reader's agency", ids(right));
}

function actionWords(right: Expression): readonly [string, string] {
  const names = entities(right).map(({ id }) => KIND_WORDS[id] ?? (/^S\d$/.test(id) ? `of class ${id}` : id));
  return is("the field", orList(names));
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

const ids = (expression: Expression): string => {
  const named = entities(expression).map(({ id }) => id);
  return named.length > 0 ? orList(named) : cedarText(expression);
};

export const orList = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
