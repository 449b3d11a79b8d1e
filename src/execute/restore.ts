/** Gives keys that the planner had to rename in a fetch their planned names back, in place. */
import type { KeyRenamer } from "../plan/fetch-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { isObject } from "./merge.ts";
import type { Data } from "./run.ts";

export type Restore = (reply: Data) => void;

export function compileRestore(rewrites: readonly KeyRenamer[], types: Plan["types"]): Restore | null {
  if (rewrites.length === 0) return null;
  return (reply) => {
    for (const { KeyRenamer: rename } of rewrites) restore(rename, 0, reply, types);
  };
}

function restore(rename: KeyRenamer["KeyRenamer"], at: number, value: unknown, types: Plan["types"]): void {
  if (Array.isArray(value)) {
    for (const item of value) restore(rename, at, item, types);
    return;
  }
  const segment = rename.path[at];
  if (!isObject(value) || segment === undefined) return;
  const object = value as Data;
  if (segment.TypenameEquals !== undefined) {
    const type = object["__typename"];
    const applies =
      type === undefined || segment.TypenameEquals.some((name) => types.satisfies(String(type), name));
    if (applies) restore(rename, at + 1, object, types);
    return;
  }
  const key = String(segment.Key);
  if (at < rename.path.length - 1) restore(rename, at + 1, object[key], types);
  else if (Object.hasOwn(object, key)) {
    object[rename.renameKeyTo] = object[key];
    delete object[key];
  }
}
