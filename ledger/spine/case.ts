/** A case as the spine tells it: number, state of the five tracks, dates. Edges are in `case-resolver.ts`. */
import { Directive, Field, ID, ObjectType } from "type-graphql";
import {
  AgencyCode,
  CaseNumber,
  ClosureReason,
  DateTime,
  IdentificationState,
  JusticeState,
  LabourState,
  ProtectionState,
  RedressState,
  RiskLevel,
} from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE, OwnedBy, PolicyInput } from "../model/labels.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class Case {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("CASE_HEADER", "S3_CASE", "رقم القضية في نظام الإحالة")
  @Field(() => CaseNumber, NULLABLE)
  readonly nrmNumber!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "حالة التعرّف")
  @Field(() => IdentificationState, NULLABLE)
  readonly identificationState!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "حالة الحماية")
  @Field(() => ProtectionState, NULLABLE)
  readonly protectionState!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "حالة الدعوى")
  @OwnedBy("MOI")
  @Field(() => JusticeState, NULLABLE)
  readonly justiceState!: string | null;

  @Guarded("CASE_HEADER", "S2_PERSONAL", "حالة المسار العمالي")
  @OwnedBy("LMRA")
  @Field(() => LabourState, NULLABLE)
  readonly labourState!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "حالة التعويض")
  @OwnedBy("CRT")
  @Field(() => RedressState, NULLABLE)
  readonly redressState!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "تاريخ الفتح")
  @Field(() => DateTime, NULLABLE)
  readonly openedAt!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "تاريخ الإغلاق")
  @Field(() => DateTime, NULLABLE)
  readonly closedAt!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "سبب الإغلاق")
  @Field(() => ClosureReason, NULLABLE)
  readonly closureReason!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "درجة الخطورة")
  @Field(() => RiskLevel, NULLABLE)
  readonly riskLevel!: string | null;

  /** Agencies that hold rows about the case: the gateway asks nobody else. */
  @PolicyInput()
  @Field(() => [AgencyCode], NULLABLE)
  readonly holders!: readonly string[] | null;
}
