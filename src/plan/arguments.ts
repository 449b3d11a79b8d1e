/**
 * Lifts every argument into an internal variable of its own, so that the planner and the plan cache never see a
 * literal, and notes which fields an argument filters by.
 */
import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  print,
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

type Definition = Pick<GraphQLField<unknown, unknown>, "args">;

/** Numbers the variables of one operation. */
export class ArgumentLifter {
  readonly #shared = new Map<string, ArgumentSlot>();
  #count = 0;

  /** The arguments that a field passes, each in a variable of its own; they name the field's key. */
  lift(parent: string, node: FieldNode, { args }: Definition): readonly ArgumentSlot[] {
    const key = `_a${this.#count}`;
    return args.flatMap((argument) => {
      const slot = liftArgument(`_v${this.#count}`, parent, node, key, argument);
      if (slot) this.#count += 1;
      return slot ?? [];
    });
  }

  /** The same where nothing is decided: equal values of one type share a variable. */
  share(parent: string, node: FieldNode, { args }: Definition): readonly ArgumentSlot[] {
    return args.flatMap((argument) => {
      const slot = liftArgument(`_v${this.#count}`, parent, node, "", argument);
      if (!slot) return [];
      const value = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
      const meaning = `${slot.argument}:${slot.type}=${value ? print(value) : ""}`;
      const known = this.#shared.get(meaning);
      if (known) return [known];
      this.#shared.set(meaning, slot);
      this.#count += 1;
      return [slot];
    });
  }
}

function liftArgument(
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
    argument: argument.name,
    type: variableType(argument),
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
  if (holdsVariable(value)) return (variables) => valueFromAST(value, type, variables);
  const constant: unknown = valueFromAST(value, type);
  return () => constant;
}

function holdsVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(holdsVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => holdsVariable(field.value));
}

/** A non-null argument with a default may be left out (GraphQL specification 5.8.5), so its variable may be too. */
const variableType = ({ type, defaultValue }: GraphQLArgument): GraphQLInputType =>
  isNonNullType(type) && defaultValue !== undefined ? (type.ofType as GraphQLInputType) : type;

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
