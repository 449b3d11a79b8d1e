/**
 * What is left of a policy for one reader while no row is there, in words: the conditions that only a row can settle.
 *
 * Out     `null` when the policy can never apply to the reader; else its open conditions, none when it always does.
 */
import { closure } from "../cedar/closure.ts";
import { partial } from "../cedar/partial.ts";
import type { PartialRequest } from "../cedar/request.ts";
import type { DomainField } from "../domain.ts";
import type { CompiledPolicy } from "../policy-set.ts";
import { type Clause, clausesOf, junction } from "./clauses.ts";
import type { Language } from "./phrases.ts";
import { clauseWords } from "./words.ts";

export function residualWords(
  policy: CompiledPolicy,
  field: DomainField,
  request: PartialRequest,
  language: Language = "en",
): readonly string[] | null {
  const left = simplified(junction("all", clausesOf(policy.json)), request);
  if (left === false) return null;
  if (left === true) return [];
  const parts = left.kind === "all" ? left.parts : [left];
  const isOneOfSome = ({ kind }: Clause) => kind !== "test" && parts.length > 1;
  return parts.map((part) => {
    const words = clauseWords(part, field, language);
    return isOneOfSome(part) ? `(${words})` : words;
  });
}

/** Without what the reader and the field settle. A test that errs stays: the row's facts cannot mend it. */
function simplified(clause: Clause, request: PartialRequest): Clause | boolean {
  if (clause.kind === "test") {
    const node = partial(clause.expression, request);
    return node.op === "known" ? (closure(node)(undefined) === true) === clause.wanted : clause;
  }
  const decisive = clause.kind === "any";
  const parts = clause.parts.map((part) => simplified(part, request));
  if (parts.includes(decisive)) return decisive;
  const open = parts.filter((part): part is Clause => typeof part !== "boolean");
  if (open.length === 0) return !decisive;
  return open.length === 1 ? open[0]! : junction(clause.kind, open);
}
