/**
 * Makes a valid federated schema of any draw: every field can be reached from every place where its type occurs.
 *
 * How     each entity has a hub that serves all its keys, so that any subgraph that knows one key leads to every other;
 *         value types are the same wherever they occur; a subgraph that knows a family as an object knows none of its
 *         members.
 */
import { declareTypes, type Parts } from "./declared.ts";
import {
  type EntityModel,
  entityOf,
  type FamilyModel,
  type FieldModel,
  type Model,
  type Need,
  namedType,
  type TypeModel,
} from "./model.ts";
import type { AbstractSpec, EntitySpec, FamilySpec, FieldSpec, ModelSpec } from "./model-spec.ts";
import { chooseNeeds, externalsAt, type Reading } from "./needs.ts";
import { argumentsOf, KEYS, NO_ROLE, SCALARS, wrapped } from "./vocabulary.ts";

export const makeModel = (spec: ModelSpec): Model => new Builder(spec).build();

const at = <T>(items: readonly T[], pick: number): T => items[pick % items.length] as T;

type Kind = "plain" | "shared" | "hidden" | "volatile" | "overridden" | "requires";
const kindOf = ({ kind }: FieldSpec): Kind =>
  kind < 6
    ? "plain"
    : at<Kind>(["shared", "requires", "overridden", "shared", "requires", "hidden", "volatile"], kind);

/** What a field may return: leaves, composites when there are any, or both. */
type Choice = "leaves" | "composites" | "all";

class Builder {
  readonly #spec: ModelSpec;
  readonly #subgraphs: readonly string[];
  readonly #entities: readonly string[];
  readonly #values: readonly string[];
  readonly #types = new Map<string, TypeModel>();
  readonly #roots: FieldModel[] = [];
  readonly #mutations: FieldModel[] = [];
  readonly #wanted: Parts["wanted"][number][] = [];
  /** Which parent's fields provide something, by subgraph and type. */

  constructor(spec: ModelSpec) {
    this.#spec = spec;
    this.#subgraphs = ["a", "b", "c", "d", "e"].slice(0, spec.subgraphs);
    this.#entities = spec.entities.map((_, i) => `E${i}`);
    this.#values = spec.values.map((_, i) => `V${i}`);
  }

