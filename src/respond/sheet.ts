/**
 * What is noted while an answer is written: where nulls stand that need an error, and which fields are written later.
 *
 * Paths   an error's path is put together while the writers return, from the innermost key outwards, so that an answer without errors
 *         pays one comparison for each object and none for a leaf.
 * Rule    GraphQL specification 6.4.4: null in a non-null place is an error, and goes up to the next place that may be null. Of errors
 *         below one null that went up, the first is told.
 */
import type { MissingValues, ReplyPath } from "../execute/missing.ts";
import type { Fault } from "../execute/run.ts";
import type { Coordinate } from "../kernel/brands.ts";
import type { DeferGroup, DeferredFragment } from "../plan/deferral.ts";
import { type DeferredFields, deferredFields, standAt, type WriteLater } from "./deferred.ts";

export interface Trouble {
  /** Null for a value that broke the schema's promise without an error of the agency. */
  readonly fault: Fault | null;
  /** Response keys and indices, innermost first, while it is being written. */
  readonly path: (string | number)[];
  /** From that place to the field that failed, as response keys. */
  readonly tail: ReplyPath;
  /** The field that was to be written. */
  coordinate: Coordinate | null;
  /** The fetch behind it has been told already. */
  readonly isTold: boolean;
}

export class Troubles {
  readonly #missing: MissingValues;
  readonly #list: (Trouble | DeferredFields)[] = [];

  constructor(missing: MissingValues) {
    this.#missing = missing;
  }

  get count(): number {
    return this.#list.length;
  }

  /** A value that is null where it must not be, or not of its type; a mark tells whose fault it is. */
  note(value: unknown, tailOf: (tail: ReplyPath) => ReplyPath = NO_TAIL): void {
    const missing = typeof value === "symbol" ? this.#missing.get(value) : undefined;
    const fault = missing?.fault ?? null;
    const tail = missing ? tailOf(missing.tail) : [];
    this.#list.push({ fault, tail, path: [], coordinate: null, isTold: missing ? !missing.isOwn : false });
  }

  /** Fields of the object that is being written are written later. */
  defer(group: DeferGroup, write: WriteLater): void {
    this.#list.push(deferredFields(group, write));
  }

  /** Fragments stand at the object of which everything since `mark` was noted. */
  standAt(mark: number, fragments: readonly DeferredFragment[]): void {
    standAt(this.#list.slice(mark).filter(isDeferred), fragments);
  }

  /** Those noted since `mark` lie under this key. */
  lieUnder(mark: number, key: string | number, coordinate: Coordinate | null): void {
    for (let i = mark; i < this.#list.length; i++) {
      const noted = this.#list[i] as Trouble | DeferredFields;
      noted.path.push(key);
      if (isTrouble(noted)) noted.coordinate ??= coordinate;
    }
  }

  /** A null has gone up to here: of the troubles noted since `mark` the first stays, and nothing comes later. */
  settle(mark: number): void {
    if (this.#list.length === mark) return;
    const first = this.#list.slice(mark).find(isTrouble);
    this.#list.length = mark;
    if (first) this.#list.push(first);
  }

  /** Forgets the troubles noted since `mark`: a mask left null there, which is nobody's fault. */
  forget(mark: number): void {
    if (this.#list.length > mark) this.#list.push(...this.#list.splice(mark).filter(isDeferred));
  }

  list(): readonly Trouble[] {
    return this.#list.length === 0 ? NOTHING : this.#list.filter(isTrouble);
  }

  /** What is written later. */
  deferred(): readonly DeferredFields[] {
    return this.#list.length === 0 ? NOTHING : this.#list.filter(isDeferred);
  }
}

const NOTHING: readonly never[] = [];

const isDeferred = (noted: Trouble | DeferredFields): noted is DeferredFields => "scope" in noted;
const isTrouble = (noted: Trouble | DeferredFields): noted is Trouble => !isDeferred(noted);

const NO_TAIL = (): ReplyPath => [];
