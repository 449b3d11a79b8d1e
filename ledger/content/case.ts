/** The content of a case: everything here is reached by its own edge, and fetched only when policy lets it be. */
import { Arg, Ctx, Directive, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import { Guarded, Inaccessible, NULLABLE } from "../model/labels.ts";
import { ExploitationProfile } from "./exploitation.ts";
import { HealthAssessment } from "./health.ts";
import { contentLoaders } from "./loaders.ts";
import { Report } from "./report.ts";
import { ReturnPlan } from "./return-plan.ts";
import { Screening } from "./screening.ts";
import { ShelterStay } from "./shelter.ts";
import { VictimStatement } from "./statement.ts";
import { CaseNote, ServiceDelivery, SupportPlan } from "./support.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class Case {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;
}

@Resolver(() => Case)
export class CaseResolver {
  @Guarded("REPORT_SOURCE", "S4_VICTIM", "البلاغ")
  @FieldResolver(() => Report, NULLABLE)
  report(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).reportOfCase.load(uid);
  }

  @Guarded("SCREENING", "S3_CASE", "الفرز")
  @FieldResolver(() => Screening, NULLABLE)
  screening(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).screeningOfCase.load(uid);
  }

  @Guarded("EXPLOITATION_DETAIL", "S4_VICTIM", "وقائع الاستغلال")
  @FieldResolver(() => ExploitationProfile, NULLABLE)
  exploitation(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).exploitationOfCase.load(uid);
  }

  @Guarded("VICTIM_STATEMENT", "S4_VICTIM", "أقوال الضحية")
  @FieldResolver(() => [VictimStatement], NULLABLE)
  statements(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).statementsOfCase.load(uid);
  }

  @Guarded("SERVICES_PLAN", "S3_CASE", "خطط الدعم")
  @FieldResolver(() => [SupportPlan], NULLABLE)
  supportPlans(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).supportPlansOfCase.load(uid);
  }

  @Guarded("SERVICES_PLAN", "S3_CASE", "الخدمات")
  @FieldResolver(() => [ServiceDelivery], NULLABLE)
  async services(
    @Root() { uid }: Case,
    @Ctx() context: LedgerContext,
    @Arg("first", () => Int, { ...NULLABLE, defaultValue: 50 }) first: number | null,
  ) {
    const rows = await contentLoaders(context).servicesOfCase.load(uid);
    return rows.slice(0, Math.max(0, first ?? rows.length));
  }

  @Guarded("SHELTER_PLACEMENT", "S4_VICTIM", "الإيواء")
  @FieldResolver(() => [ShelterStay], NULLABLE)
  shelterStays(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).staysOfCase.load(uid);
  }

  /** A stay has not ended. Says nothing of where. */
  @Guarded("SHELTER_PLACEMENT", "S3_CASE", "في الإيواء؟")
  @FieldResolver(() => Boolean, NULLABLE)
  async sheltered(@Root() { uid }: Case, @Ctx() context: LedgerContext): Promise<boolean> {
    const stays = await contentLoaders(context).staysOfCase.load(uid);
    return stays.some(({ leftOn }) => leftOn === null);
  }

  @Guarded("HEALTH_PSYCH", "S4_VICTIM", "الحالة الصحية")
  @FieldResolver(() => [HealthAssessment], NULLABLE)
  health(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).healthOfCase.load(uid);
  }

  @Guarded("SERVICES_PLAN", "S4_VICTIM", "ملاحظات")
  @FieldResolver(() => [CaseNote], NULLABLE)
  async notes(
    @Root() { uid }: Case,
    @Ctx() context: LedgerContext,
    @Arg("first", () => Int, { ...NULLABLE, defaultValue: 50 }) first: number | null,
  ) {
    const rows = await contentLoaders(context).notesOfCase.load(uid);
    return rows.slice(0, Math.max(0, first ?? rows.length));
  }

  @Guarded("RETURN", "S4_VICTIM", "خطة العودة")
  @FieldResolver(() => ReturnPlan, NULLABLE)
  returnPlan(@Root() { uid }: Case, @Ctx() context: LedgerContext) {
    return contentLoaders(context).returnPlanOfCase.load(uid);
  }
}
