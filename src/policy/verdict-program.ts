/**
 * Settles one field for one profile: asks Cedar's levels clear → masked forms → aggregate → exists, and names the reason.
 *
 * In      the residual policies of the actions of a field (`Person.birthDate`, `Person.birthDate:year`, `Person.birthDate:ageBand`,
 *         `IDENTITY_CORE:aggregate`, `IDENTITY_CORE:exists`).
 * Out     a verdict: settled when no fact can change effect or reason, else a closure over the row's facts.
 * Rule    default deny; forbid wins; a forbid that errors denies, a permit that errors does not grant (Cedar alone
 *         would skip the forbid). First level permitted answers ALLOW, MASK, AGGREGATE, DENY; none is HIDE.
 * Owed    obligations of all permits that hold at the level that answers add up.
 * Cost    no allocation beyond the row pair; at most one pass over the policies of each level.
 */
import type { PolicyId } from "../kernel/brands.ts";
import { addUp, NO_OBLIGATIONS, type Obligations } from "../kernel/obligations.ts";
import { outcome, REFUSAL } from "./reasons.ts";
import type { Effect, FactName, Facts, Outcome, Verdict } from "./verdict.ts";

export interface FactRow {
  readonly facts: Facts;
  readonly own: boolean;
}

/** One policy, as far as the row decides it. Policies that can never hold are left out. */
export interface Rule {
  readonly id: PolicyId;
  readonly reason: string;
  /** True: holds for every row. */
  readonly always: boolean;
  /** Never throws. */
  readonly holds: (row: FactRow) => boolean;
  readonly reads: ReadonlySet<FactName>;
  /** What its readers owe for what it shows. */
  readonly obligations: Obligations;
}

export interface Level {
  readonly permits: readonly Rule[];
  readonly forbids: readonly Rule[];
}

interface MaskedLevel extends Level {
  readonly mask: Outcome["mask"];
}

export interface VerdictInput {
  readonly clear: Level;
  /** Clearest first. */
  readonly forms: readonly MaskedLevel[];
  readonly aggregate: Level;
  /** Null for person and common data, where a refusal is always told. */
  readonly exists: Level | null;
  /** Reason of the matrix cell. */
  readonly reason: string;
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
  const decide = (row: FactRow): Outcome => {
    for (const { forbids, rules } of openings) {
      if (holding(forbids, row)) continue;
      const permit = holding(rules, row);
      if (permit) return permit.adding.length === 0 ? permit.outcome : withAdded(permit, row);
    }
    return refuse(row);
  };
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

function holding<R extends Rule>(rules: readonly R[], row: FactRow): R | undefined {
  for (const rule of rules) if (rule.holds(row)) return rule;
  return undefined;
}

/** Permits of the same level that oblige to more than the first one that holds. */
function withAdded({ outcome: first, adding }: Permit, row: FactRow): Outcome {
  let answer = first;
  for (const rule of adding) if (rule.holds(row)) answer = rule.addedTo(answer);
  return answer;
}

interface Permit extends Rule {
  readonly outcome: Outcome;
  readonly adding: readonly AddingRule[];
}

interface AddingRule extends Rule {
  /** The outcome with this policy's obligations; the same object each time. */
  readonly addedTo: (before: Outcome) => Outcome;
}

interface Opening {
  readonly effect: Effect;
  /** What is shown: outcomes of one key differ in the policies alone. */
  readonly key: string;
  readonly forbids: readonly Rule[];
  readonly rules: readonly Permit[];
  /** No row is refused at this level, so later levels are never asked. */
  readonly certain: boolean;
  readonly reads: readonly FactName[];
}

/** Levels that some row may open, in the order in which they are asked. */
function openingsOf({ clear, forms, aggregate, reason }: VerdictInput): Opening[] {
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

const readsOf = (rules: readonly Rule[]): FactName[] => rules.flatMap(({ reads }) => [...reads]);

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
