/** What the centre found out about somebody's part in a case. */
import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import {
  DecisionMaker,
  DocumentHolder,
  RelationshipToTrafficker,
  TraffickingStatus,
} from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE } from "../model/labels.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class CaseParty {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("EXPLOITATION_DETAIL", "S4_VICTIM", "بحوزة من")
  @Field(() => DocumentHolder, NULLABLE)
  readonly documentsHeldBy!: string | null;

  @Guarded("SCREENING", "S4_VICTIM", "وضع الاتجار")
  @Field(() => TraffickingStatus, NULLABLE)
  readonly traffickingStatus!: string | null;

  @Guarded("SCREENING", "S3_CASE", "جهة تقرير الوضع")
  @Field(() => DecisionMaker, NULLABLE)
  readonly statusDecidedBy!: string | null;

  @Guarded("DEMOGRAPHICS", "S3_CASE", "العمر عند الاتجار")
  @Field(() => Int, NULLABLE)
  readonly ageWhenTrafficked!: number | null;

  @Guarded("EXPLOITATION_DETAIL", "S4_VICTIM", "علاقته بالجاني")
  @Field(() => RelationshipToTrafficker, NULLABLE)
  readonly relationshipToTrafficker!: string | null;

  @Guarded("DEMOGRAPHICS", "S3_CASE", "طفل وقت الواقعة؟")
  @Field(() => Boolean, NULLABLE)
  readonly isChild!: boolean | null;
}
