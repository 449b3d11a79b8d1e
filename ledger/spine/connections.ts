/** Pages of cases and of referrals. */
import { Field, ObjectType } from "type-graphql";
import { NULLABLE } from "../model/labels.ts";
import { PageInfo } from "../model/values.ts";
import { Case } from "./case.ts";
import { Referral } from "./referral.ts";

@ObjectType()
export class CaseEdge {
  @Field(() => String)
  readonly cursor!: string;
  @Field(() => Case, NULLABLE)
  readonly node!: Case | null;
}

@ObjectType()
export class CaseConnection {
  @Field(() => [CaseEdge])
  readonly edges!: readonly CaseEdge[];
  @Field(() => PageInfo)
  readonly pageInfo!: PageInfo;
}

@ObjectType()
export class ReferralEdge {
  @Field(() => String)
  readonly cursor!: string;
  @Field(() => Referral, NULLABLE)
  readonly node!: Referral | null;
}

@ObjectType()
export class ReferralConnection {
  @Field(() => [ReferralEdge])
  readonly edges!: readonly ReferralEdge[];
  @Field(() => PageInfo)
  readonly pageInfo!: PageInfo;
}
