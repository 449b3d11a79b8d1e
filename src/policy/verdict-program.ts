/**
 * Settles one field for one profile: asks Cedar's levels clear → masked forms → aggregate → exists, and names the reason.
 *
 * In      the residual policies of the actions of a field (`Person.birthDate`, `Person.birthDate:year`, `Person.birthDate:ageBand`,
 *         `IDENTITY_CORE:aggregate`, `IDENTITY_CORE:exists`).
 * Out     a verdict: settled when no fact can change effect or reason, else a closure over the row's facts.
 * Rule    default deny; forbid wins; a forbid that errors denies, a permit that errors does not grant (Cedar alone
 *         would skip the forbid). First level permitted answers ALLOW, MASK, AGGREGATE, DENY; none is HIDE.
 * Cost    no allocation beyond the row pair; at most one pass over the policies of each level.
 */
import type { PolicyId } from "../kernel/brands.ts";
import { NO_OBLIGATIONS } from "../kernel/obligations.ts";
import { type Opening, type OpeningLevels, opened, openingsOf } from "./openings.ts";
import { outcome, REFUSAL } from "./reasons.ts";
import { type FactRow, holding, type Level, type Rule, readsOf } from "./rule.ts";
import type { FactName, Facts, Outcome, Verdict } from "./verdict.ts";

export interface VerdictInput extends OpeningLevels {
  /** Null for person and common data, where a refusal is always told. */
  readonly exists: Level | null;
}

export function verdictOf(input: VerdictInput): Verdict {
  const openings = openingsOf(input);
  const refusal = refusalOf(input);
  const certain = openings.at(-1)?.certain ?? false;
  const possible = [
    ...openings.map(({ key }) => key),
    ...(certain ? [] : refusal.possible.map(({ key }) => key)),
  ];
  const [permit] = openings[0]?.rules ?? [];
  if (new Set(possible).size === 1 && !permit?.adding.length) {
    return Object.freeze({ kind: "settled", outcome: permit?.outcome ?? refusal.possible[0]!.outcome });
  }
  return Object.freeze({
    kind: "residual",
    decide: decider(openings, refusal.decide),
    reads: new Set([...openings.flatMap(({ reads }) => [...reads]), ...(certain ? [] : refusal.reads)]),
    opens: openings.some(({ effect }) => effect !== "AGGREGATE"),
    allows: openings.some(({ effect }) => effect === "ALLOW"),
  });
}

function decider(openings: readonly Opening[], refuse: (row: FactRow) => Outcome) {
  const decide = (row: FactRow): Outcome => opened(openings, row) ?? refuse(row);
  // Fields that no policy tells apart share a verdict, and come one after the other on a row: facts never change once folded.
  let last: FactRow | null = null;
  let answer: Outcome | null = null;
  return (facts: Facts, own: boolean): Outcome => {
    if (answer !== null && last?.facts === facts && last.own === own) return answer;
    last = { facts, own };
    answer = decide(last);
    return answer;
  };
}

interface Possible {
  readonly key: string;
  readonly outcome: Outcome;
}
interface Refusal {
  readonly possible: readonly Possible[];
  readonly reads: readonly FactName[];
  readonly decide: (row: FactRow) => Outcome;
}

/**
 * What a row that opens nothing is answered. A forbid on existence itself hides without a reason of its own (step 2);
 * else the refusal is told or not, for the reason of the first step that it fails.
 */
