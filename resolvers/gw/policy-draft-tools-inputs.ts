/** Which policies are meant, and recorded decisions, as type-graphql inputs; and as the engine reads them. */
import "reflect-metadata";
import { Field, Float, InputType, Int } from "type-graphql";
import type { RecordedDecision } from "../../src/policy/review/replay.ts";
import type { MeantContent } from "../../src/policy-store/contents.ts";
import { optional } from "../shared/values.ts";
import { DecisionEffect } from "./policy-codes.ts";
import { PolicyFileInput } from "./policy-files-input.ts";

@InputType()
export class PolicyContentInput {
  @Field(() => Int, optional) readonly draft?: number | null;
  @Field(() => Int, optional) readonly version?: number | null;
  @Field(() => [PolicyFileInput], optional) readonly files?: readonly PolicyFileInput[] | null;
  @Field(() => [String], optional) readonly removed?: readonly string[] | null;
}

@InputType()
class RecordedReferralInput {
  @Field(() => String, optional) readonly status?: string | null;
  @Field(() => Float, optional) readonly expiresAt?: number | null;
  @Field(() => String, optional) readonly purpose?: string | null;
  @Field(() => [String], optional) readonly groups?: string[] | null;
}

@InputType()
class RecordedConsentInput {
  @Field(() => String, optional) readonly status?: string | null;
  @Field(() => Float, optional) readonly validUntil?: number | null;
  @Field(() => [String], optional) readonly recipients?: string[] | null;
  @Field(() => [String], optional) readonly groups?: string[] | null;
}

@InputType()
class RecordedOpeningInput {
  @Field(() => Float) readonly until!: number;
}

@InputType()
class RecordedRowInput {
  @Field(() => Boolean, optional) readonly caseBound?: boolean | null;
  @Field(() => Boolean, optional) readonly own?: boolean | null;
  @Field(() => Boolean, optional) readonly owner?: boolean | null;
  @Field(() => Boolean, optional) readonly assigned?: boolean | null;
  @Field(() => [RecordedReferralInput], optional) readonly referrals?: RecordedReferralInput[] | null;
  @Field(() => [RecordedConsentInput], optional) readonly consents?: RecordedConsentInput[] | null;
  @Field(() => String, optional) readonly basis?: string | null;
  @Field(() => Boolean, optional) readonly charged?: boolean | null;
  @Field(() => [String], optional) readonly courtGroups?: string[] | null;
  @Field(() => Boolean, optional) readonly child?: boolean | null;
  @Field(() => Boolean, optional) readonly sealed?: boolean | null;
  @Field(() => Boolean, optional) readonly officialSuspect?: boolean | null;
  @Field(() => Boolean, optional) readonly staffConflict?: boolean | null;
  @Field(() => [String], optional) readonly certificates?: string[] | null;
  @Field(() => RecordedOpeningInput, optional) readonly breakGlass?: RecordedOpeningInput | null;
}

@InputType()
class RecordedAnswerInput {
  @Field(() => DecisionEffect) readonly effect!: RecordedDecision["answer"]["effect"];
  @Field(() => String, optional) readonly level?: string | null;
  @Field(() => [String]) readonly policies!: string[];
  @Field(() => String, optional) readonly reason?: string | null;
  @Field(() => [String], optional) readonly obligations?: string[] | null;
}

@InputType()
export class RecordedDecisionInput {
  @Field(() => String) readonly agency!: string;
  @Field(() => String) readonly role!: string;
  @Field(() => String) readonly purpose!: string;
  @Field(() => String) readonly field!: string;
  @Field(() => RecordedRowInput, optional) readonly row?: RecordedRowInput | null;
  @Field(() => RecordedAnswerInput) readonly answer!: RecordedAnswerInput;
}

type Meant = PolicyContentInput | null | undefined;

/** Nothing means what is in force. */
export const meantOf = (input: Meant): MeantContent => ({
  draft: input?.draft ?? null,
  version: input?.version ?? null,
  files: (input?.files ?? []).map(({ path, text }) => ({ path, text })),
  removed: input?.removed ?? [],
});

export const decisionOf = ({ answer, row, ...asked }: RecordedDecisionInput): RecordedDecision => ({
  ...asked,
  row: row ?? null,
  answer: {
    ...{ effect: answer.effect, policies: answer.policies },
    ...{ level: answer.level ?? null, reason: answer.reason ?? null },
    ...(answer.obligations ? { obligations: answer.obligations } : {}),
  },
});
