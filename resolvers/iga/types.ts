/** Types of the population register's subgraph (`schema/iga.graphql`). */
import "reflect-metadata";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { CalendarDate, CountryCode, PersonalNumber, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { optional, plain } from "../shared/values.ts";

const AgeBand = vocabularyEnum("AgeBand");
const Gender = vocabularyEnum("Gender");
const MaritalStatus = vocabularyEnum("MaritalStatus");

@ObjectType(plain)
export class PersonName {
  @Field(() => String, optional) readonly given!: string | null;
  @Field(() => String, optional) readonly father!: string | null;
  @Field(() => String, optional) readonly grandfather!: string | null;
  @Field(() => String, optional) readonly family!: string | null;
  @Field(() => String) readonly full!: string;
}

@Directive("@shareable")
@ObjectType(plain)
export class Address {
  @Field(() => String, optional) readonly flat!: string | null;
  @Field(() => String, optional) readonly building!: string | null;
  @Field(() => String, optional) readonly road!: string | null;
  @Field(() => String, optional) readonly block!: string | null;
  @Field(() => String, optional) readonly area!: string | null;
}

/** `uid` is the personal number (CPR): the link boundary makes a uid of it. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Person {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("IDENTITY_CORE", "S2_PERSONAL", "الاسم بالعربية")
  @Field(() => PersonName, optional)
  readonly nameAr!: PersonName | null;

  @Labelled("IDENTITY_CORE", "S2_PERSONAL", "الاسم باللاتينية")
  @Field(() => PersonName, optional)
  readonly nameLatin!: PersonName | null;

  @Labelled("IDENTITY_CORE", "S2_PERSONAL", "تاريخ الميلاد")
  @Field(() => CalendarDate, optional)
  readonly birthDate!: string | null;

  @Labelled("DEMOGRAPHICS", "S1_ADMINISTRATIVE", "الفئة العمرية")
  @Field(() => AgeBand, optional)
  readonly ageBand!: string | null;

  @Labelled("DEMOGRAPHICS", "S3_CASE", "طفل؟")
  @Field(() => Boolean, optional)
  readonly isChild!: boolean | null;

  @Labelled("DEMOGRAPHICS", "S2_PERSONAL", "النوع")
  @Field(() => Gender, optional)
  readonly gender!: string | null;

  @Labelled("DEMOGRAPHICS", "S2_PERSONAL", "الجنسية")
  @Field(() => [CountryCode], optional)
  readonly citizenships!: readonly string[] | null;

  @Labelled("DEMOGRAPHICS", "S2_PERSONAL", "الحالة الاجتماعية")
  @Field(() => MaritalStatus, optional)
  readonly maritalStatus!: string | null;

  @Labelled("DEMOGRAPHICS", "S2_PERSONAL", "متوفى؟")
  @Field(() => Boolean, optional)
  readonly deceased!: boolean | null;

  @Labelled("IDENTIFIERS", "S2_PERSONAL", "الرقم الشخصي")
  @Field(() => PersonalNumber, optional)
  readonly cpr!: string | null;

  @Labelled("CONTACT", "S3_CASE", "العنوان")
  @Field(() => Address, optional)
  readonly address!: Address | null;
}
