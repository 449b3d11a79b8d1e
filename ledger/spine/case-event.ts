/** A step of a track, decided by its own field group; and how far each track has come. */
import { Field, Int, ObjectType } from "type-graphql";
import { DateTime, FieldGroup, Track } from "../model/codes.ts";
import { Guarded, NULLABLE } from "../model/labels.ts";

@ObjectType()
export class CaseEvent {
  @Guarded("CASE_HEADER", "S3_CASE", "الوقت")
  @Field(() => DateTime, NULLABLE)
  readonly at!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "المسار")
  @Field(() => Track, NULLABLE)
  readonly track!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "من حالة")
  @Field(() => String, { ...NULLABLE, name: "from" })
  readonly fromState!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "إلى حالة")
  @Field(() => String, { ...NULLABLE, name: "to" })
  readonly toState!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "مجموعة الحقول")
  @Field(() => FieldGroup, { ...NULLABLE, name: "group" })
  readonly fieldGroup!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "رقم النسخة")
  @Field(() => Int, NULLABLE)
  readonly version!: number | null;
}

@ObjectType()
export class TrackVersion {
  @Field(() => Track)
  readonly track!: string;
  @Field(() => Int)
  readonly version!: number;
}
