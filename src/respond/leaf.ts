/**
 * Writes scalars, enums and lists of them as JSON text, checked against the schema's type.
 *
 * Rule    GraphQL specification 6.4.3: a value that does not coerce is null, and null in a non-null place is
 *         undefined here, which the caller propagates. Custom scalars pass as the agency sent them.
 */
import { type GraphQLOutputType, isEnumType, isListType, isNonNullType } from "graphql";
import type { Troubles } from "./sheet.ts";

/** JSON text, or undefined for a null that must propagate; every null that is no value is noted. */
export type Write = (value: unknown, troubles: Troubles) => string | undefined;

export function leafWriter(type: GraphQLOutputType): Write {
  if (isNonNullType(type)) {
    const { ofType } = type;
    return isListType(ofType) ? nonNull(leafWriter(ofType)) : valueWriter(ofType, absent);
  }
  return isListType(type) ? listOf(leafWriter(type.ofType)) : valueWriter(type, empty);
}

/** What is written where there is no value of the type. */
type Otherwise = Write;

const empty: Otherwise = (value, troubles) => {
  if (value !== null && value !== undefined) troubles.note(value);
  return "null";
};

const absent: Otherwise = (value, troubles) => {
  troubles.note(value);
  return undefined;
};

/** Null in a non-null place: noted once, here or by what made it null, and handed up. */
export function nonNull<Rest extends unknown[]>(
  write: (value: unknown, troubles: Troubles, ...rest: Rest) => string | undefined,
): (value: unknown, troubles: Troubles, ...rest: Rest) => string | undefined {
  return (value, troubles, ...rest) => {
    if (value === null || value === undefined) {
      troubles.note(value);
      return undefined;
    }
    const text = write(value, troubles, ...rest);
    return text === "null" ? undefined : text;
  };
}

/** A null item that may not be null makes the list null. */
export function listOf(item: Write): Write {
  return (value, troubles) => {
    if (value === null || value === undefined) return "null";
    if (!Array.isArray(value)) {
      troubles.note(value);
      return "null";
    }
    if (value.length === 0) return "[]";
    const first = troubles.count;
    let mark = first;
    let text = "[";
    for (let i = 0; i < value.length; i++) {
      const written = item(value[i], troubles);
      if (troubles.count !== mark) {
        troubles.lieUnder(mark, i, null);
        mark = troubles.count;
      }
      if (written === undefined) {
        troubles.settle(first);
        return "null";
      }
      text += i === 0 ? written : `,${written}`;
    }
    return `${text}]`;
  };
}

/** Anything that JSON text cannot hold as it is: control characters, quotes, backslashes, lone surrogates (RFC 8259 §7 and §8.2). */
const ESCAPED = /[^\u0020\u0021\u0023-\u005b\u005d-\ud7ff\ue000-\uffff]/;
const quoted = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);

/** 2^31, the bound of GraphQL's Int. */
const INT_BOUND = 2_147_483_648;

/** One closure for each value, since most of an answer is leaves. */
function valueWriter(type: GraphQLOutputType, otherwise: Otherwise): Write {
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, JSON.stringify(name)]));
    return (value, troubles) => texts.get(value) ?? otherwise(value, troubles);
  }
  switch (String(type)) {
    case "Int":
      return (value, troubles) =>
        Number.isInteger(value) && (value as number) < INT_BOUND && (value as number) >= -INT_BOUND
          ? String(value)
          : otherwise(value, troubles);
    case "Float":
      return (value, troubles) => (Number.isFinite(value) ? String(value) : otherwise(value, troubles));
    case "Boolean":
      return (value, troubles) => (typeof value === "boolean" ? String(value) : otherwise(value, troubles));
    case "String":
      return (value, troubles) => (typeof value === "string" ? quoted(value) : otherwise(value, troubles));
    case "ID":
      return (value, troubles) => {
        if (typeof value === "string") return quoted(value);
        return Number.isInteger(value) ? `"${String(value)}"` : otherwise(value, troubles);
      };
    default:
      return (value, troubles) =>
        value === null || value === undefined || typeof value === "symbol"
          ? otherwise(value, troubles)
          : JSON.stringify(value);
  }
}
