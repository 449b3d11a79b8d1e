/** Selections of `@requires` and `@provides`: which inputs a field of one subgraph may name, and what it thereby reads. */
import {
  type EntityModel,
  type FieldModel,
  type Model,
  type Need,
  namedType,
  type TypeModel,
  type ValueModel,
} from "./model.ts";
import { SCALARS, SIMPLE_ARGUMENTS } from "./vocabulary.ts";

export interface Reading {
  readonly types: ReadonlyMap<string, TypeModel>;
  /** Whose field it is. */
  readonly subgraph: string;
  readonly pick: number;
  /** Whether the subgraph may declare a type. */
  readonly known: (type: string) => boolean;
  readonly use: "requires" | "provides";
}

/** One or two inputs among the fields that other subgraphs answer; empty when there are none. */
export function chooseNeeds(entity: EntityModel, reading: Reading): readonly Need[] {
  const possible = entity.fields
    .filter((field) => isForeign(field, reading))
    .flatMap((field) => needOf(field, reading));
  return some(possible, reading.pick);
}

function some<T>(items: readonly T[], pick: number): readonly T[] {
  if (items.length === 0) return [];
  const first = pick % items.length;
  const second = (first + 1 + (pick % 3)) % items.length;
  return pick % 5 < 2 && second !== first ? [items[first] as T, items[second] as T] : [items[first] as T];
}

const isForeign = (field: FieldModel, { subgraph, use }: Reading): boolean =>
  field.owners.length > 0 &&
  !field.owners.includes(subgraph) &&
  field.overriddenAt !== subgraph &&
  (use === "requires" || (field.requires.length === 0 && field.args.length === 0));

function needOf(field: FieldModel, reading: Reading): readonly Need[] {
  const given = field.args.map(({ name, type }) => ({ name, value: SIMPLE_ARGUMENTS.get(type) }));
  if (given.some(({ value }) => value === undefined)) return [];
  const args = Object.fromEntries(given.map(({ name, value }) => [name, value?.value ?? 0]));
  const texts = given.map(({ name, value }) => `${name}: ${value?.text}`);
  const need = { field: field.name, args, argsText: texts.length > 0 ? `(${texts.join(" ")})` : "" };
  const named = namedType(field.type);
  if (SCALARS.includes(named)) return [{ ...need, below: [] }];
  if (!reading.known(named)) return [];
  const below = some(leavesOf(reading.types.get(named), reading), reading.pick);
  return below.length > 0 ? [{ ...need, below }] : [];
}

function leavesOf(type: TypeModel | undefined, reading: Reading): readonly Need[] {
  if (type?.kind !== "value" && type?.kind !== "entity") return [];
  const fields = (type as ValueModel | EntityModel).fields.filter(
    (field) =>
      field.args.length === 0 &&
      field.requires.length === 0 &&
      SCALARS.includes(namedType(field.type)) &&
      (type.kind === "value" || isForeign(field, reading)),
  );
  return fields.map(({ name }) => ({ field: name, args: {}, argsText: "", below: [] }));
}

/** Fields of entities that a subgraph declares `@external`, by type. */
export function externalsAt(
  { types, roots, mutations }: Pick<Model, "types" | "roots" | "mutations">,
  subgraph: string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const mark = (name: string, needs: readonly Need[]): void => {
    const type = types.get(name);
    if (type?.kind !== "entity") return;
    for (const { field, below } of needs) {
      found.set(name, (found.get(name) ?? new Set()).add(field));
      const target = type.fields.find((each) => each.name === field);
      if (target) mark(namedType(target.type), below);
    }
  };
  const read = (parent: string, field: FieldModel): void => {
    if (!field.owners.includes(subgraph)) return;
    mark(parent, field.requires);
    mark(namedType(field.type), field.provides);
  };
  for (const field of [...roots, ...mutations]) read("", field);
  for (const type of types.values()) {
    if (type.kind === "entity") for (const field of type.fields) read(type.name, field);
    if (type.kind === "family") for (const field of type.objectFields) read(type.name, field);
  }
  return found;
}

export const needText = (needs: readonly Need[]): string =>
  needs
    .map(
      ({ field, argsText, below }) =>
        `${field}${argsText}${below.length > 0 ? ` { ${needText(below)} }` : ""}`,
    )
    .join(" ");
