/** What officers' tools say of policies that are not in force, as type-graphql classes, made from the findings of the commands. */
import "reflect-metadata";
import { Field, Int, ObjectType } from "type-graphql";
import type { PolicyProblem as Problem } from "../../src/policy/problem.ts";
import type {
  Checked,
  Compared,
  Formatted,
  PlainChange,
  Proved,
  Replayed,
  Reviewed,
  Tested,
} from "../../src/policy-store/content-review.ts";
import { registerCodes } from "../shared/codes.ts";
import { optional, plain } from "../shared/values.ts";
import { code, DecisionEffect } from "./policy-codes.ts";
import { PolicyProblem } from "./policy-problem.ts";
import { PolicyReader } from "./policy-review.ts";

const DecisionShift = registerCodes("DecisionShift", ["WIDER", "NARROWER", "OTHER"]);

@ObjectType(plain)
class PolicyFormattedFile {
  @Field(() => String) readonly path!: string;
  @Field(() => String) readonly formatted!: string;
}

@ObjectType(plain)
class PolicyTestReport {
  @Field(() => String) readonly file!: string;
  @Field(() => String) readonly title!: string;
  @Field(() => Int) readonly cells!: number;
  @Field(() => [String]) readonly failures!: readonly string[];
}

@ObjectType(plain)
class PolicyAnswer {
  @Field(() => DecisionEffect) readonly effect!: string;
  @Field(() => String, optional) readonly level!: string | null;
  @Field(() => String, optional) readonly reason!: string | null;
  @Field(() => [String]) readonly policies!: readonly string[];
  @Field(() => [String], optional) readonly obligations?: readonly string[] | null | undefined;
}

@ObjectType(plain)
class PolicyDecisionChange {
  @Field(() => DecisionShift) readonly kind!: string;
  @Field(() => [PolicyReader]) readonly readers!: readonly PolicyReader[];
  @Field(() => [String]) readonly fields!: readonly string[];
  @Field(() => String) readonly when!: string;
  @Field(() => String) readonly question!: string;
  @Field(() => PolicyAnswer) readonly before!: PolicyAnswer;
  @Field(() => PolicyAnswer) readonly after!: PolicyAnswer;
}

@ObjectType(plain)
class PolicyBreach {
  @Field(() => [PolicyReader]) readonly readers!: readonly PolicyReader[];
  @Field(() => [String]) readonly fields!: readonly string[];
  @Field(() => String) readonly when!: string;
  @Field(() => String) readonly question!: string;
  @Field(() => PolicyAnswer) readonly answer!: PolicyAnswer;
}

@ObjectType(plain)
class PolicyInvariantProof {
  @Field(() => String) readonly name!: string;
  @Field(() => String) readonly title!: string;
  @Field(() => String) readonly because!: string;
  @Field(() => Int) readonly cases!: number;
  @Field(() => Boolean) readonly holds!: boolean;
  @Field(() => [PolicyBreach]) readonly breaches!: readonly PolicyBreach[];
}

@ObjectType(plain)
class PolicyReplayDifference {
  @Field(() => Int) readonly line!: number;
  @Field(() => DecisionShift) readonly kind!: string;
  @Field(() => PolicyAnswer) readonly before!: PolicyAnswer;
  @Field(() => PolicyAnswer) readonly after!: PolicyAnswer;
}

@ObjectType(plain)
export class PolicyFormatResult {
  @Field(() => [PolicyProblem], optional) readonly problems!: readonly PolicyProblem[];
  @Field(() => [PolicyFormattedFile], optional) readonly formatted!: readonly PolicyFormattedFile[] | null;
}

@ObjectType(plain)
export class PolicyCheckResult {
  @Field(() => [PolicyProblem], optional) readonly problems!: readonly PolicyProblem[];
  @Field(() => [PolicyFormattedFile], optional) readonly formatted!: readonly PolicyFormattedFile[] | null;
  @Field(() => Int, optional) readonly policies!: number | null;
  @Field(() => Int, optional) readonly tests!: number | null;
  @Field(() => Int, optional) readonly invariants!: number | null;
}

