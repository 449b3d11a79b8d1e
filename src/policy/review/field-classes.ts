/** Fields that no policy tells apart: they are decided alike for every reader, so one of them speaks for all. */
import type { DomainField } from "../domain.ts";
import { levelsOf } from "../levels.ts";
import type { PolicySet } from "../policy-set.ts";

/** At least one field, all of one group. */
export type FieldClass = readonly [DomainField, ...DomainField[]];

export function fieldClasses(
  sets: readonly PolicySet[],
  fields: Iterable<DomainField>,
): readonly FieldClass[] {
  const classes = Map.groupBy(fields, (field) =>
    sets.map(({ actions }) => actions.signature(levelsOf(field), field.type)).join("\n"),
  );
  return [...classes.values()] as unknown as readonly FieldClass[];
}
