/** Coerces a request's variables by the GraphQL rules (specification 6.1.2) and reads the conditions off them. */
import { type GraphQLSchema, getVariableValues } from "graphql";
import { GatewayError } from "../kernel/errors.ts";
import type { CoercedVariables, PreparedOperation } from "./prepared.ts";

export function coerceVariables(
  schema: GraphQLSchema,
  operation: PreparedOperation,
  raw: Readonly<Record<string, unknown>>,
): CoercedVariables {
  const result = getVariableValues(schema, operation.definition.variableDefinitions ?? [], raw, {
    maxErrors: 5,
  });
  if (result.errors) {
    // The values are the caller's own, but may be personal: the message names the variable, not its value.
    throw new GatewayError(
      "BAD_USER_INPUT",
      `variables are not of the declared types: ${names(result.errors)}`,
      {
        cause: result.errors,
      },
    );
  }
  const values = Object.assign(Object.create(null), result.coerced) as Record<string, unknown>;
  const conditions = operation.conditionVariables.map((name) => conditionOf(values[name])).join("");
  return { values, conditions };
}

function conditionOf(value: unknown): "1" | "0" | "-" {
  if (value === undefined) return "-";
  return value === true ? "1" : "0";
}

function names(errors: readonly { readonly message: string }[]): string {
  const found = errors.map(
    ({ message }) => /"(\$[_A-Za-z][_0-9A-Za-z]*)"/.exec(message)?.[1] ?? "a variable",
  );
  return [...new Set(found)].map((name) => `\`${name}\``).join(", ");
}
