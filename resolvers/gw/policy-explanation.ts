/** Why a field is shown or not, as type-graphql classes, made from the engine's own explanation. */
import "reflect-metadata";
import { Field, ObjectType } from "type-graphql";
import { answerOf } from "../../src/policy/decide.ts";
import type { Explanation, LevelExplanation } from "../../src/policy/explain/explain.ts";
import type { PolicyReading as Reading } from "../../src/policy/explain/reading.ts";
import type { Outcome } from "../../src/policy/verdict.ts";
import { optional, plain } from "../shared/values.ts";
import { code, DecisionEffect, DecisionLevel } from "./policy-codes.ts";

@ObjectType(plain)
class PolicyClause {
  @Field(() => Boolean, optional) readonly holds!: boolean | null;
  @Field(() => String) readonly words!: string;
  @Field(() => [String]) readonly values!: readonly string[];
}

@ObjectType(plain)
class PolicyReading {
  @Field(() => String) readonly name!: string;
  @Field(() => String) readonly title!: string;
  @Field(() => String) readonly place!: string;
  @Field(() => Boolean) readonly applies!: boolean;
  @Field(() => [PolicyClause]) readonly clauses!: readonly PolicyClause[];
  @Field(() => [String]) readonly obligations!: readonly string[];
}

@ObjectType(plain)
class PolicyLevel {
  @Field(() => DecisionLevel) readonly level!: string;
  @Field(() => String, optional) readonly form!: string | null;
  @Field(() => [PolicyReading]) readonly permits!: readonly PolicyReading[];
  @Field(() => [PolicyReading]) readonly forbids!: readonly PolicyReading[];
}

@ObjectType(plain)
class PolicyAlternative {
  @Field(() => [String]) readonly changes!: readonly string[];
  @Field(() => DecisionEffect) readonly effect!: string;
}

@ObjectType(plain)
export class PolicyExplanation {
  @Field(() => DecisionEffect, optional) readonly effect!: string;
  @Field(() => String, optional) readonly level!: string | null;
  @Field(() => [String], optional) readonly reasons!: readonly string[];
  @Field(() => [String], optional) readonly policies!: readonly string[];
  @Field(() => [String], optional) readonly obligations!: readonly string[];
  @Field(() => String, optional) readonly version!: string;
  @Field(() => String, optional) readonly outside!: string | null;
  @Field(() => [PolicyLevel], optional) readonly levels!: readonly PolicyLevel[];
  @Field(() => [PolicyAlternative], optional) readonly nearest!: readonly PolicyAlternative[];
}

/** Of a reader's own question: the reason is the one that an answer tells, so that a hidden row is told of by nothing. */
@ObjectType(plain)
export class OwnDecision {
  @Field(() => DecisionEffect) readonly effect!: string;
  @Field(() => String, optional) readonly level!: string | null;
  @Field(() => String, optional) readonly reason!: string | null;
  @Field(() => [String]) readonly obligations!: readonly string[];
}

export function ownDecisionOf(outcome: Outcome): OwnDecision {
  const { effect, level, obligations } = answerOf(outcome);
  return { effect, level, reason: outcome.shownReason, obligations };
}

export const explanationOf = (
  { answer, outside, levels, nearest }: Explanation,
  version: string,
): PolicyExplanation => ({
  effect: answer.effect,
  level: answer.level,
  reasons: answer.reason === null ? [] : [answer.reason],
  policies: answer.policies,
  obligations: answer.obligations,
  ...{ version, outside },
  levels: levels.map(levelOf),
  nearest: nearest.map(({ changes, answer: { effect } }) => ({ changes, effect })),
});

const levelOf = ({ level, form, permits, forbids }: LevelExplanation): PolicyLevel => ({
  level: code(level),
  form,
  permits: permits.map(readingOf),
  forbids: forbids.map(readingOf),
});

const readingOf = ({ id, title, place, applies, clauses, obligations }: Reading): PolicyReading => ({
  name: id,
  ...{ title, place, applies, clauses, obligations },
});
