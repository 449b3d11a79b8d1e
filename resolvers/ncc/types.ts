/**
 * Types of the national committee (`schema/ncc.graphql`) as its rows carry them. `uid` is the committee's own key: fund
 * file (Case), fund payment (Compensation), and so on. What is no field of the schema is there for the resolvers.
 */
import "reflect-metadata";
import { createUnionType, Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { CalendarDate, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import {
  Agency,
  DateRange,
  Forbidden,
  GuardFailed,
  LocalizedText,
  Money,
  optional,
  plain,
} from "../shared/values.ts";

@ObjectType(plain)
export class AggregateCell {
  @Field(() => [String])
  readonly keys!: readonly string[];

  @Field(() => Int, optional)
  readonly value!: number | null;

  @Field(() => vocabularyEnum("SuppressionMark"), optional)
  readonly mark!: string | null;
}

@ObjectType(plain)
export class AggregateRef {
  @Field(() => String)
  readonly code!: string;

  @Field(() => Int)
  readonly year!: number;
}

@ObjectType(plain)
export class AggregateTable {
  @Labelled("AGGREGATES", "S0_PUBLIC", "الخلايا")
  @Field(() => [AggregateCell], optional)
  readonly cells!: readonly AggregateCell[] | null;

  @Labelled("AGGREGATES", "S0_PUBLIC", "أسلوب الإفصاح")
  @Field(() => vocabularyEnum("DisclosureMethod"), optional)
  readonly method!: string | null;

  @Labelled("AGGREGATES", "S0_PUBLIC", "رمز الجدول")
  @Field(() => String, optional)
  readonly code!: string | null;

  @Labelled("AGGREGATES", "S0_PUBLIC", "السنة")
  @Field(() => Int, optional)
  readonly year!: number | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Compensation {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Directive("@shareable")
  @Directive("@owner(agency: CRT)")
  @Labelled("COMPENSATION", "S3_CASE", "المصدر")
  @Field(() => vocabularyEnum("RedressSource"), optional)
  readonly source!: string | null;

  @Directive("@shareable")
  @Directive("@owner(agency: CRT)")
  @Labelled("COMPENSATION", "S3_CASE", "المبلغ")
  @Field(() => Money, optional)
  readonly amount!: Money | null;

  @Labelled("COMPENSATION", "S3_CASE", "تاريخ الصرف")
  @Field(() => CalendarDate, optional)
  readonly paidOn!: string | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Case {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("COMPENSATION", "S3_CASE", "منح صندوق المساعدة")
  @Field(() => [Compensation], optional)
  readonly fundGrants!: readonly Compensation[] | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Recommendation {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("COMMITTEE", "S0_PUBLIC", "مصدر التوصية")
  @Field(() => vocabularyEnum("RecommendationSource"), optional)
  readonly source!: string | null;

  @Labelled("COMMITTEE", "S0_PUBLIC", "نص التوصية")
  @Field(() => LocalizedText, optional)
  readonly text!: LocalizedText | null;

  @Labelled("COMMITTEE", "S1_ADMINISTRATIVE", "الجهات المعنية")
  @Field(() => [Agency], optional)
  readonly assignees!: readonly Agency[] | null;

  @Labelled("COMMITTEE", "S1_ADMINISTRATIVE", "حالة التنفيذ")
  @Field(() => vocabularyEnum("FollowUpStatus"), optional)
  readonly status!: string | null;

  @Labelled("COMMITTEE", "S1_ADMINISTRATIVE", "شواهد التنفيذ")
  @Field(() => [AggregateRef], optional)
  readonly evidence!: readonly AggregateRef[] | null;

  readonly published!: boolean;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class NationalReport {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("COMMITTEE", "S1_ADMINISTRATIVE", "نوع التقرير")
  @Field(() => vocabularyEnum("ReportKind"), optional)
  readonly kind!: string | null;

  @Labelled("COMMITTEE", "S1_ADMINISTRATIVE", "الفترة")
  @Field(() => DateRange, optional)
  readonly period!: DateRange | null;

  @Labelled("COMMITTEE", "S1_ADMINISTRATIVE", "الحالة")
  @Field(() => vocabularyEnum("ReportStatus"), optional)
  readonly status!: string | null;

  readonly assignees!: readonly Agency[];
  readonly cites!: readonly AggregateRef[];
}

@ObjectType(plain)
export class NationalReportChanged {
  @Field(() => NationalReport, optional)
  readonly report!: NationalReport | null;
}

export const NationalReportPayload = createUnionType({
  name: "NationalReportPayload",
  types: () => [NationalReportChanged, Forbidden, GuardFailed] as const,
});
