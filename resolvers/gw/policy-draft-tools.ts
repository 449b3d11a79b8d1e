/**
 * What security officers ask about policies before they are in force: check, fmt, test, diff, prove, replay. Nothing is changed by it.
 *
 * Rule    who may ask is policy's to say (group POLICIES): for all others these fields are cut before anything is worked out here.
 *         What cannot be looked at is told as problems, with their places; so is PROVER_UNAVAILABLE, since it can be the policies' fault.
 * Errors  OVERLOADED when too many reviews wait.
 */
import "reflect-metadata";
import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { Reviewed } from "../../src/policy-store/content-review.ts";
import { optional } from "../shared/values.ts";
import { inLanguage, Lang, type Language, spoken } from "./catalogue.ts";
import type { GwContext } from "./context.ts";
import {
  decisionOf,
  meantOf,
  PolicyContentInput,
  RecordedDecisionInput,
} from "./policy-draft-tools-inputs.ts";
import {
  checkResultOf,
  diffResultOf,
  formatResultOf,
  PolicyCheckResult,
  PolicyDiffResult,
  PolicyFormatResult,
  PolicyProofResult,
  PolicyReplayResult,
  PolicyTestResult,
  proofResultOf,
  replayResultOf,
  testResultOf,
} from "./policy-draft-tools-types.ts";

type Content = PolicyContentInput | null | undefined;

@Resolver()
export class PolicyDraftToolsResolver {
  @Query(() => PolicyCheckResult, optional)
  async policyCheck(
    @Arg("content", () => PolicyContentInput, optional) content: Content,
    @Ctx() { policies, asking }: GwContext,
  ): Promise<PolicyCheckResult> {
    return checkResultOf(await told(policies.drafts.check(meantOf(content), asking.signal)));
  }

  @Query(() => PolicyFormatResult, optional)
  async policyFormat(
    @Arg("content", () => PolicyContentInput, optional) content: Content,
    @Ctx() { policies, asking }: GwContext,
  ): Promise<PolicyFormatResult> {
    return formatResultOf(await told(policies.drafts.format(meantOf(content), asking.signal)));
  }

  @Query(() => PolicyTestResult, optional)
  async policyTest(
    @Arg("content", () => PolicyContentInput, optional) content: Content,
    @Ctx() { policies, asking }: GwContext,
  ): Promise<PolicyTestResult> {
    return testResultOf(await told(policies.drafts.test(meantOf(content), asking.signal)));
  }

  @Query(() => PolicyDiffResult, optional)
  async policyDiff(
    @Arg("content", () => PolicyContentInput, optional) content: Content,
    @Arg("against", () => PolicyContentInput, optional) against: Content,
    @Arg("lang", () => Lang, inLanguage) lang: Language | null,
    @Ctx() { policies, asking }: GwContext,
  ): Promise<PolicyDiffResult> {
    const comparison = { content: meantOf(content), against: meantOf(against), language: spoken(lang) };
    return diffResultOf(await told(policies.drafts.diff(comparison, asking.signal)));
  }

  @Query(() => PolicyProofResult, optional)
  async policyProve(
    @Arg("content", () => PolicyContentInput, optional) content: Content,
    @Arg("against", () => PolicyContentInput, optional) against: Content,
    @Arg("lang", () => Lang, inLanguage) lang: Language | null,
    @Ctx() { policies, asking }: GwContext,
  ): Promise<PolicyProofResult> {
    const comparison = {
      content: meantOf(content),
      against: against ? meantOf(against) : null,
      language: spoken(lang),
    };
    return proofResultOf(await told(policies.drafts.prove(comparison, asking.signal)));
  }

  @Query(() => PolicyReplayResult, optional)
  async policyReplay(
    @Arg("content", () => PolicyContentInput, optional) content: Content,
    @Arg("decisions", () => [RecordedDecisionInput]) decisions: readonly RecordedDecisionInput[],
    @Ctx() { policies, asking }: GwContext,
  ): Promise<PolicyReplayResult> {
    const recorded = decisions.map(decisionOf);
    return replayResultOf(await told(policies.drafts.replay(meantOf(content), recorded, asking.signal)));
  }
}

async function told<Found>(reviewing: Promise<Reviewed<Found>>): Promise<Reviewed<Found>> {
  try {
    return await reviewing;
  } catch (error) {
    if (!(error instanceof GatewayError && error.code === "PROVER_UNAVAILABLE")) throw error;
    return { problems: [{ place: null, message: `${error.code}: ${error.message}` }], found: null };
  }
}
