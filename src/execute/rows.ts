/**
 * Settles what rows decide: where an object's facts come from, whether it exists for the reader, which gates open.
 * One per request; the executor asks before it fetches, projection asks again before it shows.
 *
 * Rule    missing facts are the most restrictive ones: an object whose access did not arrive does not exist.
 *         Under an issue, rows of another case do not exist (docs/architecture.md, "Identity").
 */
import type { Existence, Gate, OwnSource, Position } from "../plan/internal-operation.ts";
import type { Facts, Outcome, Verdict } from "../policy/verdict.ts";

/** Keys of injected inputs; equal to the constants of `plan/internal-operation.ts`, which only types may cross from. */
const ACCESS_KEY = "_p_access";
const OWN_KEY = "_p_own";
const IN_ROWS_KEY = "_p_in_rows";

export type Row = Readonly<Record<string, unknown>>;

export interface RowRules {
  /** Facts of a row that no case leads to. */
  readonly registerFacts: Facts;
  /** Folds an injected `CaseAccess` of the case with that uid. */
  readonly caseFacts: (access: unknown, uid: unknown) => Facts;
  /** Folds an injected `PersonAccess`. */
  readonly personFacts: (access: unknown) => Facts;
  /** Uid of the issue's case; null when the request names none. An issue that cannot be opened equals no uid. */
  readonly issue: string | null;
  /** The request's variables, for lookups. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export class Rows {
  readonly #rules: RowRules;
  readonly #facts = new WeakMap<Row, Facts>();

  constructor(rules: RowRules) {
    this.#rules = rules;
  }

  /** Facts that hold outside any object. */
  get outer(): Facts {
    return this.#rules.registerFacts;
  }

  /** Facts about `row` at `position`, or null when it does not exist for the reader. */
  enter(position: Position, row: Row, inherited: Facts): Facts | null {
    if (position.isPlain) return inherited;
    const facts = this.#factsOf(position, row, inherited);
    if (facts === null) return null;
    return position.existence === null || this.#exists(position.existence, facts, row) ? facts : null;
  }

  outcome(verdict: Verdict, facts: Facts, own: boolean): Outcome {
    return verdict.kind === "settled" ? verdict.outcome : verdict.decide(facts, own);
  }

  /** What the gate of a field says on the row that carries it. */
  gateOutcome(gate: Gate, facts: Facts, row: Row): Outcome {
    return this.outcome(gate.verdict, facts, gate.ownOfItems ? false : ownOf(gate.own, row));
  }

  /** True when a fetch may bring something that the gate lets through: whatever is not known yet counts as open. */
  mayOpen(gate: Gate, facts: Facts, row: Row): boolean {
    const owns = gate.ownOfItems || isOwnUnknown(gate.own, row) ? [true, false] : [ownOf(gate.own, row)];
    return gate.verdicts.some((verdict) => owns.some((own) => isOpen(this.outcome(verdict, facts, own))));
  }

  /** True when an edge would show any item of whatever row: then that there is none may be told. */
  opensWhenEmpty(gate: Gate, facts: Facts, carrier: Row): boolean {
    const own = gate.ownOfItems ? false : ownOf(gate.own, carrier);
    return gate.verdicts.some((verdict) => isOpen(this.outcome(verdict, facts, own)));
  }

  /** True when an edge shows this item: by the edge's own verdict or, for a record, by any field below. */
  itemShows(gate: Gate, facts: Facts, carrier: Row, item: Row): boolean {
    const own = ownOf(gate.own, gate.ownOfItems ? item : carrier);
    // What is no row of a mask itself, such as a consent's checklist, is there when the row that carries it is.
    const row = IN_ROWS_KEY in item ? item : carrier;
    return gate.verdicts.some((verdict) => isShown(this.outcome(verdict, facts, own), row));
  }

  #factsOf(position: Position, row: Row, inherited: Facts): Facts | null {
    if (position.facts === "inherit") return inherited;
    if (position.facts === "person") {
      // Before they arrive the worst is assumed, and not kept: the fetch that brings them passes here too.
      return row[ACCESS_KEY] ? this.#fold(row, this.#rules.personFacts) : this.#rules.personFacts(null);
    }
    const { issue } = this.#rules;
    const uid = caseUid(position, row);
    if (issue !== null && uid !== issue) return null;
    return row[ACCESS_KEY] ? this.#fold(row, (access) => this.#rules.caseFacts(access, uid)) : null;
  }

  #fold(row: Row, fold: (access: unknown) => Facts): Facts {
    let facts = this.#facts.get(row);
    if (!facts) {
      facts = fold(row[ACCESS_KEY]);
      this.#facts.set(row, facts);
    }
    return facts;
  }

  #exists({ verdicts, own, lookups }: Existence, facts: Facts, row: Row): boolean {
    const owned = ownOf(own, row);
    if (!verdicts.some((verdict) => isShown(this.outcome(verdict, facts, owned), row))) return false;
    return lookups.every(
      ({ used, verdict }) =>
        !used(this.#rules.variables) || this.outcome(verdict, facts, owned).effect === "ALLOW",
    );
  }
}

/** Uid of the case whose facts the row carries. */
export function caseUid(position: Position, row: Row): unknown {
  return position.type === "Case" ? row["uid"] : (row["case"] as Row | null | undefined)?.["uid"];
}

const ownOf = (source: OwnSource, row: Row): boolean => (source === "row" ? row[OWN_KEY] === true : source);

/** The row says whose it is, and has not been asked yet: it comes with the very fetch that is to be decided. */
const isOwnUnknown = (source: OwnSource, row: Row): boolean => source === "row" && !(OWN_KEY in row);

const isOpen = ({ effect }: Outcome): boolean => effect === "ALLOW" || effect === "MASK";

const isShown = (outcome: Outcome, item: Row): boolean =>
  isOpen(outcome) && (outcome.mask !== "rows" || item[IN_ROWS_KEY] === true);
