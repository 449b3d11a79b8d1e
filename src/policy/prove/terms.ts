/**
 * SMT-LIB terms, shared: equal terms have one name, so that a proof over thousands of readers stays small, and two
 * policy sets that say the same are seen to by comparing names.
 *
 * Out     names of Bool and Int terms, constants folded; `script()` writes declarations and definitions in order.
 */
export type Term = string;
type Sort = "Bool" | "Int";

export const TRUE: Term = "true";
export const FALSE: Term = "false";

export class Terms {
  readonly #lines: string[] = [];
  readonly #byText = new Map<string, Term>();
  readonly #sorts = new Map<Term, Sort>();

  /** An unknown of the situation. */
  unknown(name: string, sort: Sort): Term {
    const quoted = `|${name}|`;
    if (!this.#sorts.has(quoted)) {
      this.#sorts.set(quoted, sort);
      this.#lines.push(`(declare-const ${quoted} ${sort})`);
    }
    return quoted;
  }

  number(value: number | bigint): Term {
    return value < 0 ? `(- ${-value})` : String(value);
  }

  not(term: Term): Term {
    if (term === TRUE) return FALSE;
    return term === FALSE ? TRUE : this.#define("Bool", `(not ${term})`);
  }

  and(...terms: readonly Term[]): Term {
    return this.#junction("and", terms, TRUE, FALSE);
  }

  or(...terms: readonly Term[]): Term {
    return this.#junction("or", terms, FALSE, TRUE);
  }

  implies(when: Term, then: Term): Term {
    return this.or(this.not(when), then);
  }

  same(a: Term, b: Term): Term {
    if (a === b) return TRUE;
    if (a === TRUE) return b;
    if (b === TRUE) return a;
    if (a === FALSE) return this.not(b);
    return b === FALSE ? this.not(a) : this.#define("Bool", `(= ${a} ${b})`);
  }

  choose(condition: Term, yes: Term, no: Term, sort: Sort): Term {
    if (condition === TRUE || yes === no) return yes;
    if (condition === FALSE) return no;
    if (sort === "Bool") return this.or(this.and(condition, yes), this.and(this.not(condition), no));
    return this.#define(sort, `(ite ${condition} ${yes} ${no})`);
  }

  /** A comparison or an arithmetic operation of SMT-LIB's theory of integers. */
  integers(operator: string, args: readonly Term[], sort: Sort): Term {
    return this.#define(sort, `(${operator} ${args.join(" ")})`);
  }

  /** Exactly one of them. */
  one(terms: readonly Term[]): Term {
    const pairs = terms.flatMap((a, index) => terms.slice(index + 1).map((b) => this.not(this.and(a, b))));
    return this.and(this.or(...terms), ...pairs);
  }

  script(): string {
    return this.#lines.join("\n");
  }

  #junction(operator: "and" | "or", terms: readonly Term[], neutral: Term, final: Term): Term {
    const parts = [...new Set(terms)].filter((term) => term !== neutral).sort();
    if (parts.includes(final)) return final;
    if (parts.length < 2) return parts[0] ?? neutral;
    return this.#define("Bool", `(${operator} ${parts.join(" ")})`);
  }

  #define(sort: Sort, text: string): Term {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const name = `t${this.#byText.size}`;
    this.#byText.set(text, name);
    this.#lines.push(`(define-fun ${name} () ${sort} ${text})`);
    return name;
  }
}
