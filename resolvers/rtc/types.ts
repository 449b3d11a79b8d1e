/**
 * Types of the training centre (`schema/rtc.graphql`) as their rows carry them.
 *
 * Keys   `uid` is the centre's own: staff number (Staff), certificate number, and so on. What is no field of the schema is
 *        there for `own` and `inRows`.
 */
import "reflect-metadata";
import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { CalendarDate, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { Agency, LocalizedText, optional, plain } from "../shared/values.ts";

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Staff {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Trainer {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRAINING", "S1_ADMINISTRATIVE", "المدرب")
  @Field(() => Staff, optional)
  readonly staff!: Staff | null;

  @Labelled("TRAINING", "S0_PUBLIC", "جهة الاعتماد")
  @Field(() => String, optional)
  readonly certifiedBy!: string | null;

  @Labelled("TRAINING", "S0_PUBLIC", "الجهة")
  @Field(() => Agency, optional)
  readonly agency!: Agency | null;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Certification {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRAINING", "S1_ADMINISTRATIVE", "المهارة")
  @Field(() => vocabularyEnum("Skill"), optional)
  readonly skill!: string | null;

  @Labelled("TRAINING", "S1_ADMINISTRATIVE", "الحاصل عليها")
  @Field(() => Staff, optional)
  readonly holder!: Staff | null;

  @Labelled("TRAINING", "S1_ADMINISTRATIVE", "صالحة حتى")
  @Field(() => CalendarDate, optional)
  readonly validUntil!: string | null;

  readonly member!: string;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Programme {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRAINING", "S0_PUBLIC", "البرنامج")
  @Field(() => LocalizedText, optional)
  readonly title!: LocalizedText | null;

  readonly published!: boolean;
}

@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class KnowledgeItem {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("TRAINING", "S0_PUBLIC", "النوع")
  @Field(() => vocabularyEnum("KnowledgeKind"), optional)
  readonly kind!: string | null;

  @Labelled("TRAINING", "S0_PUBLIC", "العنوان")
  @Field(() => LocalizedText, optional)
  readonly title!: LocalizedText | null;

  readonly published!: boolean;
}

@ObjectType(plain)
export class CourseRun {
  @Field(() => CalendarDate)
  readonly from!: string;

  @Field(() => CalendarDate, optional)
  readonly until!: string | null;

  @Field(() => String, optional)
  readonly place!: string | null;

  @Field(() => Int, optional)
  readonly seats!: number | null;
}

@ObjectType(plain)
export class TrainerCoverage {
  @Field(() => Agency)
  readonly agency!: Agency;

  @Field(() => Int)
  readonly trainers!: number;

  @Field(() => Int)
  readonly screeners!: number;

  @Field(() => Int)
  readonly expiringSoon!: number;
}
