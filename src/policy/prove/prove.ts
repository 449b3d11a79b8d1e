/**
 * Proves that the policies never make possible what an invariant forbids, in any situation and for any reader.
 *
 * Out     for each invariant that it holds, or who could see what in breach of it, with one concrete situation each.
 * Rule    a breach is tried out on the engine before it is told; an invariant that speaks of no reader does not hold.
 * Errors  PROVER_UNAVAILABLE when z3 cannot say: never taken for a proof.
 * Cost    some seconds for all readers and invariants together, most of it partial evaluation; z3 in a process of its own.
 */

import { obliges } from "../../kernel/obligations.ts";
import { type Answer, answerOf } from "../decide.ts";
import type { DomainField } from "../domain.ts";
import { isShowing, levelIndex } from "../levels.ts";
import type { PolicySet } from "../policy-set.ts";
import { type FieldClass, fieldClasses } from "../review/field-classes.ts";
import { type Finding, mergeAlike } from "../review/merge-alike.ts";
import { type AskingReader, everyReader } from "../review/readers.ts";
import { type About, type Condition, conditionHolds, conditionTerm } from "./condition.ts";
import type { Invariant } from "./invariants.ts";
import { type Asked, levelsTo, Reach } from "./reach.ts";
import { confirmed, factsIn, outcomeIn, type Situation } from "./situation.ts";
import { Situations } from "./situations.ts";
import { type Model, solve } from "./solver.ts";
import { type Term, Terms } from "./terms.ts";

export interface Breach extends Finding {
  readonly answer: Answer;
}

export interface Proof {
  readonly invariant: Invariant;
  /** Readers times fields that it speaks of; 0 is a mistake, not a proof. */
  readonly cases: number;
  /** Empty when it holds. One for each way in which it is broken. */
  readonly breaches: readonly Breach[];
}

interface Case {
  readonly reader: AskingReader;
  readonly fields: FieldClass;
  readonly caseBound: boolean;
  readonly term: Term;
}

export async function proveInvariants(
  policySet: PolicySet,
  invariants: readonly Invariant[],
): Promise<readonly Proof[]> {
  const terms = new Terms();
  const situations = new Situations(terms, policySet.domain, policySet.schema.enums.get("Basis") ?? []);
  const reach = new Reach(policySet, situations);
  const readers = everyReader(policySet);
  const asked = invariants.map((invariant) => casesOf(invariant, policySet, readers, situations, reach));
  const whole = asked.map((cases) => terms.or(...cases.map(({ term }) => term)));
  const answers = await solve(terms, whole, situations.unknowns());

  const broken = asked.map((cases, index) => (answers[index] ? distinct(cases) : []));
  const models = await solve(
    terms,
    broken.flat().map(([first]) => first!.term),
    situations.unknowns(),
  );
  let next = 0;
  return invariants.map((invariant, index): Proof => {
    const breaches = broken[index]!.flatMap((found) => {
      const model = models[next++];
      return model ? found.map((each) => breachOf(invariant, each, model, policySet, situations)) : [];
    });
    const merged = mergeAlike(breaches, ({ answer }) => JSON.stringify(answer));
    return { invariant, cases: asked[index]!.length, breaches: merged };
  });
}

function casesOf(
  invariant: Invariant,
  policySet: PolicySet,
  readers: readonly AskingReader[],
  situations: Situations,
  reach: Reach,
): readonly Case[] {
  const { terms } = situations;
  const classes = fieldClasses([policySet], invariant.fields);
  const breaking = breakingOf(invariant, situations);
  return readers.filter(invariant.speaksOf).flatMap((reader) =>
    classes.flatMap((fields) =>
      [true, false].map((caseBound): Case => {
        const about = { agency: reader.agency, group: fields[0].group, caseBound, domain: policySet.domain };
        const reached = reachedBy(invariant, reach, terms, [reader.residuals, fields[0], caseBound]);
        const term = terms.and(breaking(about), reached);
        return { reader, fields, caseBound, term };
      }),
    ),
  );
}

/** The reader gets what never may be, or gets it without the obligation. */
function reachedBy({ never, without }: Invariant, reach: Reach, terms: Terms, asked: Asked): Term {
  if (!without) return reach.atLeast(never, ...asked);
  const shown = levelsTo(never, asked[1]).filter(isShowing);
  const free = shown.map((level) =>
    terms.and(reach.exactly(level, ...asked), terms.not(reach.owed(level, ...asked).when(without))),
  );
  return terms.or(...free);
}

/** What the situation must be for the invariant to speak of it; readers of an agency and fields of a group share it. */
function breakingOf({ when, unless }: Invariant, situations: Situations): (about: About) => Term {
  const { terms } = situations;
  const known = new Map<string, Term>();
  return (about) => {
    const { agency, group, caseBound } = about;
    const key = `${agency} ${group} ${caseBound}`;
    const term =
      known.get(key) ??
      terms.and(
        situations.world(agency, caseBound),
        conditionTerm(when, situations, about),
        ...unless.map((condition) => terms.not(conditionTerm(condition, situations, about))),
      );
    known.set(key, term);
    return term;
  };
}

/** Cases that the same condition opens, together. */
function distinct(cases: readonly Case[]): readonly (readonly Case[])[] {
  return [...Map.groupBy(cases, ({ term }) => term).values()];
}

function breachOf(
  invariant: Invariant,
  { reader, fields, caseBound }: Case,
  model: Model,
  policySet: PolicySet,
  situations: Situations,
): Breach {
  const [field] = fields;
  const about = { agency: reader.agency, group: field.group, caseBound, domain: policySet.domain };
  const breaks = (situation: Situation) => isBreach(invariant, policySet, reader, field, about, situation);
  const situation = confirmed(situations.values(model), reader, caseBound, breaks);
  return {
    readers: [reader],
    fields,
    reader,
    field,
    situation,
    answer: answerOf(outcomeIn(policySet, reader, field, situation)),
  };
}

function isBreach(
  { never, without, when, unless }: Invariant,
  policySet: PolicySet,
  reader: AskingReader,
  field: DomainField,
  about: About,
  situation: Situation,
): boolean {
  const outcome = outcomeIn(policySet, reader, field, situation);
  if (levelIndex(field, outcome) >= levelsTo(never, field).length) return false;
  if (without && obliges(outcome.obligations, without)) return false;
  const facts = factsIn(situation, reader, policySet.domain);
  const own = situation.row.own ?? false;
  const holds = (condition: Condition) => conditionHolds(condition, facts, own, about);
  return holds(when) && !unless.some(holds);
}
