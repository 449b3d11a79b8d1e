/**
 * Types of the social ministry (`schema/mosd.graphql`) as its rows carry them. `uid` is the ministry's own key: the care
 * file of a party, the licence of a shelter.
 */
import "reflect-metadata";
import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { CalendarDate, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { optional, plain } from "../shared/values.ts";

@ObjectType(plain)
export class StatusDecision {
  @Labelled("SCREENING", "S3_CASE", "الوضع")
  @Field(() => vocabularyEnum("TraffickingStatus"), optional)
  readonly status!: string | null;

  @Labelled("SCREENING", "S3_CASE", "تاريخ القرار")
  @Field(() => CalendarDate, optional)
  readonly decidedOn!: string | null;

  @Labelled("SCREENING", "S4_VICTIM", "الأسباب")
  @Field(() => String, optional)
  readonly reasons!: string | null;
}

@ObjectType(plain)
export class CareRecord {
  @Field(() => vocabularyEnum("CareKind"))
  readonly kind!: string;

  @Field(() => CalendarDate)
  readonly on!: string;

  @Field(() => String, optional)
  readonly summary!: string | null;
}

@ObjectType(plain)
export class ShelterLicence {
  @Field(() => String)
  readonly number!: string;

  @Field(() => CalendarDate, optional)
  readonly validUntil!: string | null;

  @Field(() => Int, optional)
  readonly capacity!: number | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class CaseParty {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("SCREENING", "S3_CASE", "قرار لجنة الحالة")
  @Field(() => StatusDecision, optional)
  readonly statusDecision!: StatusDecision | null;

  @Labelled("SERVICES_PLAN", "S3_CASE", "سجلات الرعاية")
  @Field(() => [CareRecord], optional)
  readonly careRecords!: readonly CareRecord[] | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Facility {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("SHELTER_PLACEMENT", "S3_CASE", "الترخيص")
  @Field(() => ShelterLicence, optional)
  readonly licence!: ShelterLicence | null;
}