function refusalOf({ clear, forms, exists, reason }: VerdictInput): Refusal {
  const veils = (exists?.forbids ?? []).map((rule) => ({ rule, hidden: outcome("HIDE", reason, [rule.id]) }));
  const veiled = veils.find(({ rule }) => rule.always);
  if (veiled) return { possible: [possible(veiled.hidden)], reads: [], decide: () => veiled.hidden };

  const tellers: readonly Rule[] = exists ? upToCertain(exists.permits) : [ALWAYS_TOLD];
  const clearest = [clear, ...forms].find(({ permits }) => permits.length > 0);
  const cause = causeOf(clearest ?? clear, reason);
  const answers = cause.causes.flatMap((why) => [
    ...(tellers.length > 0 ? [why.told(tellers[0]!)] : []),
    ...(tellers.some(({ always }) => always) ? [] : [why.hidden]),
  ]);
  return {
    possible: [...answers, ...veils.map(({ hidden }) => hidden)].map(possible),
    reads: [...readsOf([...tellers, ...veils.map(({ rule }) => rule)]), ...cause.reads],
    decide: (row) => {
      for (const veil of veils) if (veil.rule.holds(row)) return veil.hidden;
      const teller = holding(tellers, row);
      const why = cause.decide(row);
      return teller ? why.told(teller) : why.hidden;
    },
  };
}

const possible = (answer: Outcome): Possible => ({
  key: `${answer.effect} ${answer.reason}`,
  outcome: answer,
});

const ALWAYS_TOLD: Rule = {
  id: "" as PolicyId,
  reason: "",
  always: true,
  holds: () => true,
  reads: new Set(),
  obligations: NO_OBLIGATIONS,
};

function upToCertain(rules: readonly Rule[]): readonly Rule[] {
  const certain = rules.find(({ always }) => always);
  return certain ? [certain] : rules;
}

/** Why a row was refused, with its frozen answers. */
interface Cause {
  readonly told: (teller: Rule) => Outcome;
  readonly hidden: Outcome;
}
interface Causes {
  readonly causes: readonly Cause[];
  readonly reads: readonly FactName[];
  readonly decide: (row: FactRow) => Cause;
}

/** Steps 4 to 10: a refusal by the person, the relation of the cell, then the forbids in the order of their file. */
function causeOf({ permits, forbids }: Level, reason: string): Causes {
  const relation = cellCause(reason);
  const fixed = (cause: Cause): Causes => ({ causes: [cause], reads: [], decide: () => cause });
  if (permits.length === 0) return fixed(relation);

  const ruled = forbids.map((rule) => ({ rule, cause: ruleCause(rule) }));
  const first = ruled.filter(({ rule }) => rule.reason === REFUSAL);
  const rest = upTo(
    ruled.filter(({ rule }) => rule.reason !== REFUSAL),
    ({ rule }) => rule.always,
  );
  const unrelated = !permits.some(({ always }) => always);
  const causes = [
    ...[...first, ...rest].map(({ cause }) => cause),
    ...(unrelated || rest.length === 0 ? [relation] : []),
  ];
  if (new Set([reason, ...[...first, ...rest].map(({ rule }) => rule.reason)]).size === 1)
    return fixed(relation);
  return {
    causes,
    reads: readsOf([...permits, ...[...first, ...rest].map(({ rule }) => rule)]),
    decide: (row) => {
      for (const { rule, cause } of first) if (rule.holds(row)) return cause;
      if (unrelated && !holding(permits, row)) return relation;
      for (const { rule, cause } of rest) if (rule.holds(row)) return cause;
      return relation;
    },
  };
}

function upTo<T>(items: readonly T[], last: (item: T) => boolean): readonly T[] {
  const at = items.findIndex(last);
  return at < 0 ? items : items.slice(0, at + 1);
}

function ruleCause({ reason, id }: Rule): Cause {
  const denied = outcome("DENY", reason, [id]);
  return { told: () => denied, hidden: outcome("HIDE", reason, [id]) };
}

function cellCause(reason: string): Cause {
  const answers = new Map<Rule, Outcome>();
  return {
    told: (teller) => {
      const told = answers.get(teller) ?? outcome("DENY", reason, teller === ALWAYS_TOLD ? [] : [teller.id]);
      answers.set(teller, told);
      return told;
    },
    hidden: outcome("HIDE", reason, []),
  };
}
