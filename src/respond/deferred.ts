/**
 * Fields that are written later, as the writers register them while they write what is there now.
 *
 * Paths   grow while the writers return, as those of errors do (`sheet.ts`): innermost key first, from the object that the fields are of.
 * Scope   an object at which deferred fragments stand names itself to whatever was registered below it: the fields may be deferred by a
 *         fragment further out than they are.
 */
import type { DeferGroup, DeferredFragment } from "../plan/deferral.ts";
import type { Writing } from "./writing.ts";

/** JSON text of an object with these fields; undefined when a null went up to the object itself, null when it is not there any more. */
export type WriteLater = (writing: Writing) => string | undefined | null;

export interface DeferredFields {
  readonly group: DeferGroup;
  readonly write: WriteLater;
  readonly path: (string | number)[];
  /** Where the fragments stand that hold these fields, and all others around them. */
  readonly scope: Map<DeferredFragment, FragmentPlace>;
}

/** A deferred fragment at an object of the answer. */
export interface FragmentPlace {
  readonly fragment: DeferredFragment;
  /** Fields below that object, and how many keys below. */
  readonly above: DeferredFields;
  readonly depth: number;
}

export const deferredFields = (group: DeferGroup, write: WriteLater): DeferredFields => ({
  ...{ group, write },
  path: [],
  scope: new Map(),
});

/** The fragments stand at the object at which the paths of these fields end so far. */
export function standAt(fields: Iterable<DeferredFields>, fragments: readonly DeferredFragment[]): void {
  const places = new Map<DeferredFragment, FragmentPlace>();
  for (const below of fields) {
    for (const fragment of fragments) {
      const place = places.get(fragment) ?? { fragment, above: below, depth: below.path.length };
      places.set(fragment, place);
      below.scope.set(fragment, place);
    }
  }
}
