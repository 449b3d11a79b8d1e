/** An assessment of health. */
import { Field, ObjectType } from "type-graphql";
import { Guarded, NULLABLE } from "../model/labels.ts";

@ObjectType()
export class HealthAssessment {
  @Guarded("HEALTH_PSYCH", "S4_VICTIM", "الصحة الجسدية")
  @Field(() => String, NULLABLE)
  readonly physical!: string | null;

  @Guarded("HEALTH_PSYCH", "S4_VICTIM", "الصحة النفسية")
  @Field(() => String, NULLABLE)
  readonly psychological!: string | null;

  @Guarded("HEALTH_PSYCH", "S4_VICTIM", "إعاقة")
  @Field(() => Boolean, NULLABLE)
  readonly disability!: boolean | null;

  @Guarded("HEALTH_PSYCH", "S3_CASE", "حاجة عاجلة؟")
  @Field(() => Boolean, NULLABLE)
  readonly urgentNeed!: boolean | null;
}
