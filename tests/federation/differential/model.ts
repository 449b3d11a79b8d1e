/**
 * A federated schema as data: which types there are, which subgraph declares which field in which role.
 * Subgraph documents (`sdl.ts`), data (`world.ts`) and expectations all come from one model, so that they cannot differ.
 */

export interface ArgumentModel {
  readonly name: string;
  readonly type: string;
  /** GraphQL text; null when there is no default. */
  readonly fallback: string | null;
}

/** A selection of `@requires` or `@provides`. */
export interface Need {
  readonly field: string;
  /** Every argument of the field, as coerced; enum values by name. */
  readonly args: Readonly<Record<string, string | number>>;
  /** The arguments as GraphQL text, parentheses included. */
  readonly argsText: string;
  readonly below: readonly Need[];
}

export interface FieldModel {
  readonly name: string;
  readonly type: string;
  readonly args: readonly ArgumentModel[];
  /** Subgraphs that answer it; several share it. Empty for fields of value types: whoever has the type answers. */
  readonly owners: readonly string[];
  /** A subgraph that declares it and must not be asked any more. */
  readonly overriddenAt: string | null;
  readonly requires: readonly Need[];
  readonly provides: readonly Need[];
  readonly hidden: boolean;
  /** Reads what mutations change. */
  readonly volatile: boolean;
  /** May throw, or break its non-null promise. Inputs of `@requires` may not: nobody selected them. */
  fallible: boolean;
}

export interface Key {
  /** `region num`, `place { code shelf }` */
  readonly text: string;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  /** Known to subgraphs alone. */
  readonly hidden: boolean;
}

export interface Presence {
  /** Indexes into the entity's keys. */
  readonly keys: Set<number>;
  /** False for a stub: a type that this subgraph refers to and does not serve. */
  resolvable: boolean;
}

export interface EntityModel {
  readonly kind: "entity";
  readonly name: string;
  readonly keys: readonly Key[];
  readonly presence: Map<string, Presence>;
  readonly fields: FieldModel[];
  /** The interface that other subgraphs know as an object (`@interfaceObject`), if it is one of those. */
  readonly family: string | null;
}

export interface ValueModel {
  readonly kind: "value";
  readonly name: string;
  readonly fields: FieldModel[];
}

export interface UnionModel {
  readonly kind: "union";
  readonly name: string;
  readonly membersAt: ReadonlyMap<string, readonly string[]>;
}

export interface InterfaceModel {
  readonly kind: "interface";
  readonly name: string;
  /** Entities and value types; all have `id: ID!` where the interface is declared. */
  readonly members: readonly string[];
  /** Beside `id`: declared in the interface by the owner alone. */
  readonly fields: readonly FieldModel[];
}

export interface FamilyModel {
  readonly kind: "family";
  readonly name: string;
  readonly members: readonly string[];
  readonly home: string;
  readonly objectsAt: readonly string[];
  /** Fields of the interface in its home; every member has them. */
  readonly fields: FieldModel[];
  /** Fields that subgraphs add to all members through the interface object. */
  readonly objectFields: FieldModel[];
}

export type TypeModel = EntityModel | ValueModel | UnionModel | InterfaceModel | FamilyModel;

export interface Model {
  readonly subgraphs: readonly string[];
  readonly types: ReadonlyMap<string, TypeModel>;
  readonly roots: readonly FieldModel[];
  readonly mutations: readonly FieldModel[];
  /** What each subgraph's document declares, by type. */
  readonly declared: ReadonlyMap<string, ReadonlySet<string>>;
}

export const namedType = (type: string): string => type.replaceAll(/[[\]!]/g, "");

/** Objects of each entity type. */
export const POPULATION = 7;

/** The member of a family that an index belongs to. */
export const memberOf = (family: FamilyModel, index: number): string =>
  family.members[index % family.members.length] as string;

export function entityOf(model: Pick<Model, "types">, name: string): EntityModel {
  const type = model.types.get(name);
  if (type?.kind !== "entity") throw new Error(`\`${name}\` is no entity`);
  return type;
}

/** The field of a concrete type, or of a root type; undefined for keys. */
export function fieldOf(model: Model, type: string, name: string): FieldModel | undefined {
  if (type === "Query") return model.roots.find((field) => field.name === name);
  if (type === "Mutation") return model.mutations.find((field) => field.name === name);
  const found = model.types.get(type);
  if (found?.kind !== "entity" && found?.kind !== "value") return undefined;
  const own = found.fields.find((field) => field.name === name);
  if (own || found.kind === "value" || found.family === null) return own;
  const family = model.types.get(found.family) as FamilyModel;
  return family.objectFields.find((field) => field.name === name);
}

/** Types of which an object may be where `field` of a subgraph's schema returns an abstract type. */
export function possibleTypes(model: Pick<Model, "types">, field: FieldModel): readonly string[] {
  const type = model.types.get(namedType(field.type));
  if (type?.kind === "interface" || type?.kind === "family") return type.members;
  if (type?.kind !== "union") return [];
  const places = [...field.owners, ...(field.overriddenAt ? [field.overriddenAt] : [])];
  const [first = [], ...others] = places.map((name) => type.membersAt.get(name) ?? []);
  return first.filter((member) => others.every((members) => members.includes(member)));
}
