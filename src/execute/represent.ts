/**
 * Writes an entity's representation from the data at hand: JSON text of `__typename` and exactly what the plan requires. The text is
 * payload and identity at once: equal texts are one entity.
 *
 * Source  Apollo Federation subgraph specification, `_entities`; input rewrites as the planner describes them.
 * Cost    closures compiled once for each type that stands there. An entity that is known already by its plain values, as most are,
 *         is found by them, and no text is made.
 */
import type { InputRewrite, RequiredSelection } from "../plan/fetch-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { isObject } from "./merge.ts";
import type { Data } from "./run.ts";

type Types = Plan["types"];

/**
 * The index of the object's representation among those to be sent, where it is added if it is new; -1 when the object carries no value
 * for any required field: then nobody can be asked about it.
 */
export type Represent = (object: Data, type: string, sent: Representations) => number;

/** Representations of one variable, each once. */
export class Representations {
  /** Members of the list, without brackets. */
  text = "";
  readonly #byText = new Map<string, number>();
  readonly #byValues = new Map<Writer, Values>();

  get size(): number {
    return this.#byText.size;
  }

  /** What a writer has found already. */
  valuesOf(writer: Writer): Values {
    let values = this.#byValues.get(writer);
    if (!values) {
      values = new Map();
      this.#byValues.set(writer, values);
    }
    return values;
  }

  add(representation: string): number {
    let index = this.#byText.get(representation);
    if (index === undefined) {
      index = this.#byText.size;
      this.#byText.set(representation, index);
      this.text += index === 0 ? representation : `,${representation}`;
    }
    return index;
  }
}

/** Indices by the value of the first member, of the second, and so on. */
type Values = Map<unknown, Values | number>;

export function compileRepresent(
  requires: readonly RequiredSelection[],
  rewrites: readonly InputRewrite[],
  types: Types,
): Represent {
  const writers = new Map<string, Writer>();
  return (object, type, sent) => {
    let writer = writers.get(type);
    if (!writer) {
      writer = compileFor(type, requires, rewrites, types);
      writers.set(type, writer);
    }
    return indexOf(object, writer, sent);
  };
}

function indexOf(object: Data, writer: Writer, sent: Representations): number {
  const { keys, write } = writer;
  let level = keys === null ? null : sent.valuesOf(writer);
  let last: unknown;
  for (let i = 0; keys !== null && level !== null && i < keys.length; i++) {
    const value = object[keys[i] as string];
    if ((typeof value === "object" && value !== null) || typeof value === "symbol") level = null;
    else if (i === keys.length - 1) last = value;
    else level = below(level, value);
  }
  const known = level?.get(last);
  if (typeof known === "number") return known;
  const text = write(object);
  const index = text === undefined ? -1 : sent.add(text);
  level?.set(last, index);
  return index;
}

function below(level: Values, value: unknown): Values {
  const known = level.get(value);
  if (known !== undefined && typeof known !== "number") return known;
  const made: Values = new Map();
  level.set(value, made);
  return made;
}

/** True for types that a plan's requirements speak of. */
export function requiresOf(requires: readonly RequiredSelection[], types: Types): (type: string) => boolean {
  const conditions = requires.flatMap((each) => (each.kind === "InlineFragment" ? [each.typeCondition] : []));
  if (conditions.length < requires.length) return () => true;
  const known = new Map<string, boolean>();
  return (type) => {
    let wanted = known.get(type);
    if (wanted === undefined) {
      wanted = conditions.some((condition) => types.satisfies(type, condition));
      known.set(type, wanted);
    }
    return wanted;
  };
}

interface Writer {
  /** Members by which the entity is known when all of them are plain values; null when one is an object by its selection. */
  readonly keys: readonly string[] | null;
  /** Undefined when no member has a value. */
  readonly write: (object: Data) => string | undefined;
}

interface Member {
  /** Its key in the data: an alias of the planner's where two requirements differ in arguments. */
  readonly key: string;
  sent: string;
  /** Never null by the schema: without it there is no entity to ask about. */
  readonly isMandatory: boolean;
  readonly selections: RequiredSelection[] | null;
}

