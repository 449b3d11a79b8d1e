/** A consent, refusal or withdrawal, as recorded. Edges are in `consent-resolver.ts`. */
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { ConsentGiver, ConsentScope, ConsentStatus, DateTime, FieldGroup } from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE } from "../model/labels.ts";

/** The seven questions (HTCDS); all are recorded. */
@ObjectType()
export class ConsentChecklist {
  @Field(() => Boolean, NULLABLE)
  readonly agreedToInterview!: boolean | null;
  @Field(() => Boolean, NULLABLE)
  readonly toldPurpose!: boolean | null;
  @Field(() => Boolean, NULLABLE)
  readonly toldUses!: boolean | null;
  @Field(() => Boolean, NULLABLE)
  readonly toldResearch!: boolean | null;
  @Field(() => Boolean, NULLABLE)
  readonly toldAccessRight!: boolean | null;
  @Field(() => Boolean, NULLABLE)
  readonly toldRetention!: boolean | null;
  @Field(() => Boolean, NULLABLE)
  readonly toldWithdrawal!: boolean | null;
}

@Directive('@key(fields: "uid")')
@ObjectType()
export class Consent {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("CONSENT", "S3_CASE", "النطاق")
  @Field(() => ConsentScope, NULLABLE)
  readonly scope!: string | null;

  @Guarded("CONSENT", "S3_CASE", "مجموعات الحقول")
  @Field(() => [FieldGroup], NULLABLE)
  readonly fieldGroups!: readonly string[] | null;

  @Guarded("CONSENT", "S3_CASE", "الحالة")
  @Field(() => ConsentStatus, NULLABLE)
  readonly status!: string | null;

  @Guarded("CONSENT", "S3_CASE", "مانح الموافقة")
  @Field(() => ConsentGiver, NULLABLE)
  readonly givenBy!: string | null;

  @Guarded("CONSENT", "S3_CASE", "قائمة التحقق")
  @Field(() => ConsentChecklist, NULLABLE)
  readonly checklist!: ConsentChecklist | null;

  @Guarded("CONSENT", "S3_CASE", "صالحة حتى")
  @Field(() => DateTime, NULLABLE)
  readonly validUntil!: string | null;

  @Guarded("CONSENT", "S3_CASE", "تاريخ السحب")
  @Field(() => DateTime, NULLABLE)
  readonly withdrawnAt!: string | null;

  @Guarded("CONSENT", "S3_CASE", "تاريخ الموافقة")
  @Field(() => DateTime, NULLABLE)
  readonly givenAt!: string | null;
}
