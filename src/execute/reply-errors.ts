/**
 * Turns the errors of a reply into marks at the places that they are about, and into faults of the fetch where there is no place.
 *
 * Rule    an error about something that no client asked for (a key, a policy input) is told for the fetch: nobody may learn from its
 *         place that it was asked. Each code is told once for a fetch. No word of the agency is kept.
 */
import type { SubgraphName } from "../kernel/brands.ts";
import type { Position } from "../plan/internal-operation.ts";
import { agencyCode } from "./ask.ts";
import type { ReplyError } from "./backend.ts";
import { markPlace, type ReplyPath } from "./missing.ts";
import type { Data, Fault, Run } from "./run.ts";

export interface ErrorContext {
  readonly subgraph: SubgraphName;
  /** Path of the fetch, for errors without a place. */
  readonly path: Fault["path"];
}

/** An object that an error's path starts at, with what was asked of it. */
export interface ErrorRoot {
  readonly object: Data;
  readonly position: Position;
}

/** `rootsOf` gives the objects that an error is about and its path from there; none when the error has no place. */
export function placeErrors(
  run: Run,
  errors: readonly ReplyError[],
  { subgraph, path }: ErrorContext,
  rootsOf: (path: ReplyPath) => { readonly roots: readonly ErrorRoot[]; readonly rest: ReplyPath } | null,
): void {
  const told = new Set<string>();
  for (const error of errors) {
    const code = agencyCode(error.code);
    const found = error.path && error.path.length > 0 ? rootsOf(error.path) : null;
    const isPlaced =
      found?.roots.some(({ object, position }) => {
        if (found.rest.length === 0 || !wasAsked(position, found.rest)) return false;
        const fault: Fault = { code, subgraph, path: null };
        return markPlace(object, found.rest, (tail) => run.missing.mark(fault, tail, true));
      }) ?? false;
    if (isPlaced || told.has(code)) continue;
    told.add(code);
    run.faults.push({ code, subgraph, path });
  }
}

/** True when every step of a path is a field that a client asked for. */
function wasAsked(position: Position, path: ReplyPath): boolean {
  let here: readonly Position[] = [position];
  for (const step of path) {
    if (here.some(({ isPlain }) => isPlain)) return true;
    if (typeof step === "number") continue;
    const fields = here.flatMap((each) =>
      [...branches(each)].flatMap(({ fields: known }) => known.get(step) ?? []),
    );
    if (fields.length === 0) return false;
    here = fields.flatMap(({ target }) => target ?? []);
  }
  return true;
}

const branches = (position: Position): Iterable<Position> =>
  position.byType === null ? [position] : position.byType.values();
