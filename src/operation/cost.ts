/**
 * What a document may come to at most: values, counted with every list at the size that it may have.
 *
 * In      a prepared operation, valid against the public schema; the request's coerced variables.
 * Out     its cost in all, and that of the fields of each agency. Fragments are written out and every `@skip` and `@include` is
 *         taken to show: rows, rights and what is withheld play no part, so a cost tells nobody anything.
 * Rule    a field counts 1, or its `@cost` (its own, its type's, its arguments'), once for each row that it is read of. A list has as
 *         many rows as `first` or `last` say, on itself or on the connection around it, or the slicing arguments that `@listSize`
 *         names; else the `assumedSize` of `@listSize`, else the configured one. Introspection counts its first field.
 * Cost    one walk for each operation; afterwards a sum over what depends on variables.
 */
import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";
import type { AgencyCode, Coordinate } from "../kernel/brands.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import type { PreparedOperation } from "./prepared.ts";

export interface Cost {
  readonly total: number;
  readonly byAgency: ReadonlyMap<AgencyCode, number>;
}

export type Values = Readonly<Record<string, unknown>>;
export type CostOf = (operation: PreparedOperation, values: Values) => Cost;

export interface CostRules {
  readonly supergraph: Pick<Supergraph, "publicSchema" | "fields" | "subgraphs">;
  /** Rows of a list of which nothing says how long it is. */
  readonly assumedListSize: number;
  /** What `first` and `last` may say; more is refused before anybody is asked. */
  readonly maxPageSize: number;
}

/** Rows of a list: known, or by a variable. */
type Size = number | ((values: Values) => number);

/** What one row of a selection comes to, and the lists of rows below it. */
interface Level {
  readonly own: Map<AgencyCode | null, number>;
  readonly lists: { readonly size: Size; readonly level: Level }[];
}

export function createCostOf(rules: CostRules): CostOf {
  const levels = new WeakMap<PreparedOperation, Level>();
  const levelOf = (operation: PreparedOperation): Level => {
    const known = levels.get(operation) ?? new Measure(rules, operation).level();
    levels.set(operation, known);
    return known;
  };
  return (operation, values) => {
    const byAgency = new Map<AgencyCode | null, number>();
    addUp(levelOf(operation), 1, values, byAgency);
    let total = 0;
    for (const cost of byAgency.values()) total += cost;
    byAgency.delete(null);
    return { total, byAgency: byAgency as Map<AgencyCode, number> };
  };
}

function addUp(
  { own, lists }: Level,
  rows: number,
  values: Values,
  into: Map<AgencyCode | null, number>,
): void {
  for (const [agency, cost] of own) into.set(agency, (into.get(agency) ?? 0) + cost * rows);
  for (const { size, level } of lists)
    addUp(level, rows * (typeof size === "number" ? size : size(values)), values, into);
}

const SLICING = ["first", "last"];

class Measure {
  readonly #rules: CostRules;
  readonly #operation: PreparedOperation;
  readonly #schema: GraphQLSchema;

  constructor(rules: CostRules, operation: PreparedOperation) {
    this.#rules = rules;
    this.#operation = operation;
    this.#schema = rules.supergraph.publicSchema;
  }

  level(): Level {
    const { operation, selectionSet } = this.#operation.definition;
    const level: Level = { own: new Map(), lists: [] };
    const root = this.#schema.getRootType(operation);
    if (root) this.#select(selectionSet, root, null, level);
    return level;
  }