@ObjectType(plain)
export class PolicyTestResult {
  @Field(() => [PolicyProblem], optional) readonly problems!: readonly PolicyProblem[];
  @Field(() => Boolean, optional) readonly passed!: boolean | null;
  @Field(() => [PolicyTestReport], optional) readonly reports!: readonly PolicyTestReport[] | null;
}

@ObjectType(plain)
export class PolicyDiffResult {
  @Field(() => [PolicyProblem], optional) readonly problems!: readonly PolicyProblem[];
  @Field(() => [PolicyDecisionChange], optional) readonly changes!: readonly PolicyDecisionChange[] | null;
  @Field(() => [String], optional) readonly added!: readonly string[] | null;
  @Field(() => [String], optional) readonly removed!: readonly string[] | null;
  @Field(() => [String], optional) readonly changed!: readonly string[] | null;
}

@ObjectType(plain)
export class PolicyProofResult {
  @Field(() => [PolicyProblem], optional) readonly problems!: readonly PolicyProblem[];
  @Field(() => [PolicyInvariantProof], optional) readonly invariants!: readonly PolicyInvariantProof[] | null;
  @Field(() => [PolicyDecisionChange], optional) readonly wider!: readonly PolicyDecisionChange[] | null;
}

@ObjectType(plain)
export class PolicyReplayResult {
  @Field(() => [PolicyProblem], optional) readonly problems!: readonly PolicyProblem[];
  @Field(() => Int, optional) readonly decisions!: number | null;
  @Field(() => [PolicyReplayDifference], optional) readonly differences!:
    | readonly PolicyReplayDifference[]
    | null;
}

const problemOf = ({ place, message }: Problem): PolicyProblem => ({
  ...{ file: place?.file ?? null, line: place?.line ?? null, column: place?.column ?? null },
  message,
});

export const checkResultOf = ({ problems, found }: Reviewed<Checked>): PolicyCheckResult => ({
  problems: problems.map(problemOf),
  formatted: formattedOf(found),
  ...{ policies: found?.policies ?? null, tests: found?.tests ?? null },
  invariants: found?.invariants ?? null,
});

export const formatResultOf = ({ problems, found }: Reviewed<Formatted>): PolicyFormatResult => ({
  problems: problems.map(problemOf),
  formatted: formattedOf(found),
});

const formattedOf = (found: Formatted | null): readonly PolicyFormattedFile[] | null =>
  found?.formatted.map(({ file, text }) => ({ path: file, formatted: text })) ?? null;

export const testResultOf = ({ problems, found }: Reviewed<Tested>): PolicyTestResult => ({
  problems: problems.map(problemOf),
  passed: found?.reports.every(({ failures }) => failures.length === 0) ?? null,
  reports: found?.reports ?? null,
});

export const diffResultOf = ({ problems, found }: Reviewed<Compared>): PolicyDiffResult => ({
  problems: problems.map(problemOf),
  changes: found?.changes.map(changeOf) ?? null,
  ...{ added: found?.added ?? null, removed: found?.removed ?? null, changed: found?.changed ?? null },
});

export const proofResultOf = ({ problems, found }: Reviewed<Proved>): PolicyProofResult => ({
  problems: problems.map(problemOf),
  invariants: found?.invariants.map(({ id, ...proof }) => ({ name: id, ...proof })) ?? null,
  wider: found?.wider?.map(changeOf) ?? null,
});

export const replayResultOf = ({ problems, found }: Reviewed<Replayed>): PolicyReplayResult => ({
  problems: problems.map(problemOf),
  decisions: found?.decisions ?? null,
  differences: found?.differences.map(shifted) ?? null,
});

const changeOf = (change: PlainChange): PolicyDecisionChange => shifted(change);

const shifted = <Told extends { readonly kind: string }>(told: Told): Told => ({
  ...told,
  kind: code(told.kind),
});
