/**
 * Why a question is answered as it is: the policies that decided, the clause that failed, and what would have to differ.
 *
 * In      a question as `policy decide` reads it.
 * Out     the answer; the levels at which some policy lets this reader see the field, clearest first, each with the policies that
 *         speak of it, read clause by clause on this row; for a refusal the smallest changes that lift it.
 * Rule    the answer is the engine's. A question outside the procedure (unknown role, field or purpose) says which.
 */
import type { AgencyCode } from "../../kernel/brands.ts";
import { GatewayError } from "../../kernel/errors.ts";
import { type Answer, DECIDE_NOW, type DecideQuestion, decideQuestion } from "../decide.ts";
import type { DomainField } from "../domain.ts";
import { foldFacts } from "../facts.ts";
import { type FieldLevel, levelsOf, shownLevel } from "../levels.ts";
import type { PolicySet } from "../policy-set.ts";
import type { ReaderResiduals } from "../residuals.ts";
import type { FactRow } from "../rule.ts";
import { type Alternative, nearestAnswers } from "./nearest.ts";
import { type Language, PHRASES, type Phrases } from "./phrases.ts";
import { type PolicyReading, readPolicy } from "./reading.ts";

export interface LevelExplanation {
  readonly level: (typeof LEVEL_OF)[FieldLevel["effect"]];
  /** Of a masked level: `year`; null where the value is left as it is. */
  readonly form: string | null;
  readonly permits: readonly PolicyReading[];
  /** Only those that hold: they close the level whatever the permits say. */
  readonly forbids: readonly PolicyReading[];
}

export interface Explanation {
  readonly question: DecideQuestion;
  readonly answer: Answer;
  /** Why nothing was decided; null when something was. */
  readonly outside: string | null;
  readonly levels: readonly LevelExplanation[];
  readonly nearest: readonly Alternative[];
}

const LEVEL_OF = { ALLOW: "clear", MASK: "masked", AGGREGATE: "aggregate", DENY: "exists" } as const;

export function explain(
  policySet: PolicySet,
  question: DecideQuestion,
  language: Language = "en",
): Explanation {
  const answer = decideQuestion(policySet, question);
  const field = policySet.domain.fields.get(question.field);
  const phrases = PHRASES[language];
  const reader = readerOf(policySet, question, phrases);
  if (typeof reader === "string" || !field) {
    const outside = typeof reader === "string" ? reader : phrases.outside.field(question.field);
    return { question, answer, outside, levels: [], nearest: [] };
  }
  const refused = answer.effect === "DENY" || answer.effect === "HIDE";
  return {
    question,
    answer,
    outside: null,
    levels: levelReadings(policySet, reader, field, question, { answer, language }),
    nearest: refused ? nearestAnswers(policySet, question, language) : [],
  };
}

function readerOf(
  policySet: PolicySet,
  question: DecideQuestion,
  { outside }: Phrases,
): ReaderResiduals | string {
  const { agency, role, purpose, row } = question;
  if (!policySet.domain.roles.has(role)) return outside.role(role);
  try {
    const certificates = new Set(row?.certificates ?? []);
    return policySet.residuals({ agency: agency as AgencyCode, role, purpose, certificates });
  } catch (error) {
    if (error instanceof GatewayError)
      return error.code === "PURPOSE_NOT_HELD" ? outside.purpose(role, purpose) : outside.agency(role);
    throw error;
  }
}

/** Down to the level that answered, or all of them for a refusal. */
function levelReadings(
  policySet: PolicySet,
  reader: ReaderResiduals,
  field: DomainField,
  question: DecideQuestion,
  { answer, language }: { readonly answer: Answer; readonly language: Language },
): readonly LevelExplanation[] {
  const facts = foldFacts(question.row ?? {}, question, { domain: policySet.domain, now: DECIDE_NOW });
  const row: FactRow = { facts, own: question.row?.own ?? false };
  const levels = levelsOf(field);
  const answered = levels.findIndex((level) => isAnswer(level, answer));
  const asked = levels.slice(0, answered < 0 ? levels.length : answered + 1);
  return asked.flatMap(({ name, action, effect }): readonly LevelExplanation[] => {
    const level = LEVEL_OF[effect];
    const form = effect === "MASK" && name !== level ? name : null;
    if (effect === "DENY" && policySet.domain.kindOf(field.group) !== "caseData") return [];
    const request = reader.request(action, field.type, facts.caseBound);
    if (!request) return [];
    const residuals = reader.level(action, field.type, facts.caseBound);
    const read = (effect: "permit" | "forbid"): readonly PolicyReading[] => {
      const left = effect === "permit" ? residuals.permits : residuals.forbids;
      return policySet.actions
        .policiesOf(action)
        .filter((policy) => policy.json.effect === effect)
        .map((policy) => {
          const residual = left.find((each) => each.policy === policy);
          return readPolicy(policy, residual, field, request, row, language);
        })
        .filter(({ applies, clauses }) => applies || (effect === "permit" && clauses[0]?.holds !== false));
    };
    const permits = read("permit");
    // Where nothing is permitted to this reader, what is forbidden besides explains nothing.
    return permits.length > 0 ? [{ level, form, permits, forbids: read("forbid") }] : [];
  });
}

const isAnswer = (level: FieldLevel, { effect, level: shown }: Answer): boolean =>
  level.effect === effect && shownLevel(level) === shown;
