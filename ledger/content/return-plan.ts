/** A plan to return, or to stay. */
import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { ReturnWish, YearMonth } from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE } from "../model/labels.ts";
import { Agency } from "../model/values.ts";
import type { ReturnPlanTable } from "../tables-content.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class ReturnPlan {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("RETURN", "S4_VICTIM", "رغبة الضحية")
  @Field(() => ReturnWish, NULLABLE)
  readonly wish!: string | null;

  @Guarded("RETURN", "S4_VICTIM", "تقييم مخاطر العودة")
  @Field(() => String, NULLABLE)
  readonly riskAssessment!: string | null;

  @Guarded("RETURN", "S3_CASE", "شهر المغادرة المتوقع")
  @Field(() => YearMonth, NULLABLE)
  readonly plannedMonth!: string | null;
}

@Resolver(() => ReturnPlan)
export class ReturnPlanResolver {
  @Guarded("RETURN", "S4_VICTIM", "الجهة المستقبلة")
  @FieldResolver(() => Agency, NULLABLE)
  async receivingOrganisation(@Root() row: ReturnPlanTable, @Ctx() context: LedgerContext) {
    return row.receivingOrganisation && context.agency(row.receivingOrganisation);
  }
}
