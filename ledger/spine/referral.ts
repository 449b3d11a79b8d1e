/** A referral of a case to an organisation. Edges are in `referral-resolver.ts`. */
import { Directive, Field, ID, ObjectType } from "type-graphql";
import {
  DateTime,
  DisclosureBasis,
  FieldGroup,
  PurposeOfUse,
  ReferralReason,
  ReferralStatus,
} from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE } from "../model/labels.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class Referral {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("REFERRALS", "S3_CASE", "السبب")
  @Field(() => ReferralReason, NULLABLE)
  readonly reason!: string | null;

  @Guarded("REFERRALS", "S3_CASE", "غرض الاستخدام")
  @Field(() => PurposeOfUse, NULLABLE)
  readonly purpose!: string | null;

  @Guarded("REFERRALS", "S3_CASE", "الحالة")
  @Field(() => ReferralStatus, NULLABLE)
  readonly status!: string | null;

  @Guarded("REFERRALS", "S3_CASE", "الحقول الممنوحة")
  @Field(() => [FieldGroup], NULLABLE)
  readonly grantedGroups!: readonly string[] | null;

  @Guarded("REFERRALS", "S3_CASE", "سند الإفصاح")
  @Field(() => DisclosureBasis, NULLABLE)
  readonly basis!: string | null;

  @Guarded("REFERRALS", "S3_CASE", "تاريخ الإرسال")
  @Field(() => DateTime, NULLABLE)
  readonly sentAt!: string | null;

  @Guarded("REFERRALS", "S3_CASE", "تاريخ الرد")
  @Field(() => DateTime, NULLABLE)
  readonly respondedAt!: string | null;

  @Guarded("REFERRALS", "S3_CASE", "ينتهي في")
  @Field(() => DateTime, NULLABLE)
  readonly expiresAt!: string | null;

  @Guarded("REFERRALS", "S4_VICTIM", "تفاصيل")
  @Field(() => String, NULLABLE)
  readonly details!: string | null;
}
