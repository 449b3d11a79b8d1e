/**
 * Reads one policy on one row: which of its conditions hold, with the values that decided them.
 *
 * Rule    `applies` is the engine's own answer (a forbid that errs applies, a permit that errs does not); the clauses
 *         are the same policy taken apart, each evaluated by itself, so that the one that failed has a name.
 */
import { closure } from "../cedar/closure.ts";
import { type Expression, partial } from "../cedar/partial.ts";
import type { PartialRequest } from "../cedar/request.ts";
import type { Value } from "../cedar/values.ts";
import type { DomainField } from "../domain.ts";
import { type CompiledPolicy, obligationsOf } from "../policy-set.ts";
import { placeText } from "../problem.ts";
import type { Residual } from "../residuals.ts";
import type { FactRow } from "../rule.ts";
import { type Clause, clausesOf, testsOf } from "./clauses.ts";
import { type Language, PHRASES, type Phrases } from "./phrases.ts";
import { attributeOf, clauseWords } from "./words.ts";

export interface ClauseReading {
  /** Null when it cannot be evaluated on this row. */
  readonly holds: boolean | null;
  readonly words: string;
  /** Facts that it looked at, such as `granted: SERVICES_PLAN`; empty when the words say it all. */
  readonly values: readonly string[];
}

export interface PolicyReading {
  readonly id: string;
  readonly title: string;
  /** `file:line:column` in the policies folder. */
  readonly place: string;
  readonly effect: "permit" | "forbid";
  readonly applies: boolean;
  /** All must hold for the policy to apply. */
  readonly clauses: readonly ClauseReading[];
  /** In words; what a permit that applies obliges its readers to. */
  readonly obligations: readonly string[];
}

export function readPolicy(
  policy: CompiledPolicy,
  residual: Residual | undefined,
  field: DomainField,
  request: PartialRequest,
  row: FactRow,
  language: Language,
): PolicyReading {
  const { effect, annotations } = policy.json;
  const phrases = PHRASES[language];
  return {
    id: policy.id,
    title: annotations?.["title"] ?? "",
    place: placeText(policy),
    effect,
    applies: residual ? (evaluate(() => closure(residual.node)(row)) ?? effect === "forbid") : false,
    obligations: obligationsOf(policy).map(({ code, amount }) => phrases.obligations[code](amount ?? 0)),
    clauses: clausesOf(policy.json).map((clause) => ({
      holds: holds(clause, request, row),
      words: clauseWords(clause, field, language),
      values: [
        ...new Set(testsOf(clause).flatMap(({ expression }) => values(expression, request, row, phrases))),
      ],
    })),
  };
}

function evaluate(run: () => Value): boolean | null {
  try {
    return run() === true;
  } catch {
    return null;
  }
}

/** As Cedar evaluates: left to right, and what is not reached cannot err. */
function holds(clause: Clause, request: PartialRequest, row: FactRow): boolean | null {
  if (clause.kind === "test") {
    const is = evaluate(() => closure(partial(clause.expression, request))(row));
    return is === null ? null : is === clause.wanted;
  }
  const decisive = clause.kind === "any";
  for (const part of clause.parts) {
    const is = holds(part, request, row);
    if (is !== !decisive) return is;
  }
  return !decisive;
}

/** Attributes whose value the words do not tell. */
const TOLD = new Set([
  "granted",
  "consented",
  "refused",
  "court",
  "basis",
  "purpose",
  "breakGlassUntil",
  "certificates",
]);

function values(
  expression: Expression,
  request: PartialRequest,
  row: FactRow,
  phrases: Phrases,
): readonly string[] {
  const name = attributeOf(expression);
  if (name !== null) {
    if (!TOLD.has(name)) return [];
    const label = phrases.values[name] ?? name;
    try {
      return [`${label}: ${valueWords(name, closure(partial(expression, request))(row), phrases)}`];
    } catch {
      return [`${label}: ${phrases.unreadable}`];
    }
  }
  const [body] = Object.values(expression);
  if (typeof body !== "object" || body === null) return [];
  return Object.values(body)
    .filter((part): part is Expression => typeof part === "object" && part !== null)
    .flatMap((part) => values(part, request, row, phrases));
}

function valueWords(name: string, value: Value, { neverOpened, until, nothing, comma }: Phrases): string {
  if (name === "breakGlassUntil") return value === 0 ? neverOpened : until(String(value));
  if (Array.isArray(value)) return value.length === 0 ? nothing : value.join(comma);
  return String(value);
}