function compileFor(
  type: string,
  requires: readonly RequiredSelection[],
  rewrites: readonly InputRewrite[],
  types: Types,
): Writer {
  const members = membersFor(type, requires, types);
  const applies = (names: readonly string[] | undefined): boolean =>
    names === undefined || names.some((name) => types.satisfies(type, name));
  let sentType = type;
  for (const rewrite of rewrites) {
    if ("ValueSetter" in rewrite) {
      if (applies(rewrite.ValueSetter.path[0]?.TypenameEquals)) sentType = rewrite.ValueSetter.setValueTo;
      continue;
    }
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    const member = members.get(String(path.at(-1)?.Key));
    if (member && applies(path.find(({ TypenameEquals }) => TypenameEquals)?.TypenameEquals))
      member.sent = renameKeyTo;
  }
  const all = [...members.values()];
  const writeMembers = membersWriter(all, types);
  const head = `{"__typename":${JSON.stringify(sentType)}`;
  return {
    keys:
      all.length > 0 && all.every(({ selections }) => selections === null) ? all.map(({ key }) => key) : null,
    write: (object) => {
      const { text, isSome } = writeMembers(object);
      return isSome ? `${head}${text}}` : undefined;
    },
  };
}

/** What the requirements ask of an object of a type, fragments written out, by the name that it is sent under. */
function membersFor(
  type: string,
  requires: readonly RequiredSelection[],
  types: Types,
  members = new Map<string, Member>(),
): Map<string, Member> {
  for (const selection of requires) {
    if (selection.kind === "InlineFragment") {
      const { typeCondition } = selection;
      if (types.satisfies(type, typeCondition) || types.satisfies(typeCondition, type))
        membersFor(type, selection.selections, types, members);
      continue;
    }
    if (selection.name === "__typename") continue;
    const sent = selection.alias ?? selection.name;
    const held = members.get(sent);
    if (!held) {
      const selections = selection.selections ? [...selection.selections] : null;
      const isMandatory = types.isNonNull(type, sent);
      members.set(sent, { key: selection.name, sent, selections, isMandatory });
    } else held.selections?.push(...(selection.selections ?? []));
  }
  return members;
}

interface Written {
  /** `,"key":value` of each member that has arrived. */
  readonly text: string;
  /** Any of them is not null, and none is missing that never is null. */
  readonly isSome: boolean;
}

function membersWriter(members: readonly Member[], types: Types): (object: Data) => Written {
  const writers = members.map(({ key, sent, selections, isMandatory }) => ({
    ...{ key, isMandatory },
    lead: `,${JSON.stringify(sent)}:`,
    write: selections ? valueWriter(selections, types) : null,
  }));
  return (object) => {
    let text = "";
    let isSome = false;
    for (const { key, lead, write, isMandatory } of writers) {
      const value = object[key];
      if (isMandatory && (value === undefined || value === null || typeof value === "symbol")) return NOBODY;
      if (value === undefined) continue;
      if (value === null || typeof value === "symbol") {
        text += `${lead}null`;
        continue;
      }
      const written = write ? write(value) : JSON.stringify(value);
      if (written === undefined) continue;
      isSome = true;
      text += lead + written;
    }
    return { text, isSome };
  };
}

const NOBODY: Written = { text: "", isSome: false };

/** A value of composite type: an object with its type where it is known, or a list of them. */
function valueWriter(
  selections: readonly RequiredSelection[],
  types: Types,
): (value: unknown) => string | undefined {
  const writers = new Map<string | undefined, (object: Data) => Written>();
  const writerFor = (type: string | undefined) => {
    let write = writers.get(type);
    if (!write) {
      const members = type === undefined ? untyped(selections) : membersFor(type, selections, types);
      write = membersWriter([...members.values()], types);
      writers.set(type, write);
    }
    return write;
  };
  return function each(value): string | undefined {
    if (value === null) return "null";
    if (Array.isArray(value)) return `[${value.map((item) => each(item) ?? "null").join(",")}]`;
    if (!isObject(value)) return JSON.stringify(value);
    const object = value as Data;
    const type = typeof object["__typename"] === "string" ? object["__typename"] : undefined;
    const { text } = writerFor(type)(object);
    if (type !== undefined) return `{"__typename":${JSON.stringify(type)}${text}}`;
    return `{${text.slice(1)}}`;
  };
}

/** Without a type every fragment may apply. */
function untyped(
  selections: readonly RequiredSelection[],
  members = new Map<string, Member>(),
): Map<string, Member> {
  for (const selection of selections) {
    if (selection.kind === "InlineFragment") untyped(selection.selections, members);
    else if (selection.name !== "__typename") {
      const { name, alias, selections: below } = selection;
      const sent = alias ?? name;
      members.set(sent, { key: name, sent, selections: below ? [...below] : null, isMandatory: false });
    }
  }
  return members;
}
