/**
 * The levels at which a field can be shown, clearest first, each with the action that policies permit or forbid.
 *
 * Out     clear; the field's masked forms in their declared order; aggregate; exists (being told that something is withheld).
 *         What reaches none of them is hidden.
 * Rule    domain rules §4 and §5: a reader gets the clearest level that policies permit, on each row.
 */
import type { DomainField } from "./domain.ts";
import type { Effect, Mask, Outcome } from "./verdict.ts";

export interface FieldLevel {
  /** `clear`, a form such as `year`, `masked` for the value as it is, `aggregate`, `exists`. */
  readonly name: string;
  readonly action: string;
  readonly effect: Exclude<Effect, "HIDE">;
  readonly mask: Mask | null;
}

export const CLEAR = "clear";

const known = new WeakMap<DomainField, readonly FieldLevel[]>();

export function levelsOf(field: DomainField): readonly FieldLevel[] {
  const levels = known.get(field) ?? makeLevels(field);
  known.set(field, levels);
  return levels;
}

function makeLevels({ coordinate, group, forms }: DomainField): readonly FieldLevel[] {
  return [
    { name: CLEAR, action: coordinate, effect: "ALLOW", mask: null },
    ...forms.map(
      ({ name, mask }): FieldLevel => ({ name, action: `${coordinate}:${name}`, effect: "MASK", mask }),
    ),
    { name: "aggregate", action: `${group}:aggregate`, effect: "AGGREGATE", mask: null },
    { name: "exists", action: `${group}:exists`, effect: "DENY", mask: null },
  ];
}

/** A value is shown at that level, in clear or in part. */
export const isShowing = ({ effect }: FieldLevel): boolean => effect === "ALLOW" || effect === "MASK";

/** The place of an outcome among the levels of its field; what is hidden comes last. */
export function levelIndex(field: DomainField, { effect, mask }: Pick<Outcome, "effect" | "mask">): number {
  const levels = levelsOf(field);
  const index = levels.findIndex((level) => level.effect === effect && level.mask === mask);
  return index < 0 ? levels.length : index;
}

/** Null for outcomes of one level. */
export function directionOf(
  field: DomainField,
  before: Pick<Outcome, "effect" | "mask">,
  after: Pick<Outcome, "effect" | "mask">,
): "wider" | "narrower" | null {
  const change = levelIndex(field, after) - levelIndex(field, before);
  return change === 0 ? null : change < 0 ? "wider" : "narrower";
}

/** How an outcome shows the value: `clear`, the name of the form, `keep` or `rows`; null when it does not. */
export function shownLevel({ effect, mask }: Pick<Outcome, "effect" | "mask">): string | null {
  if (effect === "ALLOW") return CLEAR;
  return effect === "MASK" ? (mask ?? "keep").replace("transform:", "") : null;
}
