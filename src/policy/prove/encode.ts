/**
 * A residual as SMT terms: its value, and the condition under which evaluating it errs, exactly as `closure.ts` runs it.
 *
 * In      a residual tree, and what stands for its unknowns.
 * Rule    `false && error` is false and `error && false` an error; the strict operations err when an argument does;
 *         arithmetic errs outside 64 bits. Operations on entities are tabulated by running them on each possible id.
 * Errors  `Unprovable` when a policy looks at what has no finite or integer form (text, addresses of a row).
 */
import type { Node } from "../cedar/node.ts";
import type { Value } from "../cedar/values.ts";
import {
  anyOf,
  boolSymbol,
  chooseSymbol,
  containsEvery,
  containsSome,
  containsSymbol,
  equalSymbols,
  membersOf,
  numberSymbol,
  type Symbolic,
  symbolOf,
  Unprovable,
} from "./symbols.ts";
import { FALSE, type Term, type Terms, TRUE } from "./terms.ts";

export interface Encoded {
  readonly value: Symbolic;
  readonly errs: Term;
}

type Open = Extract<Node, { op: "open" }>;
type Apply = Extract<Node, { op: "apply" }>;
export type Unknowns = (node: Open) => Symbolic;

export class Encoder {
  readonly terms: Terms;
  readonly #unknowns: Unknowns;

  constructor(terms: Terms, unknowns: Unknowns) {
    this.terms = terms;
    this.#unknowns = unknowns;
  }

  /** Whether a policy applies: a permit that errs does not, a forbid that errs does. */
  applies(node: Node, onError: boolean): Term {
    const { terms } = this;
    const { value, errs } = this.encode(node);
    const holds = terms.and(boolOf(value), terms.not(errs));
    return onError ? terms.or(holds, errs) : holds;
  }

  encode(node: Node): Encoded {
    const { terms } = this;
    switch (node.op) {
      case "known":
        return { value: symbolOf(node.value, node.type, terms), errs: FALSE };
      case "failed":
        return { value: anyOf(node.type, terms), errs: TRUE };
      case "open":
        if (node.mayFail) throw new Unprovable("a fact that may be missing");
        return { value: this.#unknowns(node), errs: FALSE };
      case "entity":
        return this.encode(node.id);
      case "record":
        return this.#record(node.fields);
      case "and":
      case "or":
        return this.#lazy(node.op, node.args);
      case "if":
        return this.#choice(node.args);
      case "apply":
        return this.#apply(node);
    }
  }

  #record(fields: ReadonlyMap<string, Node>): Encoded {
    const encoded = [...fields].map(([name, field]) => [name, this.encode(field)] as const);
    return {
      value: { kind: "record", fields: new Map(encoded.map(([name, { value }]) => [name, value])) },
      errs: this.terms.or(...encoded.map(([, { errs }]) => errs)),
    };
  }

