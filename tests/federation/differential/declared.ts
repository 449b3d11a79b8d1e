/**
 * Which types each subgraph's document declares: what its fields lead to, members of abstract types, types of keys, stubs
 * of entities that it only refers to. Adds the stubs to the entities' presence.
 */
import {
  type EntityModel,
  type FamilyModel,
  type FieldModel,
  type Model,
  namedType,
  type TypeModel,
} from "./model.ts";
import { externalsAt } from "./needs.ts";

export interface Parts extends Pick<Model, "types" | "roots" | "mutations" | "subgraphs"> {
  /** Types that a subgraph declares although no field of its leads there. */
  readonly wanted: readonly { readonly subgraph: string; readonly type: string }[];
}

export const declareTypes = (parts: Parts): Model["declared"] =>
  new Map(parts.subgraphs.map((subgraph) => [subgraph, new Closure(parts, subgraph).run()]));

class Closure {
  readonly #parts: Parts;
  readonly #subgraph: string;
  readonly #externals: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #declared = new Set<string>();

  constructor(parts: Parts, subgraph: string) {
    this.#parts = parts;
    this.#subgraph = subgraph;
    this.#externals = externalsAt(parts, subgraph);
  }

  run(): ReadonlySet<string> {
    const { types, roots, mutations, wanted } = this.#parts;
    for (const { subgraph, type } of wanted) if (subgraph === this.#subgraph) this.#add(type);
    for (const type of types.values())
      if (type.kind === "entity" && type.presence.has(this.#subgraph)) this.#add(type.name);
    for (const field of [...roots, ...mutations])
      if (field.owners.includes(this.#subgraph)) this.#add(namedType(field.type));
    return this.#declared;
  }

  #add(name: string): void {
    const type = this.#parts.types.get(name);
    if (!type || this.#declared.has(name)) return;
    this.#declared.add(name);
    for (const next of this.#leadsTo(type)) this.#add(next);
  }

  #leadsTo(type: TypeModel): readonly string[] {
    switch (type.kind) {
      case "value":
        return typesOf(type.fields);
      case "union":
        return type.membersAt.get(this.#subgraph) ?? [];
      case "interface":
        for (const member of type.members) this.#knowById(member);
        return type.members;
      case "family":
        return this.#familyLeadsTo(type);
      case "entity":
        return this.#entityLeadsTo(type);
    }
  }

  #familyLeadsTo(type: FamilyModel): readonly string[] {
    return type.home === this.#subgraph ? type.members : typesOf(type.objectFields);
  }

  #entityLeadsTo({ name, presence, keys, fields }: EntityModel): readonly string[] {
    const here = presence.get(this.#subgraph) ?? { keys: new Set([0]), resolvable: false };
    presence.set(this.#subgraph, here);
    const keyFields = [...here.keys].flatMap((i) => keys[i]?.fields ?? []);
    for (const { type } of keyFields) this.#knowById(namedType(type));
    const declared = fields.filter(
      (field) =>
        field.owners.includes(this.#subgraph) ||
        field.overriddenAt === this.#subgraph ||
        this.#externals.get(name)?.has(field.name),
    );
    return [...typesOf(keyFields), ...typesOf(declared)];
  }

  /** An entity that is known here is known by its `id` at least. */
  #knowById(name: string): void {
    const type = this.#parts.types.get(name);
    if (type?.kind !== "entity") return;
    const here = type.presence.get(this.#subgraph);
    if (here) here.keys.add(0);
    else type.presence.set(this.#subgraph, { keys: new Set([0]), resolvable: false });
  }
}

const typesOf = (fields: readonly Pick<FieldModel, "type">[]): readonly string[] =>
  fields.map(({ type }) => namedType(type));
