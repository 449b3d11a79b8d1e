/**
 * The levels of a field that some row may open for a reader, clearest first, with what each shows and what is owed for it.
 *
 * Rule    the first permit that holds answers; obligations of all permits of the level that hold add up.
 * Cost    built once for a verdict; the same row state gives the same outcome object, so nothing is allocated for a row.
 */
import { addUp } from "../kernel/obligations.ts";
import { outcome } from "./reasons.ts";
import { type FactRow, holding, type Level, type Rule, readsOf } from "./rule.ts";
import type { Effect, FactName, Outcome } from "./verdict.ts";

export interface MaskedLevel extends Level {
  readonly mask: Outcome["mask"];
}

export interface OpeningLevels {
  readonly clear: Level;
  /** Clearest first. */
  readonly forms: readonly MaskedLevel[];
  readonly aggregate: Level;
  /** Reason of the matrix cell. */
  readonly reason: string;
}

export interface Permit extends Rule {
  readonly outcome: Outcome;
  readonly adding: readonly AddingRule[];
}

interface AddingRule extends Rule {
  /** The outcome with this policy's obligations; the same object each time. */
  readonly addedTo: (before: Outcome) => Outcome;
}

export interface Opening {
  readonly effect: Effect;
  /** What is shown: outcomes of one key differ in the policies alone. */
  readonly key: string;
  readonly forbids: readonly Rule[];
  readonly rules: readonly Permit[];
  /** No row is refused at this level, so later levels are never asked. */
  readonly certain: boolean;
  readonly reads: readonly FactName[];
}

/** What the row is shown by the first level that it opens; undefined when it opens none. */
export function opened(openings: readonly Opening[], row: FactRow): Outcome | undefined {
  for (const { forbids, rules } of openings) {
    if (holding(forbids, row)) continue;
    const permit = holding(rules, row);
    if (permit) return permit.adding.length === 0 ? permit.outcome : withAdded(permit, row);
  }
  return undefined;
}

/** Permits of the same level that oblige to more than the first one that holds. */
function withAdded({ outcome: first, adding }: Permit, row: FactRow): Outcome {
  let answer = first;
  for (const rule of adding) if (rule.holds(row)) answer = rule.addedTo(answer);
  return answer;
}

/** Levels that some row may open, in the order in which they are asked. */
export function openingsOf({ clear, forms, aggregate, reason }: OpeningLevels): Opening[] {
  const openings: Opening[] = [];
  const levels: readonly (readonly [Effect, Level, Outcome["mask"]])[] = [
    ["ALLOW", clear, null],
    ...forms.map((form) => ["MASK", form, form.mask] as const),
    ["AGGREGATE", aggregate, null],
  ];
  for (const [effect, level, mask] of levels) {
    if (level.permits.length === 0 || level.forbids.some(({ always }) => always)) continue;
    const unconditional = level.permits.find(({ always }) => always);
    const permits = permitsOf(level.permits, unconditional, ({ id, obligations }) =>
      outcome(effect, reason, [id], mask, obligations),
    );
    openings.push({
      effect,
      key: `${effect} ${mask}`,
      forbids: level.forbids,
      rules: permits,
      certain: unconditional !== undefined && level.forbids.length === 0,
      reads: readsOf([...level.forbids, ...permits, ...permits.flatMap(({ adding }) => adding)]),
    });
    if (openings.at(-1)?.certain) break;
  }
  return openings;
}

/** One that holds on every row answers for all of them. */
function permitsOf(
  all: readonly Rule[],
  unconditional: Rule | undefined,
  outcomeOf: (rule: Rule) => Outcome,
): readonly Permit[] {
  const adding = all.filter(({ obligations }) => obligations.length > 0).map(addingRule);
  return (unconditional ? [unconditional] : all).map((rule) => {
    const more = adding.filter(
      ({ id, obligations }) => id !== rule.id && addUp(rule.obligations, obligations) !== rule.obligations,
    );
    return { ...rule, outcome: outcomeOf(rule), adding: more };
  });
}

function addingRule(rule: Rule): AddingRule {
  const answers = new Map<Outcome, Outcome>();
  return {
    ...rule,
    addedTo: (before) => {
      const known = answers.get(before);
      if (known) return known;
      const obligations = addUp(before.obligations, rule.obligations);
      const policies = Object.freeze([...before.policies, rule.id]);
      const after =
        obligations === before.obligations ? before : Object.freeze({ ...before, obligations, policies });
      answers.set(before, after);
      return after;
    },
  };
}
