/** What the centre's own intake wrote down about a person. */
import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { ContactChannel, EducationLevel, LanguageCode } from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE } from "../model/labels.ts";

/** How to reach the person without danger. */
@ObjectType()
export class SafeContact {
  @Field(() => ContactChannel)
  readonly channel!: string;
  @Field(() => String, NULLABLE)
  readonly address!: string | null;
  @Field(() => String, NULLABLE)
  readonly hours!: string | null;
  @Field(() => String, NULLABLE)
  readonly codeWord!: string | null;
  @Field(() => Boolean, NULLABLE)
  readonly logSafe!: boolean | null;
}

@Directive('@key(fields: "uid")')
@ObjectType()
export class Person {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("IDENTITY_CORE", "S4_VICTIM", "أسماء أخرى")
  @Field(() => [String], NULLABLE)
  readonly aliases!: readonly string[] | null;

  @Guarded("DEMOGRAPHICS", "S2_PERSONAL", "اللغة الأولى")
  @Field(() => LanguageCode, NULLABLE)
  readonly primaryLanguage!: string | null;

  @Guarded("DEMOGRAPHICS", "S2_PERSONAL", "لغات أخرى")
  @Field(() => [LanguageCode], NULLABLE)
  readonly otherLanguages!: readonly string[] | null;

  @Guarded("DEMOGRAPHICS", "S3_CASE", "عدد الأبناء")
  @Field(() => Int, NULLABLE)
  readonly numberOfChildren!: number | null;

  @Guarded("DEMOGRAPHICS", "S2_PERSONAL", "المستوى التعليمي")
  @Field(() => EducationLevel, NULLABLE)
  readonly education!: string | null;

  @Guarded("CONTACT", "S4_VICTIM", "وسيلة اتصال آمنة")
  @Field(() => SafeContact, NULLABLE)
  readonly safeContact!: SafeContact | null;
}
