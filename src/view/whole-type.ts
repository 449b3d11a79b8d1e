/**
 * A type on which nothing is decided, with everything that it leads to: all of it is in every view that reaches it.
 *
 * Out     names of types, and coordinates of fields, arguments, input fields and enum values. A type is walked once.
 */
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

export function wholeType(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  found = new Set<string>(),
): ReadonlySet<string> {
  if (found.has(type.name)) return found;
  found.add(type.name);
  const below = (each: GraphQLNamedType): unknown => wholeType(schema, each, found);
  if (isEnumType(type)) for (const { name } of type.getValues()) found.add(`${type.name}.${name}`);
  if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(below);
  if (isInterfaceType(type)) schema.getImplementations(type).interfaces.forEach(below);
  if (isObjectType(type)) type.getInterfaces().forEach(below);
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      found.add(`${type.name}.${field.name}`);
      below(getNamedType(field.type));
    }
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      found.add(`${type.name}.${field.name}`);
      below(getNamedType(field.type));
      for (const argument of field.args) {
        found.add(`${type.name}.${field.name}(${argument.name}:)`);
        below(getNamedType(argument.type));
      }
    }
  }
  return found;
}
