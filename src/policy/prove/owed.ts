/**
 * What the permits of one level of a field oblige to, and under which condition each: for proofs.
 *
 * Rule    one that obliges to a shorter amount obliges to every longer one.
 */
import {
  type Obligation,
  type Obligations,
  obligationText,
  obligationTexts,
  obliges,
} from "../../kernel/obligations.ts";
import type { Term, Terms } from "./terms.ts";

/** A permit: when it holds, and what for. */
interface Obliging {
  readonly applies: Term;
  readonly obligations: Obligations;
}

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
