/**
 * How far a reader reaches into a field, as a condition on the situation: the verdict of `verdict-program.ts` for a proof.
 *
 * Out     for a level of the field (`levels.ts`) the condition under which the reader gets that or something clearer; for an
 *         effect the same of the last of its levels, for the name of a masked form of that one. DENY is being told that
 *         something is there. What is left is HIDE.
 * Rule    deny by default, forbid wins, an error denies; a refusal of person and common data is always told.
 * Cost    fields that no policy tells apart share their terms; each level is evaluated when it is first asked for.
 */
import { GatewayError } from "../../kernel/errors.ts";
import { scopeActions } from "../action-index.ts";
import type { DomainField } from "../domain.ts";
import { type FieldLevel, levelsOf } from "../levels.ts";
import { obligationsOf, type PolicySet } from "../policy-set.ts";
import { policyRole } from "../request-nodes.ts";
import type { ReaderResiduals, Residual } from "../residuals.ts";
import { Encoder } from "./encode.ts";
import { Owed } from "./owed.ts";
import type { Situations } from "./situations.ts";
import { Unprovable } from "./symbols.ts";
import { type Term, type Terms, TRUE } from "./terms.ts";

/** From the clearest; a reader who gets one of them reaches all that follow. */
export const REACHES = ["ALLOW", "MASK", "AGGREGATE", "DENY"] as const;
export type ReachEffect = (typeof REACHES)[number];

/** An effect, or the name of a masked form: how far a reader may reach. */
export type Furthest = string;

export const isReach = (name: Furthest): name is ReachEffect =>
  (REACHES as readonly Furthest[]).includes(name);

/** The levels of a field that are as clear or clearer; none where the field has no such form. */
export function levelsTo(furthest: Furthest, field: DomainField): readonly FieldLevel[] {
  const levels = levelsOf(field);
  const last = levels.findLastIndex(({ effect, name }) =>
    isReach(furthest)
      ? REACHES.indexOf(effect) <= REACHES.indexOf(furthest)
      : effect === "MASK" && name === furthest,
  );
  return levels.slice(0, last + 1);
}

/** Whom and what is asked of: the way to the row last. */
export type Asked = readonly [reader: ReaderResiduals, field: DomainField, caseBound: boolean];

interface Level {
  readonly term: Term;
  readonly owed: Owed;
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

  /** The reader gets that, or something clearer. */
  atLeast(furthest: Furthest, ...asked: Asked): Term {
    return this.#anyOf(levelsTo(furthest, asked[1]), asked);
  }

  /** For each level of the field: the reader gets it, or something clearer. */
  atLeastEach(...asked: Asked): readonly Term[] {
    const levels = levelsOf(asked[1]);
    return levels.map((_, index) => this.#anyOf(levels.slice(0, index + 1), asked));
  }

  /** The reader gets that level of the field, and nothing clearer. */
  exactly(level: FieldLevel, ...asked: Asked): Term {
    const levels = levelsOf(asked[1]);
    const clearer = levels.slice(0, levels.indexOf(level));
    return this.#terms.and(this.#permits(level, asked), this.#terms.not(this.#anyOf(clearer, asked)));
  }

  /** What readers owe for what they get at this level. */
  owed(level: FieldLevel, ...asked: Asked): Owed {
    return this.#at(level, asked).owed;
  }

  #anyOf(levels: readonly FieldLevel[], asked: Asked): Term {
    return this.#terms.or(...levels.map((level) => this.#permits(level, asked)));
  }

  #permits(level: FieldLevel, asked: Asked): Term {
    if (level.effect === "DENY" && this.#policySet.domain.kindOf(asked[1].group) !== "caseData") return TRUE;
    return this.#at(level, asked).term;
  }

  #at({ name, action }: FieldLevel, [reader, field, caseBound]: Asked): Level {
    const signature = this.#policySet.actions.signature(levelsOf(field), field.type);
    const key = `${name} ${caseBound} ${this.#readerKey(reader)} ${signature}`;
    const level = this.#levels.get(key) ?? this.#level(action, reader, field, caseBound);
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
    const { permits, forbids } = reader.openingLevel(action, field.type, caseBound);
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