  build(): Model {
    const { entities, values, unions, interfaces, family, roots, mutations } = this.#spec;
    this.#types.set("Place", {
      kind: "value",
      name: "Place",
      fields: [
        { ...NO_ROLE, name: "code", type: "String!" },
        { ...NO_ROLE, name: "shelf", type: "Int!" },
      ],
    });
    for (const [i, spec] of entities.entries()) this.#addEntity(`E${i}`, spec, null);
    if (family) this.#addFamily(family);
    for (const [i, spec] of values.entries()) this.#addValue(`V${i}`, spec.fields);
    for (const [i, spec] of unions.entries()) this.#addUnion(`U${i}`, spec);
    for (const [i, spec] of interfaces.entries()) this.#addInterface(`J${i}`, spec);
    for (const [i, spec] of entities.entries()) this.#addFields(`E${i}`, spec.fields);
    if (family) this.#addFamilyFields(family);
    for (const [i, spec] of roots.entries()) this.#roots.push(this.#root(`q${i}`, spec, "composites"));
    for (const [i, spec] of mutations.entries()) this.#mutations.push(this.#root(`m${i}`, spec, "all"));
    const parts = { ...this.#parts(), subgraphs: this.#subgraphs };
    settleFallible(this.#types);
    return { ...parts, declared: declareTypes({ ...parts, wanted: this.#wanted }) };
  }

  #parts(): Pick<Model, "types" | "roots" | "mutations"> {
    return { types: this.#types, roots: this.#roots, mutations: this.#mutations };
  }

  #addEntity(name: string, spec: EntitySpec, family: string | null): void {
    const hub = at(this.#subgraphs, spec.hub);
    const kinds = [...new Set([0, ...spec.keys])].filter((kind) => family === null || kind < 3);
    const keys = kinds.map((kind) => at(KEYS, kind)(this.#entities.at(-1) as string));
    const presence: EntityModel["presence"] = new Map();
    presence.set(hub, { keys: new Set(keys.keys()), resolvable: true });
    for (const place of family === null ? spec.places : []) {
      const chosen = [...keys.keys()].filter((i) => place.keys & (1 << i));
      const subgraph = at(this.#subgraphs, place.at);
      if (!presence.has(subgraph))
        presence.set(subgraph, { keys: new Set(chosen.length > 0 ? chosen : [0]), resolvable: true });
    }
    this.#types.set(name, { kind: "entity", name, keys, presence, fields: [], family });
  }

  /** An interface with a key in its home, an object elsewhere. */
  #addFamily(spec: FamilySpec): void {
    const home = at(this.#subgraphs, spec.home);
    const objectsAt = [
      at(
        this.#subgraphs.filter((other) => other !== home),
        spec.objectAt,
      ),
    ];
    const members = spec.members.map((_, i) => `M${i}`);
    this.#types.set("F", {
      kind: "family",
      name: "F",
      members,
      home,
      objectsAt,
      fields: [],
      objectFields: [],
    });
    for (const [i, member] of spec.members.entries())
      this.#addEntity(`M${i}`, { ...member, hub: this.#subgraphs.indexOf(home) }, "F");
    for (const subgraph of [home, ...objectsAt]) this.#wanted.push({ subgraph, type: "F" });
  }

  #addFamilyFields(spec: FamilySpec): void {
    const family = this.#types.get("F") as FamilyModel;
    for (const [i, member] of spec.members.entries()) this.#addFields(`M${i}`, member.fields);
    for (const [i, field] of spec.fields.entries()) {
      family.fields.push(this.#field(`n${i}`, field, family.home, "leaves"));
      for (const name of family.members)
        entityOf(this.#parts(), name).fields.push(this.#field(`n${i}`, field, family.home, "leaves"));
    }
    for (const [i, field] of spec.objectFields.entries())
      family.objectFields.push(this.#field(`o${i}`, field, family.objectsAt[0] as string, "all"));
  }

  /** Value types hold what any subgraph may know: leaves, later value types, entities outside families. */
  #addValue(name: string, specs: readonly FieldSpec[]): void {
    const choice = [
      ...SCALARS,
      ...SCALARS,
      ...this.#values.filter((other) => other > name),
      ...this.#entities,
    ];
    const fields = specs.map((spec, i) => bare(`v${i}`, spec, at(choice, spec.type)));
    this.#types.set(name, { kind: "value", name, fields });
  }

  #membersOf(spec: AbstractSpec): readonly string[] {
    return [...new Set(spec.members.map((pick) => at([...this.#entities, ...this.#values], pick)))];
  }

  #addUnion(name: string, spec: AbstractSpec): void {
    const members = this.#membersOf(spec);
    const membersAt = new Map(
      this.#subgraphs.map((subgraph, i) => {
        const some = members.filter((_, index) => at(spec.masks, i) & (1 << index));
        return [subgraph, some.length > 0 ? some : members] as const;
      }),
    );
    this.#types.set(name, { kind: "union", name, membersAt });
  }

  #addInterface(name: string, spec: AbstractSpec): void {
    const members = this.#membersOf(spec);
    for (const member of members) {
      const type = this.#types.get(member);
      if (type?.kind === "value" && !type.fields.some((field) => field.name === "id"))
        type.fields.push({ ...NO_ROLE, name: "id", type: "ID!", fallible: true });
    }
    const fields = spec.fields.map((field, i) => {
      const owner = at(this.#subgraphs, field.owner);
      this.#wanted.push({ subgraph: owner, type: name });
      const made = bare(`${name.toLowerCase()}${i}`, field, at(SCALARS, field.type));
      for (const member of members) this.#implement(member, { ...made, owners: [owner] }, field.other);
      // What members promise, the interface need not.
      return { ...made, owners: [owner], type: made.type.replace(/!$/, "") };
    });
    this.#types.set(name, { kind: "interface", name, members, fields });
  }

  #implement(member: string, field: FieldModel, pick: number): void {
    const type = this.#types.get(member);
    if (type?.kind === "value") type.fields.push({ ...field, owners: [] });
    if (type?.kind !== "entity") return;
    type.fields.push({ ...field });
    serve(type, field.owners[0] as string, pick);
  }

  #addFields(name: string, specs: readonly FieldSpec[]): void {
    const entity = entityOf(this.#parts(), name);
    const allowed = this.#subgraphs.filter((subgraph) => this.#mayKnow(subgraph, name));
    for (const [i, spec] of specs.entries()) {
      const owner = at(allowed, spec.owner);
      const plain = this.#field(`f${i}`, spec, owner, "all");
      const field = this.#specialised(plain, spec, entity, allowed);
      entity.fields.push(field);
      for (const subgraph of answering(field)) serve(entity, subgraph, spec.other);
    }
  }

  #specialised(
    field: FieldModel,
    spec: FieldSpec,
    entity: EntityModel,
    allowed: readonly string[],
  ): FieldModel {
    const kind = kindOf(spec);
    if (kind === "hidden" || kind === "volatile") return { ...field, [kind]: true };
    const [owner] = field.owners as [string];
    if (kind === "requires") {
      const requires = chooseNeeds(entity, this.#reading(owner, spec.other, "requires"));
      return { ...field, requires };
    }
    const other = this.#another(field, spec.other, allowed);
    if (other === null || kind === "plain") return field;
    if (kind === "shared") return { ...field, owners: [owner, other], provides: [] };
    const isRead = externalsAt(this.#parts(), other).get(entity.name)?.has(field.name);
    return isRead ? field : { ...field, overriddenAt: other };
  }

  /** Another subgraph that may answer a field; of a union, both must know a common member. */
  #another(field: FieldModel, pick: number, allowed: readonly string[]): string | null {
    const [owner] = field.owners as [string];
    const type = namedType(field.type);
    const union = this.#types.get(type);
    const fitting = allowed.filter((other) => {
      if (other === owner || !this.#mayKnow(other, type)) return false;
      if (union?.kind !== "union") return true;
      return union.membersAt.get(owner)?.some((member) => union.membersAt.get(other)?.includes(member));
    });
    return fitting.length === 0 ? null : at(fitting, pick);
  }

  #root(name: string, spec: FieldSpec, choice: Choice): FieldModel {
    const field = this.#field(name, spec, at(this.#subgraphs, spec.owner), choice);
    const kind = kindOf(spec);
    if (choice === "all" || kind === "volatile") return { ...field, volatile: true };
    const other = kind === "shared" ? this.#another(field, spec.other, this.#subgraphs) : null;
    return other === null ? field : { ...field, owners: [...field.owners, other], provides: [] };
  }

  #field(name: string, spec: FieldSpec, owner: string, choice: Choice): FieldModel {
    const known = [...this.#types.keys()].filter((type) => type !== "Place" && this.#mayKnow(owner, type));
    const types = { leaves: SCALARS, composites: known, all: [...SCALARS, ...known, ...known] }[choice];
    const type = at(types, spec.type);
    const field = { ...bare(name, spec, type), owners: [owner] };
    const target = this.#types.get(type);
    if (target?.kind !== "entity" || spec.other % 2 === 0) return field;
    const provides = chooseNeeds(target, this.#reading(owner, spec.other, "provides"));
    return { ...field, provides };
  }

  #reading(subgraph: string, pick: number, use: Reading["use"]): Reading {
    return { types: this.#types, subgraph, pick, use, known: (type) => this.#mayKnow(subgraph, type) };
  }

  /** Whether a subgraph may declare a type and all that comes with it. */
  #mayKnow(subgraph: string, name: string): boolean {
    const family = this.#types.get("F") as FamilyModel | undefined;
    const isObject = family?.objectsAt.includes(subgraph) ?? false;
    if (name === "F") return isObject || family?.home === subgraph;
    return !(isObject && family?.members.includes(name));
  }
}

const bare = (name: string, spec: FieldSpec, type: string): FieldModel => ({
  ...NO_ROLE,
  ...{ name, type: wrapped(type, spec.wrap), args: argumentsOf(spec.args), fallible: true },
});

/** Makes sure that a subgraph serves an entity. */
function serve({ presence, keys }: EntityModel, subgraph: string, pick: number): void {
  const held = presence.get(subgraph);
  if (held) held.resolvable = true;
  else presence.set(subgraph, { keys: new Set([pick % keys.length]), resolvable: true });
}

const answering = ({ owners, overriddenAt }: FieldModel): readonly string[] =>
  overriddenAt === null ? owners : [...owners, overriddenAt];

function settleFallible(types: ReadonlyMap<string, TypeModel>): void {
  const settle = (type: TypeModel | undefined, needs: readonly Need[]): void => {
    if (type?.kind !== "entity" && type?.kind !== "value") return;
    for (const { field: name, below } of needs) {
      const field = type.fields.find((each) => each.name === name);
      if (!field) continue;
      field.fallible = false;
      settle(types.get(namedType(field.type)), below);
    }
  };
  for (const type of types.values())
    if (type.kind === "entity") for (const { requires } of type.fields) settle(type, requires);
}
