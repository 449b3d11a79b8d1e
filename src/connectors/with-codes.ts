/**
 * A schema of this process whose code lists hold every code of the deployment's: its classes know those that ship, and another
 * country's schema folder names more agencies and groups of fields.
 *
 * Out     the schema itself where it lacks none. A code that is added stands for itself, like all others.
 * Cost    some milliseconds for each schema that lacks a code, once a version.
 */
import { MapperKind, mapSchema } from "@graphql-tools/utils";
import { GraphQLEnumType, type GraphQLSchema, isEnumType } from "graphql";

export function withCodes(schema: GraphQLSchema, composed: GraphQLSchema): GraphQLSchema {
  const lacking = (type: GraphQLEnumType): readonly string[] => {
    const known = new Set(type.getValues().map(({ name }) => name));
    const whole = composed.getType(type.name);
    return isEnumType(whole) ? whole.getValues().flatMap(({ name }) => (known.has(name) ? [] : name)) : [];
  };
  const lists = Object.values(schema.getTypeMap()).filter(isEnumType);
  if (lists.every((type) => lacking(type).length === 0)) return schema;
  return mapSchema(schema, {
    [MapperKind.ENUM_TYPE]: (type) => {
      const { values, ...rest } = type.toConfig();
      const more = Object.fromEntries(lacking(type).map((code) => [code, { value: code }]));
      return new GraphQLEnumType({ ...rest, values: { ...values, ...more } });
    },
  });
}
