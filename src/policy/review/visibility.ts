/**
 * How far every reader reaches into fields: always, in some situations, or never, whatever the case.
 *
 * Out     for each reader, each class of fields and each way to the row, and for every level of the fields, how often the reader
 *         gets that or something clearer.
 * Rule    complete: `never` and `always` are proofs over every situation.
 * Errors  PROVER_UNAVAILABLE when z3 cannot say.
 * Cost    some seconds for all readers and fields; a second for one field.
 */
import type { DomainField } from "../domain.ts";
import { type FieldLevel, levelsOf, shownLevel } from "../levels.ts";
import type { PolicySet } from "../policy-set.ts";
import { Reach, type ReachEffect } from "../prove/reach.ts";
import { Situations } from "../prove/situations.ts";
import { solve } from "../prove/solver.ts";
import { Terms } from "../prove/terms.ts";
import { type FieldClass, fieldClasses } from "./field-classes.ts";
import { type AskingReader, everyReader } from "./readers.ts";

export type HowOften = "always" | "sometimes" | "never";

export interface Visibility {
  readonly reader: AskingReader;
  readonly fields: FieldClass;
  /** Reached by a case; else from a register or a published list. */
  readonly caseBound: boolean;
  /** Clearest first. */
  readonly levels: readonly ReachedLevel[];
}

export interface ReachedLevel {
  readonly level: FieldLevel;
  /** That level or a clearer one. */
  readonly atLeast: HowOften;
}

export async function visibilityOf(
  policySet: PolicySet,
  fields: Iterable<DomainField>,
): Promise<readonly Visibility[]> {
  const terms = new Terms();
  const situations = new Situations(terms, policySet.domain, policySet.schema.enums.get("Basis") ?? []);
  const reach = new Reach(policySet, situations);
  const classes = fieldClasses([policySet], fields);
  const cells = everyReader(policySet).flatMap((reader) =>
    classes.flatMap((each) =>
      [true, false].map((caseBound) => {
        const world = situations.world(reader.agency, caseBound);
        const reaches = reach.atLeastEach(reader.residuals, each[0], caseBound);
        return {
          ...{ reader, fields: each, caseBound },
          can: reaches.map((term) => terms.and(world, term)),
          cannot: reaches.map((term) => terms.and(world, terms.not(term))),
        };
      }),
    ),
  );
  const conditions = [...new Set(cells.flatMap(({ can, cannot }) => [...can, ...cannot]))];
  const answers = await solve(terms, conditions, []);
  const possible = new Map(conditions.map((condition, index) => [condition, answers[index] !== null]));
  return cells.map(({ reader, fields: each, caseBound, can, cannot }) => ({
    reader,
    fields: each,
    caseBound,
    levels: levelsOf(each[0]).map((level, index): ReachedLevel => {
      if (!possible.get(can[index]!)) return { level, atLeast: "never" };
      return { level, atLeast: possible.get(cannot[index]!) ? "sometimes" : "always" };
    }),
  }));
}

export interface Clearest {
  readonly effect: ReachEffect | "HIDE";
  /** `clear`, or the form of the value; null when none is shown. */
  readonly level: string | null;
  readonly when: HowOften;
}

/** The clearest level that can be had, and how often; HIDE when none can. */
export function clearest(levels: readonly ReachedLevel[]): Clearest {
  const reached = levels.find(({ atLeast }) => atLeast !== "never");
  if (!reached) return { effect: "HIDE", level: null, when: "always" };
  const { level, atLeast } = reached;
  return { effect: level.effect, level: shownLevel(level), when: atLeast };
}
