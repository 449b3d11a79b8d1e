/** Plans of support, services given, and notes of the case worker. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { CalendarDate, DateTime, ServiceType } from "../model/codes.ts";
import { Guarded, NULLABLE } from "../model/labels.ts";
import { Agency, Staff, stub } from "../model/values.ts";
import type { CaseNoteTable, ServiceDeliveryTable } from "../tables-content.ts";

@ObjectType()
export class SupportPlan {
  @Guarded("SERVICES_PLAN", "S3_CASE", "نوع الخطة")
  @Field(() => ServiceType, NULLABLE)
  readonly type!: string | null;

  @Guarded("SERVICES_PLAN", "S4_VICTIM", "الأهداف")
  @Field(() => String, NULLABLE)
  readonly objectives!: string | null;

  @Guarded("SERVICES_PLAN", "S4_VICTIM", "خطة العمل")
  @Field(() => String, NULLABLE)
  readonly actionPlan!: string | null;

  @Guarded("SERVICES_PLAN", "S3_CASE", "نهاية مقررة")
  @Field(() => CalendarDate, NULLABLE)
  readonly plannedEnd!: string | null;

  @Guarded("SERVICES_PLAN", "S3_CASE", "نهاية فعلية")
  @Field(() => CalendarDate, NULLABLE)
  readonly actualEnd!: string | null;
}

@ObjectType()
export class ServiceDelivery {
  @Guarded("SERVICES_PLAN", "S3_CASE", "الخدمة")
  @Field(() => ServiceType, NULLABLE)
  readonly type!: string | null;

  @Guarded("SERVICES_PLAN", "S3_CASE", "تاريخ التقديم")
  @Field(() => CalendarDate, NULLABLE)
  readonly deliveredAt!: string | null;
}

@ObjectType()
export class CaseNote {
  @Field(() => DateTime)
  readonly at!: string;
  @Field(() => String)
  readonly text!: string;
}

@Resolver(() => ServiceDelivery)
export class ServiceDeliveryResolver {
  @Guarded("SERVICES_PLAN", "S3_CASE", "المقدِّم")
  @FieldResolver(() => Agency, NULLABLE)
  provider(@Root() row: ServiceDeliveryTable, @Ctx() context: LedgerContext) {
    return context.agency(row.providerMember);
  }
}

@Resolver(() => CaseNote)
export class CaseNoteResolver {
  @FieldResolver(() => Staff, NULLABLE)
  by(@Root() row: CaseNoteTable) {
    return stub(row.byStaff);
  }
}