  /** `pageSize`: of the connection that this is the selection of; null where it is none. */
  #select(set: SelectionSetNode, parent: GraphQLNamedType, pageSize: Size | null, into: Level): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) this.#field(selection, parent, pageSize, into);
      else {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : this.#operation.fragments.get(selection.name.value);
        const named = fragment?.typeCondition && this.#schema.getType(fragment.typeCondition.name.value);
        if (fragment) this.#select(fragment.selectionSet, named ?? parent, pageSize, into);
      }
    }
  }

  #field(node: FieldNode, parent: GraphQLNamedType, pageSize: Size | null, into: Level): void {
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {};
    const field = Object.hasOwn(fields, node.name.value) ? fields[node.name.value] : undefined;
    const agency = this.#agencyOf(parent, node.name.value);
    into.own.set(agency, (into.own.get(agency) ?? 0) + (field ? weightOf(field, node) : 1));
    const type = field && getNamedType(field.type);
    if (!field || !node.selectionSet || !isCompositeType(type)) return;
    const own = this.#pageSizeOf(field, node);
    if (!isListType(getNullableType(field.type))) {
      this.#select(node.selectionSet, type, own, into);
      return;
    }
    const level: Level = { own: new Map(), lists: [] };
    this.#select(node.selectionSet, type, null, level);
    into.lists.push({ size: own ?? pageSize ?? this.#rules.assumedListSize, level });
  }

  #agencyOf(parent: GraphQLNamedType, field: string): AgencyCode | null {
    const { fields, subgraphs } = this.#rules.supergraph;
    const [server] = fields.get(`${parent.name}.${field}` as Coordinate)?.servedBy ?? [];
    return server === undefined ? null : (subgraphs.get(server)?.agency ?? null);
  }

  /** The greatest that its slicing arguments say; else what `@listSize` assumes; else null. */
  #pageSizeOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Size | null {
    const listSize = directive(field.astNode?.directives, "listSize");
    const { slicingArguments = SLICING, assumedSize = null } = listSize ?? {};
    const names = slicingArguments as readonly string[];
    const given = field.args.flatMap(({ name, defaultValue }) => {
      if (!names.includes(name)) return [];
      const argument = node.arguments?.find((one) => one.name.value === name);
      return [this.#given(argument, defaultValue)];
    });
    const assumed = typeof assumedSize === "number" ? assumedSize : null;
    if (given.length === 0) return assumed;
    const otherwise = assumed ?? this.#rules.assumedListSize;
    const most = (values: Values): number => {
      const sizes = given.map((read) => this.#bounded(read(values))).filter((size) => size !== null);
      return sizes.length === 0 ? otherwise : Math.max(...sizes);
    };
    const reads = node.arguments?.some(
      ({ name, value }) => names.includes(name.value) && value.kind === Kind.VARIABLE,
    );
    return reads ? most : most(NO_VALUES);
  }

  #given(argument: ArgumentNode | undefined, otherwise: unknown): (values: Values) => unknown {
    if (!argument) return () => otherwise;
    const { value } = argument;
    if (value.kind !== Kind.VARIABLE) {
      const literal = valueFromASTUntyped(value);
      return () => literal;
    }
    const name = value.name.value;
    return (values) => (values[name] === undefined ? otherwise : values[name]);
  }

  #bounded(size: unknown): number | null {
    return typeof size === "number" ? Math.min(Math.max(size, 0), this.#rules.maxPageSize) : null;
  }
}

const NO_VALUES: Values = Object.create(null);

function weightOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
  const own =
    declared(field.astNode?.directives) ?? declared(getNamedType(field.type).astNode?.directives) ?? 1;
  const given = new Set(node.arguments?.map(({ name }) => name.value));
  return field.args
    .filter(({ name }) => given.has(name))
    .reduce((sum, { astNode }) => sum + (declared(astNode?.directives) ?? 0), own);
}

/** A weight that is no number, or below zero, buys nobody anything. */
function declared(directives: readonly ConstDirectiveNode[] | undefined): number | null {
  const cost = directive(directives, "cost");
  const weight = Number(cost?.["weight"] ?? Number.NaN);
  return Number.isNaN(weight) ? null : Math.max(weight, 0);
}

function directive(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Readonly<Record<string, unknown>> | null {
  const found = directives?.find((one) => one.name.value === name);
  if (!found) return null;
  const values: Record<string, unknown> = Object.create(null);
  for (const argument of found.arguments ?? [])
    values[argument.name.value] = valueFromASTUntyped(argument.value);
  return values;
}
