/**
 * Follows a plan's path through the data to the objects that a fetch is about, gate by gate: what the reader may
 * not reach is not walked, so it is never asked for. From a plain position on there is nothing to ask.
 */
import type { PathSegment } from "../plan/fetch-plan.ts";
import type { InternalField, Position } from "../plan/internal-operation.ts";
import type { Plan } from "../plan/plan.ts";
import type { Facts } from "../policy/verdict.ts";
import { isObject } from "./merge.ts";
import type { Data, Run } from "./run.ts";

export interface Target {
  readonly object: Data;
  readonly position: Position;
  readonly facts: Facts;
}

/** Objects that a path leads to, with what is known about each; where nothing is decided, the objects alone. */
export class Found {
  readonly objects: Data[] = [];
  readonly positions: Position[] = [];
  readonly facts: Facts[] = [];
}

export type Walk = (run: Run, found: Found) => void;

export interface CompiledPath {
  readonly walk: Walk;
  /** Where the path ends. */
  readonly end: Position;
  /** The last field on the way, for faults. */
  readonly field: InternalField | null;
}

type Follow = (value: unknown, facts: Facts, run: Run, found: Found) => void;

export function compilePath(
  path: readonly PathSegment[],
  root: Position,
  types: Plan["types"],
): CompiledPath {
  const trail = trailOf(path, root);
  const follow = trail.reduceRight<Follow>(
    (next, segment) => segmentFollow(segment, next, types),
    arrive(trail.at(-1)?.to ?? root),
  );
  return {
    walk: (run, found) => follow(run.data, run.rows.outer, run, found),
    end: trail.at(-1)?.to ?? root,
    field: trail.findLast(({ field }) => field !== null)?.field ?? null,
  };
}

interface Leg {
  readonly segment: PathSegment;
  readonly from: Position;
  readonly field: InternalField | null;
  readonly to: Position;
}

function trailOf(path: readonly PathSegment[], root: Position): readonly Leg[] {
  let at = root;
  return path.map((segment) => {
    const from = at;
    if (from.isPlain || segment === "@" || "TypeCondition" in segment)
      return { segment, from, field: null, to: at };
    const field = concrete(from).flatMap((position) => position.fields.get(segment.Field) ?? [])[0];
    if (!field?.target)
      throw new Error(`the plan leads through \`${segment.Field}\`, which was not asked for`);
    at = field.target;
    return { segment, from, field, to: at };
  });
}

const concrete = (position: Position): readonly Position[] =>
  position.byType === null ? [position] : [...position.byType.values()];

/** The position of an object's own type; null for a type that was not asked for. */
export function positionOf(position: Position, object: Data): Position | null {
  if (position.isPlain || position.byType === null) return position;
  return position.byType.get(String(object["__typename"])) ?? null;
}

function arrive(end: Position): Follow {
  if (end.isPlain) return arrivePlain;
  return function each(value, facts, run, found) {
    if (Array.isArray(value)) {
      for (const item of value) each(item, facts, run, found);
      return;
    }
    if (!isObject(value)) return;
    const object = value as Data;
    const position = positionOf(end, object);
    const entered = position && run.rows.enter(position, object, facts);
    if (!position || !entered) return;
    found.objects.push(object);
    found.positions.push(position);
    found.facts.push(entered);
  };
}

function arrivePlain(value: unknown, facts: Facts, run: Run, found: Found): void {
  if (Array.isArray(value)) for (const item of value) arrivePlain(item, facts, run, found);
  else if (isObject(value)) found.objects.push(value as Data);
}

function segmentFollow(leg: Leg, next: Follow, types: Plan["types"]): Follow {
  const { segment } = leg;
  if (segment === "@") {
    return (value, facts, run, found) => {
      if (Array.isArray(value)) for (const item of value) next(item, facts, run, found);
    };
  }
  if ("TypeCondition" in segment) {
    const accepted = new Set(segment.TypeCondition.flatMap((name) => [...types.covered(name)]));
    const { type, isPlain } = leg.from;
    return function each(value, facts, run, found) {
      if (Array.isArray(value)) {
        for (const item of value) each(item, facts, run, found);
        return;
      }
      if (!isObject(value)) return;
      const name = (value as Data)["__typename"] ?? (isPlain ? undefined : type);
      if (name === undefined || accepted.has(String(name))) next(value, facts, run, found);
    };
  }
  return leg.from.isPlain ? plainFollow(segment.Field, next) : fieldFollow(segment.Field, leg.from, next);
}

function plainFollow(key: string, next: Follow): Follow {
  return function each(value, facts, run, found) {
    if (Array.isArray(value)) {
      for (const item of value) each(item, facts, run, found);
      return;
    }
    if (isObject(value)) next((value as Data)[key], facts, run, found);
  };
}

function fieldFollow(key: string, from: Position, next: Follow): Follow {
  return function each(value, facts, run, found) {
    if (Array.isArray(value)) {
      for (const item of value) each(item, facts, run, found);
      return;
    }
    if (!isObject(value)) return;
    const object = value as Data;
    const position = positionOf(from, object);
    const entered = position && run.rows.enter(position, object, facts);
    const field = position?.fields.get(key);
    if (!entered || !field) return;
    const below = object[key];
    if (field.gate === null || field.gate.opensAlways) next(below, entered, run, found);
    else next(shownItems(run, field.gate, entered, object, below), entered, run, found);
  };
}

function shownItems(
  run: Run,
  gate: NonNullable<InternalField["gate"]>,
  facts: Facts,
  carrier: Data,
  value: unknown,
): unknown {
  const shows = (item: unknown): boolean =>
    isObject(item) && run.rows.itemShows(gate, facts, carrier, item as Data);
  if (Array.isArray(value)) return value.filter(shows);
  return shows(value) ? value : null;
}
