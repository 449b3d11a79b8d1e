/**
 * Lifts every argument into an internal variable of its own, so that the planner and the plan cache never see a
 * literal, and notes which fields an argument filters by.
 */
import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type ValueNode,
  valueFromAST,
} from "graphql";
import type { Coordinate } from "../kernel/brands.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import type { ArgumentSlot } from "./internal-operation.ts";

type Variables = Readonly<Record<string, unknown>>;

export interface Filter {
  readonly coordinate: Coordinate;
  readonly used: (variables: Variables) => boolean;
}

export function liftArgument(
  variable: string,
  parent: string,
  field: FieldNode,
  key: string,
  argument: GraphQLArgument,
): ArgumentSlot | null {
  const node = field.arguments?.find(({ name }) => name.value === argument.name);
  if (!node) return null;
  return {
    variable,
    type: argument.type,
    coordinate: `${parent}.${field.name.value}(${argument.name}:)`,
    preset: argument.defaultValue,
    read: reader(node.value, argument.type),
    field: key,
  };
}

/** Coerced as GraphQL's CoerceArgumentValues does; a variable that was left out leaves the argument out. */
function reader(value: ValueNode, type: GraphQLInputType): ArgumentSlot["read"] {
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value;
    return (variables) => variables[name];
  }
  return (variables) => valueFromAST(value, type, variables);
}

/**
 * The fields that a slot filters, looks up or orders by, and whether a request makes use of each. To name the order that a
 * list has anyway is no use: it tells nothing that the list itself does not.
 */
export function filtersOf(slot: ArgumentSlot, supergraph: Supergraph): readonly Filter[] {
  const direct = supergraph.filters.get(slot.coordinate);
  const own: Filter[] = direct
    ? [{ coordinate: direct, used: (variables) => given(slot.read(variables)) }]
    : [];
  return [...own, ...valueFilters(slot, namedInput(slot.type), supergraph)];
}

function valueFilters(slot: ArgumentSlot, type: GraphQLInputType, supergraph: Supergraph): readonly Filter[] {
  if (isInputObjectType(type)) {
    return Object.keys(type.getFields()).flatMap((name) => {
      const coordinate = supergraph.filters.get(`${type.name}.${name}`);
      return coordinate
        ? [{ coordinate, used: (variables: Variables) => mentions(slot.read(variables), name) }]
        : [];
    });
  }
  const prefix = `${namedInputName(type)}.`;
  return [...supergraph.filters].flatMap(([from, coordinate]) => {
    const code = from.slice(prefix.length);
    return from.startsWith(prefix) && code !== slot.preset
      ? [{ coordinate, used: (variables: Variables) => slot.read(variables) === code }]
      : [];
  });
}

const given = (value: unknown): boolean => value !== undefined && value !== null;

const mentions = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && given((value as Record<string, unknown>)[name]);

function namedInput(type: GraphQLInputType): GraphQLInputType {
  return isNonNullType(type) || isListType(type) ? namedInput(type.ofType as GraphQLInputType) : type;
}

const namedInputName = (type: GraphQLInputType): string => ("name" in type ? type.name : "");
