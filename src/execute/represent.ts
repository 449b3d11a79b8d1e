/**
 * Builds an entity's representation from the data at hand: `__typename` and exactly what the plan requires.
 *
 * Source  Apollo Federation subgraph specification, `_entities`; input rewrites as the planner describes them.
 */
import type { RequiredSelection } from "../plan/fetch-plan.ts";
import { isObject } from "./merge.ts";
import type { Data } from "./run.ts";

export type Represent = (object: Data, type: string) => Data | null;

interface KeyRenamer {
  readonly KeyRenamer: { readonly path: readonly { readonly Key?: string }[]; readonly renameKeyTo: string };
}

/** Null when the object carries no value for any required field: then nobody can be asked about it. */
export function compileRepresent(
  requires: readonly RequiredSelection[],
  rewrites: readonly unknown[] = [],
): Represent {
  const renames = new Map<string, string>();
  for (const rewrite of rewrites) {
    if (!isKeyRenamer(rewrite))
      throw new Error(`a plan asks for an input rewrite that is not known: ${JSON.stringify(rewrite)}`);
    const key = rewrite.KeyRenamer.path.at(-1)?.Key;
    if (key !== undefined) renames.set(key, rewrite.KeyRenamer.renameKeyTo);
  }
  return (object, type) => {
    const representation: Data = Object.create(null);
    representation["__typename"] = type;
    const some = take(requires, object, type, representation, renames);
    return some ? representation : null;
  };
}

function take(
  requires: readonly RequiredSelection[],
  object: Data,
  type: string,
  into: Data,
  renames: ReadonlyMap<string, string>,
): boolean {
  let some = false;
  for (const selection of requires) {
    if (selection.kind === "InlineFragment") {
      if (selection.typeCondition === type)
        some = take(selection.selections, object, type, into, renames) || some;
      continue;
    }
    if (selection.name === "__typename") continue;
    const value = object[selection.alias ?? selection.name] ?? object[selection.name];
    if (value === undefined) continue;
    into[renames.get(selection.alias ?? selection.name) ?? selection.name] = selection.selections
      ? nested(selection.selections, value)
      : value;
    some ||= value !== null;
  }
  return some;
}

function nested(requires: readonly RequiredSelection[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => nested(requires, item));
  if (!isObject(value)) return value;
  const object = value as Data;
  const made: Data = Object.create(null);
  const type = object["__typename"];
  if (type !== undefined) made["__typename"] = type;
  take(requires, object, String(type), made, new Map());
  return made;
}

const isKeyRenamer = (rewrite: unknown): rewrite is KeyRenamer =>
  isObject(rewrite) && "KeyRenamer" in rewrite;

interface OutputRename {
  readonly path: readonly { readonly Key?: string; readonly TypenameEquals?: readonly string[] }[];
  readonly renameKeyTo: string;
}

/** Gives keys that the planner had to rename their planned names back, in place. */
export function compileRestore(rewrites: readonly unknown[] = []): (reply: Data) => void {
  const renames = rewrites.map((rewrite): OutputRename => {
    if (!isKeyRenamer(rewrite))
      throw new Error(`a plan asks for an output rewrite that is not known: ${JSON.stringify(rewrite)}`);
    return rewrite.KeyRenamer;
  });
  return (reply) => {
    for (const rename of renames) restore(rename, 0, reply);
  };
}

function restore(rename: OutputRename, at: number, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) restore(rename, at, item);
    return;
  }
  const segment = rename.path[at];
  if (!isObject(value) || segment === undefined) return;
  const object = value as Data;
  if (segment.TypenameEquals !== undefined) {
    const type = object["__typename"];
    if (type === undefined || segment.TypenameEquals.includes(String(type))) restore(rename, at + 1, object);
    return;
  }
  const key = String(segment.Key);
  if (at < rename.path.length - 1) restore(rename, at + 1, object[key]);
  else if (key in object) {
    object[rename.renameKeyTo] = object[key];
    delete object[key];
  }
}
