/**
 * How far a reader reaches into a field, as a condition on the situation: the verdict of `verdict-program.ts` for a proof.
 *
 * Out     for an effect the condition under which the reader gets that or something clearer: ALLOW, then MASK, AGGREGATE,
 *         DENY (being told that something is there). What is left is HIDE.
 * Rule    deny by default, forbid wins, an error denies; a refusal of person and common data is always told.
 * Cost    fields that no policy tells apart share their terms; each level is evaluated when it is first asked for.
 */
import { GatewayError } from "../../kernel/errors.ts";
import {
  type Obligation,
  type Obligations,
  obligationText,
  obligationTexts,
  obliges,
} from "../../kernel/obligations.ts";
import { scopeActions } from "../action-index.ts";
import type { DomainField } from "../domain.ts";
import { obligationsOf, type PolicySet } from "../policy-set.ts";
import { policyRole } from "../request-nodes.ts";
import { levelsOf, type ReaderResiduals, type Residual } from "../residuals.ts";
import { Encoder } from "./encode.ts";
import type { Situations } from "./situations.ts";
import { Unprovable } from "./symbols.ts";
import { type Term, type Terms, TRUE } from "./terms.ts";

/** From the clearest; a reader who gets one of them reaches all that follow. */
export const REACHES = ["ALLOW", "MASK", "AGGREGATE", "DENY"] as const;
export type ReachEffect = (typeof REACHES)[number];

/** Effects by which a value is shown, and something may be owed for it. */
export const SHOWING = ["ALLOW", "MASK"] as const satisfies readonly ReachEffect[];
export type ShowingEffect = (typeof SHOWING)[number];

interface Level {
  readonly term: Term;
  readonly owed: Owed;
}

/** What the permits of one level oblige to, and under which condition each. */
export class Owed {
  /** Equal where the same is owed under the same conditions. */
  readonly key: string;
  /** What some permit names. */
  readonly named: Obligations;
  readonly #terms: Terms;
  readonly #obliging: readonly Obliging[];
  readonly #conditions = new Map<string, Term>();

  constructor(terms: Terms, permits: readonly Obliging[]) {
    this.#terms = terms;
    this.#obliging = permits.filter(({ obligations }) => obligations.length > 0);
    this.named = [...new Set(this.#obliging.flatMap(({ obligations }) => obligations))];
    this.key = this.#obliging
      .map(({ applies, obligations }) => `${applies} ${obligationTexts(obligations)}`)
      .join("\n");
  }

  /** When it is owed, or it with a shorter amount. */
  when(obligation: Obligation): Term {
    const text = obligationText(obligation);
    const known = this.#conditions.get(text);
    if (known !== undefined) return known;
    const obliging = this.#obliging.filter(({ obligations }) => obliges(obligations, obligation));
    const term = this.#terms.or(...obliging.map(({ applies }) => applies));
    this.#conditions.set(text, term);
    return term;
  }
}

interface Obliging {
  readonly applies: Term;
  readonly obligations: Obligations;
}

export class Reach {
  readonly #policySet: PolicySet;
  readonly #terms: Terms;
  readonly #encoder: Encoder;
  readonly #roles: ReadonlySet<string>;
  readonly #levels = new Map<string, Level>();

  constructor(policySet: PolicySet, situations: Situations) {
    this.#policySet = policySet;
    this.#terms = situations.terms;
    this.#encoder = new Encoder(situations.terms, (node) => situations.symbol(node));
    this.#roles = rolesInPolicies(policySet);
  }

  /** The reader gets the effect, or something clearer. */
  atLeast(effect: ReachEffect, reader: ReaderResiduals, field: DomainField, caseBound: boolean): Term {
    const wanted = REACHES.slice(0, REACHES.indexOf(effect) + 1);
    return this.#terms.or(...wanted.map((each) => this.#permits(each, reader, field, caseBound)));
  }

  /** The reader gets the effect, and nothing clearer. */
  exactly(effect: ReachEffect, reader: ReaderResiduals, field: DomainField, caseBound: boolean): Term {
    const clearer = REACHES[REACHES.indexOf(effect) - 1];
    const atLeast = this.atLeast(effect, reader, field, caseBound);
    if (!clearer) return atLeast;
    return this.#terms.and(atLeast, this.#terms.not(this.atLeast(clearer, reader, field, caseBound)));
  }

  /** What readers owe for what they get by this effect. */
  owed(effect: ShowingEffect, reader: ReaderResiduals, field: DomainField, caseBound: boolean): Owed {
    return this.#at(effect, reader, field, caseBound).owed;
  }

  #permits(effect: ReachEffect, reader: ReaderResiduals, field: DomainField, caseBound: boolean): Term {
    if (effect === "DENY" && this.#policySet.domain.kindOf(field.group) !== "caseData") return TRUE;
    return this.#at(effect, reader, field, caseBound).term;
  }

  #at(effect: ReachEffect, reader: ReaderResiduals, field: DomainField, caseBound: boolean): Level {
    const levels = levelsOf(field);
    const signature = this.#policySet.actions.signature(levels, field.type);
    const key = `${effect} ${caseBound} ${this.#readerKey(reader)} ${signature}`;
    const level =
      this.#levels.get(key) ?? this.#level(levels[REACHES.indexOf(effect)]!, reader, field, caseBound);
    this.#levels.set(key, level);
    return level;
  }

  /** Readers whom no policy tells apart, other than by what they may claim, reach equally far. */
  #readerKey({ reader }: ReaderResiduals): string {
    const { agency, role, purpose, certificates } = reader;
    const named = this.#roles.has(policyRole(role)) ? role : "";
    return [agency, named, purpose, ...certificates].join(",");
  }

  #level(action: string, reader: ReaderResiduals, field: DomainField, caseBound: boolean): Level {
    const { permits, forbids } = reader.level(action, field.type, caseBound);
    const terms = this.#terms;
    const permitting = permits.map((residual) => ({
      applies: this.#applies(residual, false),
      obligations: obligationsOf(residual.policy),
    }));
    return {
      term: terms.and(
        terms.or(...permitting.map(({ applies }) => applies)),
        terms.not(terms.or(...forbids.map((residual) => this.#applies(residual, true)))),
      ),
      owed: new Owed(terms, permitting),
    };
  }

  #applies({ policy, node }: Residual, onError: boolean): Term {
    try {
      return this.#encoder.applies(node, onError);
    } catch (cause) {
      if (!(cause instanceof Unprovable)) throw cause;
      const message = `the policy \`${policy.id}\` cannot be proved: it looks at ${cause.message}`;
      throw new GatewayError("PROVER_UNAVAILABLE", message, { cause });
    }
  }
}

function rolesInPolicies({ policies }: PolicySet): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { json } of policies.filter(({ json }) => !scopeActions(json.action).includes("claim"))) {
    JSON.stringify(json, (_, value) => {
      if (value?.type === "Role") named.add(value.id);
      return value;
    });
  }
  return named;
}
