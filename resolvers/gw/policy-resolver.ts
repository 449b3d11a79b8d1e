/**
 * What security officers ask about policies, and what every reader may ask about herself.
 *
 * Rule    who may ask is policy's to say (group POLICIES): for all others these fields are cut before anything is worked out here.
 *         `myDecision` is about the reader who asks, for the purpose asked for, and tells a reason as an answer would.
 * Errors  PROVER_UNAVAILABLE, as any fault of the gateway's own, is masked and logged.
 */
import "reflect-metadata";
import { Arg, Ctx, Query, Resolver } from "type-graphql";
import type { AgencyCode as AgencyName } from "../../src/kernel/brands.ts";
import { outcomeFor } from "../../src/policy/decide.ts";
import { levelsOf } from "../../src/policy/levels.ts";
import type { CompiledPolicy, PolicySet } from "../../src/policy/policy-set.ts";
import { optional } from "../shared/values.ts";
import { inLanguage, Lang, type Language, spoken } from "./catalogue.ts";
import type { GwContext } from "./context.ts";
import { AgencyCode, FieldGroup } from "./policy-codes.ts";
import { explanationOf, OwnDecision, ownDecisionOf, PolicyExplanation } from "./policy-explanation.ts";
import { OwnRow, PolicyQuestion, questionOf } from "./policy-inputs.ts";
import { matrixOf, Policy, PolicyMatrix, PolicyVisibility, policyOf, visibilityOf } from "./policy-review.ts";

@Resolver()
export class PolicyResolver {
  @Query(() => PolicyExplanation, optional)
  async policyDecision(
    @Arg("input", () => PolicyQuestion) input: PolicyQuestion,
    @Arg("lang", () => Lang, inLanguage) lang: Language | null,
    @Ctx() { policies }: GwContext,
  ): Promise<PolicyExplanation> {
    const explanation = await policies.desk.explain(questionOf(input, input.row), spoken(lang));
    return explanationOf(explanation, policies.set.version);
  }

  @Query(() => PolicyVisibility, optional)
  async policyWho(
    @Arg("field", () => String) field: string,
    @Arg("lang", () => Lang, inLanguage) lang: Language | null,
    @Ctx() { policies }: GwContext,
  ): Promise<PolicyVisibility | null> {
    const who = await policies.desk.who(field, spoken(lang));
    return who && visibilityOf(who, policies.set.version);
  }

  @Query(() => PolicyMatrix, optional)
  async policyMatrix(
    @Arg("agencies", () => [AgencyCode], optional) agencies: readonly string[] | null | undefined,
    @Arg("groups", () => [FieldGroup], optional) groups: readonly string[] | null | undefined,
    @Ctx() { policies }: GwContext,
  ): Promise<PolicyMatrix> {
    return matrixOf(await policies.desk.matrix(), { agencies, groups });
  }

  @Query(() => [Policy], optional)
  policies(
    @Arg("owner", () => AgencyCode, optional) owner: string | null | undefined,
    @Arg("field", () => String, optional) field: string | null | undefined,
    @Ctx() { policies }: GwContext,
  ): readonly Policy[] {
    const speaking = field ? speakingOf(policies.set, field) : policies.set.policies;
    const all = speaking.map((policy) => policyOf(policy, policies.set.domain.agencies));
    return owner ? all.filter((policy) => policy.owner === owner) : all;
  }

  @Query(() => OwnDecision, optional)
  myDecision(
    @Arg("field", () => String) field: string,
    @Arg("row", () => OwnRow, optional) row: OwnRow | null | undefined,
    @Ctx() { policies: { set }, reader }: GwContext,
  ): OwnDecision {
    const question = questionOf({ ...reader, field }, row);
    const certificates = new Set(question.row?.certificates);
    const profile = set.profile({ ...reader, agency: reader.agency as AgencyName, certificates });
    return ownDecisionOf(outcomeFor(set, profile, question));
  }
}

/** Policies that cover the field at any of its levels, in the order of their files. */
function speakingOf({ domain, actions, policies }: PolicySet, coordinate: string): readonly CompiledPolicy[] {
  const field = domain.fields.get(coordinate);
  const speaking = new Set(field ? levelsOf(field).flatMap(({ action }) => actions.policiesOf(action)) : []);
  return policies.filter((policy) => speaking.has(policy));
}
