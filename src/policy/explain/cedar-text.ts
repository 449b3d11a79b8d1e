/** One Cedar expression as Cedar text: how a condition is shown for which there are no words. */
import { largeLong } from "../cedar/literals.ts";
import type { Expression } from "../cedar/partial.ts";

const INFIX = new Set(["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "&&", "||", "in"]);
const LOOSE = new Set(["if-then-else", "has", "like", "is"]);
const FUNCTIONS = new Set(["ip", "decimal", "datetime", "duration"]);

type Body = Record<string, unknown> & Record<"left" | "right" | "arg", Expression>;

export function cedarText(expression: Expression): string {
  const [operator, body] = Object.entries(expression)[0] as [string, Body];
  if (operator === "Value") return valueText(body);
  if (operator === "Var") return body as unknown as string;
  if (INFIX.has(operator)) return `${operand(body.left)} ${operator} ${operand(body.right)}`;
  const method = METHODS[operator];
  if (method) return method(body);
  if (FUNCTIONS.has(operator)) return `${operator}(${listText(body as unknown as Expression[])})`;
  const [self, ...args] = Array.isArray(body) ? (body as Expression[]) : [body.left ?? body.arg, body.right];
  return `${operand(self!)}.${operator}(${listText(args.filter((arg) => arg !== undefined) as Expression[])})`;
}

const METHODS: Readonly<Record<string, (body: Body) => string>> = {
  ".": ({ left, attr }) => `${operand(left)}.${String(attr)}`,
  has: ({ left, attr }) => `${operand(left)} has ${[attr].flat().join(".")}`,
  is: ({ left, entity_type, in: group }) =>
    `${operand(left)} is ${String(entity_type)}${group ? ` in ${operand(group as Expression)}` : ""}`,
  like: ({ left, pattern }) => `${operand(left)} like ${patternText(pattern as readonly unknown[])}`,
  "!": ({ arg }) => `!${operand(arg)}`,
  neg: ({ arg }) => `-${operand(arg)}`,
  Set: (body) => `[${listText(body as unknown as Expression[])}]`,
  Record: (body) =>
    `{${Object.entries(body)
      .map(([name, value]) => `${name}: ${cedarText(value as Expression)}`)
      .join(", ")}}`,
  "if-then-else": (body) =>
    `if ${operand(body["if"] as Expression)} then ${operand(body["then"] as Expression)} else ${operand(body["else"] as Expression)}`,
};

const listText = (expressions: readonly Expression[]): string => expressions.map(cedarText).join(", ");

/** In brackets where an operator could take it apart. */
function operand(expression: Expression): string {
  const [operator = ""] = Object.keys(expression);
  return INFIX.has(operator) || LOOSE.has(operator) ? `(${cedarText(expression)})` : cedarText(expression);
}

export function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  const long = largeLong(value);
  if (long !== null) return long;
  const { __entity: entity, __extn: extension } = (value ?? {}) as {
    __entity?: { type: string; id: string };
    __extn?: { fn: string; arg: string };
  };
  if (entity) return `${entity.type}::${JSON.stringify(entity.id)}`;
  if (extension) return `${extension.fn}(${JSON.stringify(extension.arg)})`;
  return JSON.stringify(value);
}

const patternText = (pattern: readonly unknown[]): string =>
  JSON.stringify(
    pattern
      .map((piece) =>
        piece === "Wildcard" ? "*" : (piece as { Literal: string }).Literal.replaceAll("*", "\\*"),
      )
      .join(""),
  );
