/** Types of the police directorate's subgraph (`schema/moi.graphql`); a case loads what it is asked for. */
import "reflect-metadata";
import { Ctx, Directive, Field, ID, ObjectType } from "type-graphql";
import { CalendarDate, DateTime, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { optional, plain } from "../shared/values.ts";
import type { MoiContext } from "./loaders.ts";

const EvidenceKind = vocabularyEnum("EvidenceKind");
const InvestigationResult = vocabularyEnum("InvestigationResult");
const PartyRole = vocabularyEnum("PartyRole");
const PerpetratorRole = vocabularyEnum("PerpetratorRole");

/** The police only point at people: `uid` is the personal number (CPR). */
@Directive('@key(fields: "uid", resolvable: false)')
@ObjectType(plain)
export class Person {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;
}

@Directive("@shareable")
@ObjectType(plain)
export class EvidenceItem {
  @Field(() => String) readonly number!: string;
  @Field(() => EvidenceKind) readonly kind!: string;
  @Field(() => String, optional) readonly description!: string | null;
  @Field(() => Boolean, optional) readonly sealed!: boolean | null;
}

@ObjectType(plain)
export class Arrest {
  @Field(() => DateTime) readonly at!: string;
  @Field(() => String, optional) readonly place!: string | null;
  @Field(() => DateTime, optional) readonly released!: string | null;
}

/** `uid` is the suspect's number in the file. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Suspect {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "دوره في الجريمة")
  @Field(() => [PerpetratorRole], optional)
  readonly perpetratorRoles!: readonly string[] | null;

  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "تفاصيل الدور")
  @Field(() => String, optional)
  readonly perpetratorDetails!: string | null;

  @Directive("@shareable")
  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "صفته")
  @Field(() => PartyRole, optional)
  readonly role!: string | null;

  @Directive("@shareable")
  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "الشخص")
  @Field(() => Person, optional)
  readonly person!: Person | null;
}

/** `uid` is the number of the police file. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Investigation {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("CASE_HEADER", "S3_CASE", "رقم البلاغ الجنائي")
  @Field(() => String, optional)
  readonly policeNumber!: string | null;

  @Labelled("CASE_HEADER", "S3_CASE", "تاريخ الفتح")
  @Field(() => CalendarDate, optional)
  readonly openedAt!: string | null;

  @Labelled("INVESTIGATION_FILE", "S3_CASE", "الوحدة")
  @Field(() => String, optional)
  readonly unit!: string | null;

  @Labelled("INVESTIGATION_FILE", "S5_INVESTIGATIVE", "محاور التحري")
  @Field(() => [String], optional)
  readonly lines!: readonly string[] | null;

  @Labelled("INVESTIGATION_FILE", "S5_INVESTIGATIVE", "الأدلة")
  @Field(() => [EvidenceItem], optional)
  readonly evidence!: readonly EvidenceItem[] | null;

  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "المشتبه بهم")
  @Field(() => [Suspect], optional)
  readonly suspects!: readonly Suspect[] | null;

  @Labelled("SUSPECT", "S5_INVESTIGATIVE", "القبض")
  @Field(() => [Arrest], optional)
  readonly arrests!: readonly Arrest[] | null;

  @Labelled("INVESTIGATION_FILE", "S3_CASE", "نتيجة التحري")
  @Field(() => InvestigationResult, optional)
  readonly closedAs!: string | null;
}

/** `uid` is the number of the complainant's report in a police file. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Case {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  /** A file that the police keep back fails here, and nowhere else. */
  @Labelled("INVESTIGATION_FILE", "S5_INVESTIGATIVE", "التحقيق")
  @Field(() => Investigation, optional)
  async investigation(@Ctx() { reports, files }: MoiContext): Promise<Investigation | null> {
    const report = await reports.load(this.uid);
    return report && files.load(report.policeNumber);
  }

  @Labelled("SUSPECT", "S3_CASE", "قرب مشتبه به")
  @Field(() => Boolean, optional)
  async suspectProximity(@Ctx() { reports }: MoiContext): Promise<boolean | null> {
    return (await reports.load(this.uid))?.suspectNear ?? null;
  }
}
