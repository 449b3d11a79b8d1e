/**
 * Which object types an abstract type stands for, and which types no decision can be reached from.
 *
 * Out     one table for each supergraph, made on first use.
 * Plain   a type is plain when neither it nor any type below it has a field group, a policy input, a computed field, a sealed key or a
 *         sealed cursor: what is selected there is planned as it was written, and shown as it came.
 */
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
} from "graphql";
import { directivesNamed, isTrue } from "./ast.ts";
import type { Supergraph } from "./supergraph.ts";

export interface TypeTable {
  /** True when an object of `type` satisfies the type condition `condition`; both may be abstract. */
  satisfies(type: string, condition: string): boolean;
  /** Names that satisfy a condition, itself among them. */
  covered(condition: string): ReadonlySet<string>;
  isPlain(type: string): boolean;
  isAbstract(type: string): boolean;
  /** An interface that some subgraph knows as an object type (`@interfaceObject`). */
  isInterfaceObject(type: string): boolean;
  /** True for a field that is never null. */
  isNonNull(type: string, field: string): boolean;
}

const tables = new WeakMap<Supergraph, TypeTable>();

export function typeTableOf(supergraph: Supergraph): TypeTable {
  let table = tables.get(supergraph);
  if (!table) {
    table = makeTable(supergraph);
    tables.set(supergraph, table);
  }
  return table;
}

function makeTable(supergraph: Supergraph): TypeTable {
  const covers = coversOf(supergraph.fullSchema);
  const decided = decidedTypes(supergraph);
  const interfaceObjects = interfaceObjectsIn(supergraph.sdl);
  const covered = (condition: string): ReadonlySet<string> => covers.get(condition) ?? new Set([condition]);
  return {
    covered,
    satisfies: (type, condition) => type === condition || covered(condition).has(type),
    isPlain: (type) => !decided.has(type),
    isAbstract: (type) => covers.has(type),
    isInterfaceObject: (type) => interfaceObjects.has(type),
    isNonNull: (type, field) => {
      const named = supergraph.fullSchema.getType(type);
      if (!isObjectType(named) && !isInterfaceType(named)) return false;
      const definitions = named.getFields();
      return Object.hasOwn(definitions, field) && isNonNullType(definitions[field]?.type);
    },
  };
}

function interfaceObjectsIn(sdl: string): ReadonlySet<string> {
  const interfaces = parse(sdl, { noLocation: true }).definitions.flatMap((node) =>
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ? node : [],
  );
  const isObjectSomewhere = (node: (typeof interfaces)[number]): boolean =>
    directivesNamed(node, "join__type").some((use) => isTrue(use, "isInterfaceObject"));
  return new Set(interfaces.filter(isObjectSomewhere).map(({ name }) => name.value));
}

function coversOf(schema: GraphQLSchema): ReadonlyMap<string, ReadonlySet<string>> {
  const covers = new Map<string, ReadonlySet<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isAbstractType(type)) continue;
    const names = new Set([type.name, ...schema.getPossibleTypes(type).map(({ name }) => name)]);
    if (isInterfaceType(type))
      for (const { name } of schema.getImplementations(type).interfaces) names.add(name);
    covers.set(type.name, names);
  }
  return covers;
}

/** Types of Relay connections: where anything is decided their cursors are sealed. */
const CURSORS = /^PageInfo$|(?:Edge|Connection)$/;

function decidedTypes({ fields, entities, fullSchema }: Supergraph): ReadonlySet<string> {
  const decided = new Set<string>(entities);
  for (const { coordinate, group, policyInput, computedFrom } of fields.values()) {
    if (group !== null || policyInput || computedFrom !== null)
      decided.add(coordinate.slice(0, coordinate.indexOf(".")));
  }
  const types = Object.values(fullSchema.getTypeMap());
  if (decided.size > 0) for (const { name } of types) if (CURSORS.test(name)) decided.add(name);
  for (let before = -1; before !== decided.size; ) {
    before = decided.size;
    for (const type of types) {
      if (!decided.has(type.name) && below(fullSchema, type).some((name) => decided.has(name)))
        decided.add(type.name);
    }
  }
  return decided;
}

/** Types that a selection on this type may lead to. */
function below(schema: GraphQLSchema, type: GraphQLNamedType): readonly string[] {
  const returned =
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map((field) => getNamedType(field.type).name)
      : [];
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [];
  return [...returned, ...possible];
}
