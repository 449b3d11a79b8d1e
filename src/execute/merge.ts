/**
 * Merges a reply into the data. Only own keys that a plan can name are copied, so `__proto__` in a reply is dropped.
 *
 * Rule    the type of an object, once an agency has told it, stays: another may know it by its interface alone (`@interfaceObject`).
 */
import type { Plan } from "../plan/plan.ts";
import type { Data } from "./run.ts";

type Types = Pick<Plan["types"], "isAbstract">;

export function merge(into: Data, from: Data, types: Types): void {
  for (const key in from) {
    if (key === "__proto__") continue;
    const next = from[key];
    const held = into[key];
    if (held === undefined || held === null) into[key] = next;
    else if (key === "__typename" && next !== held && types.isAbstract(String(next))) continue;
    else if (isObject(next)) {
      if (isObject(held)) mergeObjects(held, next, types);
      else if (isMark(held)) into[key] = next;
    } else if (next !== null && next !== undefined && !(isMark(next) && !isMark(held))) into[key] = next;
  }
}

function mergeObjects(held: object, next: object, types: Types): void {
  if (!Array.isArray(next)) {
    if (!Array.isArray(held)) merge(held as Data, next as Data, types);
    return;
  }
  if (!Array.isArray(held)) return;
  for (let i = 0; i < next.length; i++) {
    const item: unknown = next[i];
    const slot: unknown = held[i];
    if (isObject(item) && isObject(slot)) mergeObjects(slot, item, types);
    else if (slot === undefined || slot === null || (isMark(slot) && item !== null)) held[i] = item;
  }
}

/** Copies plain data, so that one reply merged at two places is never shared by them. */
export function copy<Value>(value: Value): Value {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(copy) as Value;
  const made: Data = Object.create(null);
  for (const key of Object.keys(value)) made[key] = copy((value as Data)[key]);
  return made as Value;
}

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** What stands for a value that did not arrive (`missing.ts`): a value that did takes its place, and never the reverse. */
const isMark = (value: unknown): boolean => typeof value === "symbol";
