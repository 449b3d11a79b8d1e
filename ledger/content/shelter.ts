/** Where somebody is sheltered. A stay belongs to the organisation whose house it is. */
import { Arg, Ctx, Directive, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { CalendarDate } from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE, PolicyInput } from "../model/labels.ts";
import { Address, ReaderInput } from "../model/values.ts";
import type { FacilityTable, ShelterStayTable } from "../tables-content.ts";
import { contentLoaders } from "./loaders.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
class Facility {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "اسم الدار")
  @Field(() => String, NULLABLE)
  readonly name!: string | null;

  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "المنطقة")
  @Field(() => String, NULLABLE)
  readonly area!: string | null;

  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "العنوان")
  @Field(() => Address, NULLABLE)
  readonly address!: Address | null;

  @Guarded("SHELTER_PLACEMENT", "S3_CASE", "السعة")
  @Field(() => Int, NULLABLE)
  readonly capacity!: number | null;
}

@Resolver(() => Facility)
export class FacilityResolver {
  @PolicyInput()
  @FieldResolver(() => Boolean, NULLABLE)
  own(@Root() row: FacilityTable, @Arg("reader", () => ReaderInput) reader: ReaderInput): boolean {
    return row.houseMember === reader.address;
  }
}

@ObjectType()
export class ShelterStay {
  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "تاريخ الدخول")
  @Field(() => CalendarDate, NULLABLE)
  readonly admittedOn!: string | null;

  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "تاريخ الخروج")
  @Field(() => CalendarDate, NULLABLE)
  readonly leftOn!: string | null;

  @Guarded("SHELTER_PLACEMENT", "S3_CASE", "حرية المغادرة")
  @Field(() => Boolean, NULLABLE)
  readonly freeToLeave!: boolean | null;

  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "خطة الأمان")
  @Field(() => String, NULLABLE)
  readonly securityPlan!: string | null;
}

@Resolver(() => ShelterStay)
export class ShelterStayResolver {
  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "المنشأة")
  @FieldResolver(() => Facility, NULLABLE)
  facility(@Root() row: ShelterStayTable, @Ctx() context: LedgerContext) {
    return contentLoaders(context).facilities.load(row.facility);
  }

  @PolicyInput()
  @FieldResolver(() => Boolean, NULLABLE)
  own(@Root() row: ShelterStayTable, @Arg("reader", () => ReaderInput) reader: ReaderInput): boolean {
    return row.houseMember === reader.address;
  }
}
