/**
 * Where ids are inside the variables of a query: by declared type, also in lists and input objects.
 */
import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";

/** Replaces every id inside a variable's value; what `map` returns for an id takes its place. */
export type IdMapper = (value: unknown, map: (id: string) => unknown) => unknown;

/** What an unknown id maps to: dropped from a list; anywhere else the question has no answer. */
export const UNKNOWN = Symbol("unknown id");
export class UnknownId extends Error {}

export function idVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): ReadonlyMap<string, IdMapper> {
  const mappers = new Map<string, IdMapper>();
  for (const { type: node, variable } of operation.variableDefinitions ?? []) {
    const type = typeFromAST(schema, node as Parameters<typeof typeFromAST>[1]) as
      | GraphQLInputType
      | undefined;
    if (type && holdsId(type, new Set())) mappers.set(variable.name.value, mapperOf(type));
  }
  return mappers;
}

function holdsId(type: GraphQLInputType, seen: Set<string>): boolean {
  const named = getNamedType(type);
  if (named.name === "ID") return true;
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some((field) => holdsId(field.type, seen));
}

function mapperOf(type: GraphQLInputType): IdMapper {
  if (isNonNullType(type)) return mapperOf(type.ofType);
  if (isListType(type)) return listMapper(mapperOf(type.ofType));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) => holdsId(field.type, new Set()));
    return objectMapper(new Map(fields.map((field) => [field.name, field.type])));
  }
  return (value, map) => (typeof value === "string" ? settled(map(value)) : value);
}

function settled(value: unknown): unknown {
  if (value === UNKNOWN) throw new UnknownId();
  return value;
}

/** A list keeps the ids that are known; one without any known id asks for nothing. */
const listMapper =
  (item: IdMapper): IdMapper =>
  (value, map) => {
    if (!Array.isArray(value)) return value === null || value === undefined ? value : item(value, map);
    const known = value.flatMap((element) => {
      try {
        return [item(element, map)];
      } catch (error) {
        if (error instanceof UnknownId) return [];
        throw error;
      }
    });
    return known.length > 0 || value.length === 0 ? known : settled(UNKNOWN);
  };

/** Types of fields become mappers when a value is there: input types may contain themselves. */
const objectMapper =
  (fields: ReadonlyMap<string, GraphQLInputType>): IdMapper =>
  (value, map) => {
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([name, inner]) => {
      const type = fields.get(name);
      return [name, type ? mapperOf(type)(inner, map) : inner] as const;
    });
    return Object.fromEntries(entries);
  };
