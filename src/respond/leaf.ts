/**
 * Writes scalars, enums and lists of them as JSON text, checked against the schema's type.
 *
 * Rule    GraphQL specification 6.4.3: a value that does not coerce is null, and null in a non-null place is
 *         undefined here, which the caller propagates. Custom scalars pass as the agency sent them.
 */
import { type GraphQLOutputType, isEnumType, isListType, isNonNullType } from "graphql";

/** JSON text, or undefined for a null that must propagate. */
export type Write = (value: unknown, faults: BadValues) => string | undefined;

/** Counts values that were not of their type. */
export interface BadValues {
  badValues: number;
}

export function leafWriter(type: GraphQLOutputType): Write {
  if (isNonNullType(type)) {
    const write = leafWriter(type.ofType);
    return (value, faults) => {
      const text = write(value, faults);
      return text === "null" ? undefined : text;
    };
  }
  if (isListType(type)) return listWriter(leafWriter(type.ofType));
  const write = isEnumType(type)
    ? enumWriter(type.getValues().map(({ name }) => name))
    : scalarWriter(String(type));
  return (value, faults) => {
    if (value === null || value === undefined) return "null";
    const text = write(value);
    if (text !== undefined) return text;
    faults.badValues++;
    return "null";
  };
}

function listWriter(item: Write): Write {
  return (value, faults) => {
    if (value === null || value === undefined) return "null";
    if (!Array.isArray(value)) {
      faults.badValues++;
      return "null";
    }
    const texts: string[] = [];
    for (const each of value) {
      const text = item(each, faults);
      if (text === undefined) return "null";
      texts.push(text);
    }
    return `[${texts.join(",")}]`;
  };
}

const enumWriter = (names: readonly string[]): ((value: unknown) => string | undefined) => {
  const texts = new Map<unknown, string>(names.map((name) => [name, JSON.stringify(name)]));
  return (value) => texts.get(value);
};

/** 2^31, the bound of GraphQL's Int. */
const INT_BOUND = 2_147_483_648;

function scalarWriter(name: string): (value: unknown) => string | undefined {
  switch (name) {
    case "Int":
      return (value) =>
        Number.isInteger(value) && (value as number) < INT_BOUND && (value as number) >= -INT_BOUND
          ? String(value)
          : undefined;
    case "Float":
      return (value) => (Number.isFinite(value) ? String(value) : undefined);
    case "Boolean":
      return (value) => (typeof value === "boolean" ? String(value) : undefined);
    case "String":
      return (value) => (typeof value === "string" ? JSON.stringify(value) : undefined);
    case "ID":
      return (value) =>
        typeof value === "string" || Number.isInteger(value) ? JSON.stringify(String(value)) : undefined;
    default:
      return (value) => JSON.stringify(value);
  }
}
