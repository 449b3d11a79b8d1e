/** Who sees what, and the policies themselves, as type-graphql classes, made from the engine's own reviews. */
import "reflect-metadata";
import { Arg, Field, FieldResolver, Int, ObjectType, Resolver, Root } from "type-graphql";
import { obligationTexts } from "../../src/kernel/obligations.ts";
import { type CompiledPolicy, obligationsOf } from "../../src/policy/policy-set.ts";
import { placeText } from "../../src/policy/problem.ts";
import type { AccessMatrix, FieldCell as Cell } from "../../src/policy/review/matrix.ts";
import type { ConditionedPolicy as Conditioned, PlainWho } from "../../src/policy/review/who.ts";
import { optional, plain } from "../shared/values.ts";
import {
  AgencyCode,
  code,
  DecisionEffect,
  FieldGroup,
  HowOften,
  PolicyEffect,
  PurposeOfUse,
  Skill,
} from "./policy-codes.ts";

@ObjectType(plain)
export class PolicyReader {
  @Field(() => AgencyCode) readonly agency!: string;
  @Field(() => String) readonly role!: string;
  @Field(() => PurposeOfUse) readonly purpose!: string;
  @Field(() => [Skill]) readonly certificates!: readonly string[];
}

@ObjectType(plain)
class ConditionedPolicy {
  @Field(() => String) readonly name!: string;
  @Field(() => [String]) readonly conditions!: readonly string[];
  @Field(() => [String]) readonly obligations!: readonly string[];
}

@ObjectType(plain)
class PolicySeeing {
  @Field(() => [PolicyReader]) readonly readers!: readonly PolicyReader[];
  @Field(() => Boolean) readonly caseBound!: boolean;
  @Field(() => DecisionEffect) readonly effect!: string;
  @Field(() => String, optional) readonly level!: string | null;
  @Field(() => HowOften) readonly when!: string;
  @Field(() => [ConditionedPolicy]) readonly permits!: readonly ConditionedPolicy[];
  @Field(() => [ConditionedPolicy]) readonly forbids!: readonly ConditionedPolicy[];
}

@ObjectType(plain)
export class PolicyVisibility {
  @Field(() => String, optional) readonly field!: string;
  @Field(() => FieldGroup, optional) readonly group!: string;
  @Field(() => String, optional) readonly version!: string;
  @Field(() => [PolicySeeing], optional) readonly seeing!: readonly PolicySeeing[];
  @Field(() => [PolicyReader], optional) readonly never!: readonly PolicyReader[];
}

@ObjectType(plain)
class FieldCount {
  @Field(() => Int) readonly clear!: number;
  @Field(() => Int) readonly masked!: number;
  @Field(() => Int) readonly aggregate!: number;
  @Field(() => Int) readonly closed!: number;
}

@ObjectType(plain)
class AgencyCell {
  @Field(() => AgencyCode) readonly agency!: string;
  @Field(() => FieldGroup) readonly group!: string;
  @Field(() => DecisionEffect) readonly effect!: string;
  @Field(() => HowOften) readonly when!: string;
  @Field(() => [String]) readonly roles!: readonly string[];
  @Field(() => FieldCount) readonly fields!: FieldCount;
}

@ObjectType(plain)
class RoleCell {
  @Field(() => AgencyCode) readonly agency!: string;
  @Field(() => String) readonly role!: string;
  @Field(() => FieldGroup) readonly group!: string;
  @Field(() => DecisionEffect) readonly effect!: string;
  @Field(() => HowOften) readonly when!: string;
  @Field(() => FieldCount) readonly fields!: FieldCount;
}

@ObjectType(plain)
class CellEffect {
  @Field(() => DecisionEffect) readonly effect!: string;
  @Field(() => String, optional) readonly level!: string | null;
  @Field(() => HowOften) readonly when!: string;
}

@ObjectType(plain)
class FieldCell {
  @Field(() => String) readonly field!: string;
  @Field(() => FieldGroup) readonly group!: string;
  @Field(() => PurposeOfUse) readonly purpose!: string;
  @Field(() => [Skill]) readonly certificates!: readonly string[];
  @Field(() => CellEffect) readonly inCase!: CellEffect;
  @Field(() => CellEffect) readonly withoutCase!: CellEffect;
}

@ObjectType(plain)
export class PolicyMatrix {
  @Field(() => String, optional) readonly version!: string;
  @Field(() => [AgencyCell], optional) readonly agencies!: readonly AgencyCell[];
  @Field(() => [RoleCell], optional) readonly roles!: readonly RoleCell[];
  readonly cells!: readonly Cell[];
}

@Resolver(() => PolicyMatrix)
export class PolicyMatrixResolver {
  @FieldResolver(() => [FieldCell], optional)
  fields(@Root() { cells }: PolicyMatrix, @Arg("role", () => String) role: string): readonly FieldCell[] {
    return cells
      .filter((cell) => cell.role === role)
      .map((cell) => ({ ...cell, inCase: often(cell.inCase), withoutCase: often(cell.withoutCase) }));
  }
}

@ObjectType(plain)
export class Policy {
  @Field(() => String, optional) readonly name!: string;
  @Field(() => String, optional) readonly title!: string | null;
  @Field(() => String, optional) readonly legalBasis!: string | null;
  @Field(() => AgencyCode, optional) readonly owner!: string | null;
  @Field(() => [String], optional) readonly obligations!: readonly string[];
  @Field(() => PolicyEffect, optional) readonly effect!: string;
  @Field(() => String, optional) readonly place!: string;
  @Field(() => String, optional) readonly text!: string;
}

const often = <Told extends { readonly when: string }>(told: Told): Told => ({
  ...told,
  when: code(told.when),
});

export const visibilityOf = ({ field, seeing, never }: PlainWho, version: string): PolicyVisibility => ({
  field: field.coordinate,
  group: field.group,
  ...{ version, never },
  seeing: seeing.map((each) => ({
    ...often(each),
    permits: each.permits.map(conditioned),
    forbids: each.forbids.map(conditioned),
  })),
});

const conditioned = ({ policy, ...said }: Conditioned): ConditionedPolicy => ({ name: policy, ...said });

export interface Part {
  readonly agencies: readonly string[] | null | undefined;
  readonly groups: readonly string[] | null | undefined;
}

export function matrixOf({ version, groups, roles, fields }: AccessMatrix, part: Part): PolicyMatrix {
  const isIn = (cell: { readonly agency: string; readonly group: string }) =>
    (part.agencies?.includes(cell.agency) ?? true) && (part.groups?.includes(cell.group) ?? true);
  return {
    version,
    agencies: groups.filter(isIn).map(often),
    roles: roles.filter(isIn).map(often),
    cells: fields.filter(isIn),
  };
}

/** Null stands for an owner that is no agency of the deployment. */
export function policyOf(policy: CompiledPolicy, agencies: readonly string[]): Policy {
  const { title = null, legalBasis = null, owner = "" } = policy.json.annotations ?? {};
  return {
    name: policy.id,
    ...{ title, legalBasis },
    owner: agencies.includes(owner) ? owner : null,
    obligations: obligationTexts(obligationsOf(policy)),
    effect: code(policy.json.effect),
    place: placeText(policy),
    text: policy.text,
  };
}
