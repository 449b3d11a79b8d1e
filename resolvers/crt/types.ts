/**
 * Types of the court registry's subgraph (`schema/crt.graphql`); entities load what they are asked for.
 *
 * Suspects and awards come with the rows that list them; the registry answers for no other (`resolvable: false`).
 */
import "reflect-metadata";
import { Ctx, Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { CalendarDate, DateTime, LegalArticle, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { Agency, Money, optional, plain } from "../shared/values.ts";
import type { CrtContext } from "./loaders.ts";

const HearingKind = vocabularyEnum("HearingKind");
const PartyRole = vocabularyEnum("PartyRole");
const RedressSource = vocabularyEnum("RedressSource");
const TravelOrderKind = vocabularyEnum("TravelOrderKind");
const VerdictOutcome = vocabularyEnum("VerdictOutcome");

@Directive("@shareable")
@ObjectType(plain)
export class TravelOrder {
  @Field(() => TravelOrderKind) readonly kind!: string;
  @Field(() => Agency, optional) readonly authority!: Agency | null;
  @Field(() => CalendarDate, optional) readonly from!: string | null;
  @Field(() => CalendarDate, optional) readonly until!: string | null;
}

@ObjectType(plain)
export class FinalConviction {
  @Field(() => String, optional) readonly court!: string | null;
  @Field(() => Int) readonly year!: number;
  @Field(() => LegalArticle) readonly article!: string;
}

@ObjectType(plain)
export class Hearing {
  @Field(() => DateTime) readonly on!: string;
  @Field(() => HearingKind) readonly kind!: string;
  @Field(() => Boolean) readonly closed!: boolean;
}

/** `uid` is the court's own reference of a party. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Person {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "أمر إبعاد")
  @Field(() => TravelOrder, optional)
  async deportationOrder(@Ctx() { parties }: CrtContext): Promise<TravelOrder | null> {
    return (await parties.load(this.uid))?.removal ?? null;
  }
}

/** `uid` is the court's own reference of an employer. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Employer {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "أحكام باتة على صاحب العمل")
  @Field(() => [FinalConviction], optional)
  readonly finalConvictions!: readonly FinalConviction[] | null;
}

/** `uid` is the defendant's number in the trial. */
@Directive('@key(fields: "uid", resolvable: false)')
@ObjectType(plain)
export class Suspect {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Directive("@shareable")
  @Directive("@owner(agency: MOI)")
  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "صفته")
  @Field(() => PartyRole, optional)
  readonly role!: string | null;

  @Directive("@shareable")
  @Directive("@owner(agency: MOI)")
  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "الشخص")
  @Field(() => Person, optional)
  readonly person!: Pick<Person, "uid"> | null;
}

@ObjectType(plain)
export class Verdict {
  @Labelled("TRIAL_VERDICT", "S3_CASE", "المتهم")
  @Field(() => Suspect, optional)
  readonly defendant!: Suspect | null;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "منطوق الحكم")
  @Field(() => VerdictOutcome, optional)
  readonly outcome!: string | null;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "مدة العقوبة")
  @Field(() => Int, optional)
  readonly sentenceMonths!: number | null;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "الغرامة")
  @Field(() => Money, optional)
  readonly fine!: Money | null;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "بات؟")
  @Field(() => Boolean, optional)
  readonly final!: boolean | null;
}

/** `uid` is the court number. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Trial {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRIAL_VERDICT", "S1_ADMINISTRATIVE", "رقم الدعوى")
  @Field(() => String, optional)
  readonly courtNumber!: string | null;

  @Labelled("TRIAL_VERDICT", "S1_ADMINISTRATIVE", "المحكمة")
  @Field(() => String, optional)
  readonly court!: string | null;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "الجلسات")
  @Field(() => [Hearing], optional)
  readonly hearings!: readonly Hearing[] | null;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "الأحكام")
  @Field(() => [Verdict], optional)
  readonly verdicts!: readonly Verdict[] | null;

  @Labelled("TRIAL_VERDICT", "S1_ADMINISTRATIVE", "سرية؟")
  @Field(() => Boolean, optional)
  readonly sealed!: boolean | null;
}

/** `uid` is the number of the award. */
@Directive('@key(fields: "uid", resolvable: false)')
@ObjectType(plain)
export class Compensation {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Directive("@shareable")
  @Labelled("COMPENSATION", "S3_CASE", "المصدر")
  @Field(() => RedressSource, optional)
  readonly source!: string | null;

  @Directive("@shareable")
  @Labelled("COMPENSATION", "S3_CASE", "المبلغ")
  @Field(() => Money, optional)
  readonly amount!: Money | null;
}

/** `uid` is the number of the victim's entry in a trial. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Case {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRIAL_VERDICT", "S3_CASE", "المحاكمة")
  @Field(() => Trial, optional)
  async trial(@Ctx() { entries, trials }: CrtContext): Promise<Trial | null> {
    const entry = await entries.load(this.uid);
    return entry && trials.load(entry.courtNumber);
  }

  @Labelled("COMPENSATION", "S3_CASE", "التعويض")
  @Field(() => [Compensation], optional)
  async compensation(@Ctx() { entries }: CrtContext): Promise<readonly Compensation[] | null> {
    return (await entries.load(this.uid))?.awards ?? null;
  }
}
