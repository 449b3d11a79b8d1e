/**
 * Values that an agency failed to give, marked where they are missing, so that projection tells each error at its place in the answer
 * and tells none for a row or field that it does not show.
 *
 * Mark    a symbol in the data: no object, list, text or number, so whatever does not know of marks takes it for no value at all.
 * Source  GraphQL specification 6.4.4: a field error leaves null, and an error with the field's path.
 */
import type { Data, Fault } from "./run.ts";

export type ReplyPath = readonly (string | number)[];

export interface Missing {
  readonly fault: Fault;
  /** From the marked place to the field that failed, in internal keys. */
  readonly tail: ReplyPath;
  /** The error belongs to this place; otherwise to the whole fetch, which has told it already. */
  readonly isOwn: boolean;
}

export class MissingValues {
  readonly #missing = new Map<symbol, Missing>();

  get size(): number {
    return this.#missing.size;
  }

  mark(fault: Fault, tail: ReplyPath, isOwn: boolean): symbol {
    const mark = Symbol("missing");
    this.#missing.set(mark, { fault, tail, isOwn });
    return mark;
  }

  get(mark: symbol): Missing | undefined {
    return this.#missing.get(mark);
  }
}

/** Marks keys of an object that a failed fetch should have brought: the fetch itself has been told. */
export function markKeys(object: Data, keys: Iterable<string>, mark: symbol): void {
  for (const key of keys) if (object[key] === undefined || object[key] === null) object[key] = mark;
}

/**
 * Marks where the data ends on the way of an error's path: the key or index under which null stands. What stands there already for an
 * earlier error stays. False when there is a value at the end of the path, or no path at all.
 */
export function markPlace(root: Data, path: ReplyPath, markFor: (tail: ReplyPath) => symbol): boolean {
  let holder: Data = root;
  for (const [at, step] of path.entries()) {
    const key = String(step);
    const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (value === null || value === undefined) {
      holder[key] = markFor(path.slice(at + 1));
      return true;
    }
    if (typeof value === "symbol") return true;
    if (typeof value !== "object") return false;
    holder = value as Data;
  }
  return false;
}