  #lazy(operator: "and" | "or", [first, second]: readonly [Node, Node]): Encoded {
    const { terms } = this;
    const left = this.encode(first);
    const right = this.encode(second);
    const [a, b] = [boolOf(left.value), boolOf(right.value)];
    const reached = operator === "and" ? a : terms.not(a);
    return {
      value: boolSymbol(operator === "and" ? terms.and(a, b) : terms.or(a, b)),
      errs: terms.or(left.errs, terms.and(reached, right.errs)),
    };
  }

  #choice([first, second, third]: readonly [Node, Node, Node]): Encoded {
    const { terms } = this;
    const [condition, yes, no] = [this.encode(first), this.encode(second), this.encode(third)];
    const is = boolOf(condition.value);
    const branch = terms.or(terms.and(is, yes.errs), terms.and(terms.not(is), no.errs));
    // A branch that always errs has no type of its own: the other one's value stands for both.
    const value =
      second.op === "failed"
        ? no.value
        : third.op === "failed"
          ? yes.value
          : chooseSymbol(is, yes.value, no.value, terms);
    return { value, errs: terms.or(condition.errs, branch) };
  }

  #apply(node: Apply): Encoded {
    const { terms } = this;
    const args = node.args.map((arg) => this.encode(arg));
    const errs = terms.or(...args.map((arg) => arg.errs));
    if (errs === TRUE) return { value: anyOf(node.type, terms), errs };
    const values = args.map(({ value }) => value);
    const { value, fails = FALSE } = this.#operation(node, values);
    return { value, errs: terms.or(errs, fails) };
  }

  #operation(node: Apply, values: readonly Symbolic[]): { readonly value: Symbolic; readonly fails?: Term } {
    const { terms } = this;
    const [a, b] = values as [Symbolic, Symbolic];
    const truth = (term: Term) => ({ value: boolSymbol(term) });
    switch (node.name) {
      case "!":
        return truth(terms.not(boolOf(a)));
      case "==":
        return truth(equalSymbols(a, b, terms));
      case "contains":
        return truth(containsSymbol(a, b, terms));
      case "containsAll":
        return truth(containsEvery(a, b, terms));
      case "containsAny":
        return truth(containsSome(a, b, terms));
      case "isEmpty":
        return truth(terms.not(terms.or(...membersOf(a).map(({ present }) => present))));
      case "in":
        return truth(this.#within(node, values));
      case "seq":
        return { value: symbolOf(node.run(false, false, undefined), node.type, terms) };
      case "set":
        return { value: { kind: "set", members: values.map((value) => ({ value, present: TRUE })) } };
      default:
        if (node.name.startsWith(".") && a.kind === "record")
          return { value: fieldOf(a, node.name.slice(1)) };
        return this.#arithmetic(node, values);
    }
  }

  /** `in` looks at one id and one group at a time, so running it on every pair says all. */
  #within(node: Apply, values: readonly Symbolic[]): Term {
    const { terms } = this;
    const right = values.at(-1)!;
    const isSet = right.kind === "set";
    const groups = isSet
      ? right.members.flatMap(({ value, present }) =>
          casesOf(value).map(([id, is]) => [id, terms.and(is, present)] as const),
        )
      : casesOf(right);
    const asRight = (id: string): Value => (isSet ? [id] : id);
    const lefts = values.length === 1 ? [null] : casesOf(values[0]!);
    return terms.or(
      ...lefts.flatMap((left) =>
        groups.map(([id, is]) => {
          const found = left
            ? node.run(left[0], asRight(id), undefined)
            : node.run(asRight(id), false, undefined);
          return found === true ? terms.and(is, left ? left[1] : TRUE) : FALSE;
        }),
      ),
    );
  }

  #arithmetic(node: Apply, values: readonly Symbolic[]): { readonly value: Symbolic; readonly fails?: Term } {
    const { terms } = this;
    const numbers = values.map(numberOf);
    const comparison = COMPARISONS[node.name];
    if (comparison) return { value: boolSymbol(terms.integers(comparison, numbers, "Bool")) };
    const operation = ARITHMETIC[node.name];
    if (!operation) throw new Unprovable(`\`${node.name}\` of what the row states`);
    const term = operation(terms, numbers);
    const bounds = [
      terms.integers("<", [term, LOWEST], "Bool"),
      terms.integers(">", [term, HIGHEST], "Bool"),
    ];
    return node.mayFail
      ? { value: numberSymbol(term), fails: terms.or(...bounds) }
      : { value: numberSymbol(term) };
  }
}

const HIGHEST: Term = "9223372036854775807";
const LOWEST: Term = "(- 9223372036854775808)";
const DAY_MS = "86400000";
const LITERAL = /^(\d+|\(- \d+\))$/;

const COMPARISONS: Readonly<Record<string, string>> = {
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  lessThan: "<",
  lessThanOrEqual: "<=",
  greaterThan: ">",
  greaterThanOrEqual: ">=",
};

type Arithmetic = (terms: Terms, args: readonly Term[]) => Term;
const plain =
  (operator: string): Arithmetic =>
  (terms, args) =>
    terms.integers(operator, args, "Int");
/** Cedar rounds towards zero, SMT-LIB's `div` down. */
const truncated =
  (unit: string): Arithmetic =>
  (terms, [value = ""]) => {
    const negative = terms.integers("<", [value, "0"], "Bool");
    const up = terms.integers(
      "-",
      [terms.integers("div", [terms.integers("-", [value], "Int"), unit], "Int")],
      "Int",
    );
    return terms.choose(negative, up, terms.integers("div", [value, unit], "Int"), "Int");
  };

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  "+": plain("+"),
  "-": plain("-"),
  "*": (terms, args) => {
    if (args.every((arg) => !LITERAL.test(arg))) throw new Unprovable("the product of two facts");
    return terms.integers("*", args, "Int");
  },
  neg: plain("-"),
  offset: plain("+"),
  durationSince: plain("-"),
  toTime: (terms, [value = ""]) => terms.integers("mod", [value, DAY_MS], "Int"),
  toDate: (terms, [value = ""]) =>
    terms.integers("-", [value, terms.integers("mod", [value, DAY_MS], "Int")], "Int"),
  toMilliseconds: (_, [value = ""]) => value,
  toSeconds: truncated("1000"),
  toMinutes: truncated("60000"),
  toHours: truncated("3600000"),
  toDays: truncated(DAY_MS),
};

function boolOf(symbol: Symbolic): Term {
  if (symbol.kind === "bool") return symbol.term;
  throw new Unprovable(`a ${symbol.kind} where a truth value is needed`);
}

function numberOf(symbol: Symbolic): Term {
  if (symbol.kind === "number") return symbol.term;
  throw new Unprovable(`a ${symbol.kind} where a number is needed`);
}

function casesOf(symbol: Symbolic): readonly (readonly [string, Term])[] {
  if (symbol.kind === "entity") return [...symbol.cases];
  throw new Unprovable(`a ${symbol.kind} where an entity is needed`);
}

function fieldOf({ fields }: Extract<Symbolic, { kind: "record" }>, name: string): Symbolic {
  const field = fields.get(name);
  if (field) return field;
  throw new Unprovable(`the attribute \`${name}\``);
}
