/**
 * A world without data: every field of every object answers from a hash of what the object is, so that subgraphs and the
 * single process agree without sharing anything. Some fields throw, some break their non-null promise, lists included.
 *
 * Rule    an entity is its type and index, however it was reached; a value is the path that led to it. A mutation changes
 *         the world, and volatile fields read that.
 */
import { parseType, type TypeNode } from "graphql";
import {
  entityOf,
  type FamilyModel,
  type FieldModel,
  fieldOf,
  type Model,
  memberOf,
  type Need,
  namedType,
  POPULATION,
  possibleTypes,
} from "./model.ts";
import { COLORS, keyValue, placeOf, withinOf } from "./vocabulary.ts";

/** An object of the world. */
export interface Thing {
  /** Its concrete type. */
  readonly type: string;
  /** Two things of one identity are the same. */
  readonly identity: string;
  /** Of an entity. */
  readonly index: number | null;
  /** What the field that led here provides beside what its subgraph serves. */
  readonly provided: readonly Need[];
  /** The representation by which a subgraph was asked for it. */
  readonly given: Readonly<Record<string, unknown>> | null;
}

export class World {
  readonly model: Model;
  readonly #seed: string;
  readonly #faulty: boolean;
  #state = 0;

  /** Every fourth world is without a fault. */
  constructor(model: Model, seed: number) {
    this.model = model;
    this.#seed = `${seed}|`;
    this.#faulty = seed % 4 !== 0;
  }

  entity(type: string, index: number): Thing {
    const { family } = entityOf(this.model, type);
    return { type, identity: `${family ?? type}|${index}`, index, provided: [], given: null };
  }

  /** What a field answers: leaves, things, lists of them, errors in place of items. May throw. */
  answer(thing: Thing | null, field: FieldModel, args: object, inputs: unknown): unknown {
    const where = `${thing?.identity ?? ""}.${field.name}${stable(args)}${stable(inputs)}`;
    const place = field.volatile ? `${where}~${this.#state}` : where;
    if (this.#fails(field, `${place}?throws`, 17)) throw new Error(`${field.name} fails`);
    return this.#make(typeOf(field.type), place, field, false);
  }

  mutate(field: FieldModel, args: object): void {
    this.#state = this.#hash(`${this.#state}|${field.name}${stable(args)}`);
  }

  /** A part of a key, or a part of that. */
  key(thing: Thing, name: string): unknown {
    const index = thing.index as number;
    if (thing.type === "Place") return placeOf(index)[name as "code" | "shelf"];
    if (name === "place") return { ...thing, type: "Place", identity: `Place|${index}` };
    if (name !== "within") return keyValue(thing.identity.split("|")[0] as string, index, name);
    const within = entityOf(this.model, thing.type).keys.find(({ text }) => text === "within { id }");
    return this.entity(namedType(within?.fields[0]?.type ?? ""), withinOf(index));
  }

  /** What a selection of `@requires` reads, as a representation carries it. */
  read(thing: Thing, needs: readonly Need[]): Record<string, unknown> {
    const into: Record<string, unknown> = {};
    for (const { field: name, args, below } of needs) {
      const field = fieldOf(this.model, thing.type, name);
      if (!field) throw new Error(`\`${thing.type}.${name}\` is required and does not exist`);
      const value = this.answer(thing, field, args, this.read(thing, field.requires));
      into[name] = this.#carried(value, below);
    }
    return into;
  }

  #carried(value: unknown, below: readonly Need[]): unknown {
    if (below.length === 0 || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#carried(item, below));
    return this.read(value as Thing, below);
  }

  #make(type: TypeNode, place: string, field: FieldModel, promised: boolean): unknown {
    if (type.kind === "NonNullType") {
      if (this.#fails(field, `${place}?null`, 29)) return null;
      return this.#make(type.type, place, field, true);
    }
    if (!promised && this.#hash(`${place}?`) % 8 === 0) return null;
    if (type.kind === "NamedType") return this.#named(type.name.value, place, field);
    return Array.from({ length: this.#hash(`${place}#`) % 4 }, (_, i) =>
      this.#fails(field, `${place}/${i}?throws`, 31)
        ? new Error(`${field.name} fails at ${i}`)
        : this.#make(type.type, `${place}/${i}`, field, false),
    );
  }

  #named(name: string, place: string, field: FieldModel): unknown {
    const possible = possibleTypes(this.model, field);
    const type = possible.length > 0 ? (possible[this.#hash(`${place}:`) % possible.length] as string) : name;
    const found = this.model.types.get(type);
    if (found?.kind === "value") return { type, identity: place, index: null, provided: [], given: null };
    if (found?.kind === "entity") {
      const thing = this.entity(type, this.#indexOf(type, found.family, place));
      return { ...thing, provided: field.provides };
    }
    return this.#leaf(type, place);
  }

  #indexOf(type: string, family: string | null, place: string): number {
    const any = this.#hash(`${place}@`) % POPULATION;
    if (family === null) return any;
    const all = this.model.types.get(family) as FamilyModel;
    const indexes = [...Array(POPULATION).keys()].filter((index) => memberOf(all, index) === type);
    return indexes[any % indexes.length] as number;
  }

  #leaf(type: string, place: string): unknown {
    const number = this.#hash(place);
    switch (type) {
      case "Int":
        return (number % 2_001) - 1_000;
      case "Float":
        return (number % 4_001) / 8 - 250;
      case "Boolean":
        return number % 2 === 0;
      case "Color":
        return COLORS[number % COLORS.length];
      case "Json":
        return jsonOf(number);
      default:
        return TEXTS[number % 64] ?? `t${number}`;
    }
  }

  #fails(field: FieldModel, place: string, oneIn: number): boolean {
    return field.fallible && this.#faulty && this.#hash(place) % oneIn === 0;
  }

  /** FNV-1a with a final mix; unsigned 32 bits. */
  #hash(text: string): number {
    let hash = 0x811c9dc5;
    for (const part of [this.#seed, text])
      for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

/** Text that breaks careless writers of JSON and GraphQL. */
const TEXTS = ['"', "\\", "\u0000", "null", "", "إحالة", "\ud800", "}", "__proto__"];

function jsonOf(number: number): unknown {
  const cases = [
    number,
    `j${number}`,
    [1, null, [number]],
    { __typename: "E0", id: number, __entity: true },
    JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
    { _entities: [{ deep: [{}] }] },
  ];
  return cases[number % cases.length];
}

const types = new Map<string, TypeNode>();
function typeOf(text: string): TypeNode {
  const type = types.get(text) ?? parseType(text, { noLocation: true });
  types.set(text, type);
  return type;
}

/** Equal text for equal values, whatever the order of keys; nothing for nothing. */
export function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "-";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0
    ? ""
    : `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${stable(each)}`)}}`;
}
