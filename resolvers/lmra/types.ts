/**
 * Types of the labour register (`schema/lmra.graphql`) as their rows carry them; edges are in the resolvers.
 *
 * Keys   `uid` is the agency's own key: permit number (Worker), CPR (Person), employer number, and so on. What is no field
 *        of the schema is there for the edges.
 */
import "reflect-metadata";
import { Directive, Field, Float, ID, Int, ObjectType } from "type-graphql";
import {
  CalendarDate,
  DateTime,
  LanguageCode,
  PhoneNumber,
  vocabularyEnum,
  YearMonth,
} from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { DateRange, Money, optional, plain } from "../shared/values.ts";

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Person {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("CONTACT", "S3_CASE", "الهاتف النقال")
  @Field(() => PhoneNumber, optional)
  readonly mobilePhone!: string | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Worker {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "رقم تصريح العمل")
  @Field(() => String, optional)
  readonly workPermitNo!: string | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "نوع التصريح")
  @Field(() => vocabularyEnum("PermitType"), optional)
  readonly permitType!: string | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "حالة التصريح")
  @Field(() => vocabularyEnum("PermitStatus"), optional)
  readonly permitStatus!: string | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "صلاحية التصريح")
  @Field(() => DateRange, optional)
  readonly permitValid!: DateRange | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "المهنة")
  @Field(() => String, optional)
  readonly occupation!: string | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "القطاع")
  @Field(() => vocabularyEnum("IsicSection"), optional)
  readonly sector!: string | null;

  @Labelled("WAGES_COMPLAINTS", "S2_PERSONAL", "أشهر الأجور المتأخرة")
  @Field(() => Int, optional)
  readonly unpaidMonths!: number | null;

  readonly cpr!: string;
  readonly mobilePhone!: string;
  readonly employerNo!: string | null;
}

@ObjectType(plain)
export class Contract {
  @Labelled("WAGES_COMPLAINTS", "S2_PERSONAL", "الأجر المتفق عليه")
  @Field(() => Money, optional)
  readonly wage!: Money | null;

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "ساعات العمل")
  @Field(() => Int, optional)
  readonly hoursPerWeek!: number | null;

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "وُقّع في بلد المنشأ؟")
  @Field(() => Boolean, optional)
  readonly signedInOrigin!: boolean | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "لغات العقد")
  @Field(() => [LanguageCode], optional)
  readonly languages!: readonly string[] | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Employer {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "رقم السجل التجاري")
  @Field(() => String, optional)
  readonly crNumber!: string | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "نوع صاحب العمل")
  @Field(() => vocabularyEnum("EmployerKind"), optional)
  readonly kind!: string | null;

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "الاسم")
  @Field(() => String, optional)
  readonly name!: string | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "المنطقة")
  @Field(() => String, optional)
  readonly area!: string | null;

  @Labelled("EMPLOYMENT", "S1_ADMINISTRATIVE", "عدد العمال")
  @Field(() => Int, optional)
  readonly workerCount!: number | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class LabourComplaint {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("WAGES_COMPLAINTS", "S2_PERSONAL", "رقم الشكوى")
  @Field(() => String, optional)
  readonly number!: string | null;

  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "أسباب الشكوى")
  @Field(() => [vocabularyEnum("ComplaintGround")], optional)
  readonly grounds!: readonly string[] | null;

  @Labelled("WAGES_COMPLAINTS", "S2_PERSONAL", "تاريخ التقديم")
  @Field(() => CalendarDate, optional)
  readonly filedOn!: string | null;

  @Labelled("WAGES_COMPLAINTS", "S2_PERSONAL", "الحالة")
  @Field(() => vocabularyEnum("LabourState"), optional)
  readonly state!: string | null;

  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "فُحصت لمؤشرات الاتجار؟")
  @Field(() => Boolean, optional)
  readonly screenedForTrafficking!: boolean | null;

  readonly permitNo!: string;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class RiskSignal {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("RISK_SIGNALS", "S3_CASE", "قاعدة الرصد")
  @Field(() => vocabularyEnum("RiskRule"), optional)
  readonly rule!: string | null;

  @Labelled("RISK_SIGNALS", "S3_CASE", "الدرجة")
  @Field(() => Float, optional)
  readonly score!: number | null;

  @Labelled("RISK_SIGNALS", "S3_CASE", "الوقائع")
  @Field(() => [RiskFact], optional)
  readonly facts!: readonly RiskFact[] | null;

  @Labelled("RISK_SIGNALS", "S3_CASE", "وقت الرصد")
  @Field(() => DateTime, optional)
  readonly raisedAt!: string | null;

  @Labelled("RISK_SIGNALS", "S1_ADMINISTRATIVE", "القطاع")
  @Field(() => vocabularyEnum("IsicSection"), optional)
  readonly sector!: string | null;

  @Labelled("RISK_SIGNALS", "S1_ADMINISTRATIVE", "المنطقة")
  @Field(() => String, optional)
  readonly area!: string | null;

  @Labelled("RISK_SIGNALS", "S3_CASE", "التدخل الاستباقي")
  @Field(() => Intervention, optional)
  readonly intervention!: Intervention | null;

  readonly employerNo!: string;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Inspection {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "تاريخ الزيارة")
  @Field(() => CalendarDate, optional)
  readonly on!: string | null;

  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "ملاحظات التفتيش")
  @Field(() => String, optional)
  readonly findings!: string | null;

  @Labelled("WAGES_COMPLAINTS", "S3_CASE", "نتيجة التفتيش")
  @Field(() => vocabularyEnum("InspectionResult"), optional)
  readonly result!: string | null;
}

@ObjectType(plain)
export class Employment {
  @Field(() => CalendarDate, optional)
  readonly from!: string | null;

  @Field(() => CalendarDate, optional)
  readonly until!: string | null;

  @Field(() => String, optional)
  readonly reason!: string | null;

  readonly employerNo!: string;
}

@ObjectType(plain)
export class Intervention {
  @Field(() => vocabularyEnum("InterventionKind"))
  readonly kind!: string;

  @Field(() => CalendarDate, optional)
  readonly openedOn!: string | null;

  @Field(() => String, optional)
  readonly result!: string | null;
}

@ObjectType(plain)
export class LeftWorkReport {
  @Field(() => CalendarDate)
  readonly filedOn!: string;

  @Field(() => Boolean)
  readonly byEmployer!: boolean;

  @Field(() => Boolean, optional)
  readonly complaintBefore!: boolean | null;
}

@ObjectType(plain)
export class RiskFact {
  @Field(() => String)
  readonly name!: string;

  @Field(() => Int)
  readonly count!: number;

  @Field(() => DateRange, optional)
  readonly period!: DateRange | null;
}

@ObjectType(plain)
export class WagePayment {
  @Field(() => YearMonth)
  readonly period!: string;

  @Field(() => Money, optional)
  readonly due!: Money | null;

  @Field(() => Money, optional)
  readonly paid!: Money | null;

  @Field(() => CalendarDate, optional)
  readonly paidOn!: string | null;
}
