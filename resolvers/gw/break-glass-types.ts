/** What break-glass answers, as type-graphql classes. */
import "reflect-metadata";
import { createUnionType, Directive, Field, ID, InputType, ObjectType } from "type-graphql";
import { DateTime, PersonalNumber, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { Forbidden, GuardFailed, LocalizedText, optional, plain } from "../shared/values.ts";

const Skill = vocabularyEnum("Skill");
const LEVEL = "S3_CASE";

@InputType()
export class EmergencyDocument {
  @Field(() => PersonalNumber) readonly cpr!: string;
  @Field(() => String) readonly name!: string;
}

@ObjectType(plain)
export class BreakGlassOpened {
  @Field(() => DateTime) readonly until!: string;
}

@Directive("@shareable")
@ObjectType(plain)
export class CertificationRequired {
  @Field(() => Skill) readonly skill!: string;
}

@ObjectType(plain)
export class BreakGlassReviewed {
  @Field(() => Boolean) readonly justified!: boolean;
  @Field(() => Boolean) readonly suspended!: boolean;
}

@ObjectType(plain)
export class BreakGlassNotice {
  @Field(() => DateTime) readonly at!: string;
  @Field(() => LocalizedText) readonly text!: LocalizedText;
}

/** `agency` and `own` are in `break-glass.ts`. */
@Directive('@key(fields: "uid", resolvable: false)')
@ObjectType()
export class BreakGlassEntry {
  @Field(() => ID) readonly uid!: string;
  @Labelled("AUDIT_TRAIL", LEVEL, "وقت الفتح")
  @Field(() => DateTime, optional)
  readonly openedAt!: string | null;
  @Labelled("AUDIT_TRAIL", LEVEL, "إلى")
  @Field(() => DateTime, optional)
  readonly until!: string | null;
  @Labelled("AUDIT_TRAIL", LEVEL, "رقم الموظف")
  @Field(() => String, optional)
  readonly staff!: string | null;
  @Labelled("AUDIT_TRAIL", LEVEL, "الدور")
  @Field(() => String, optional)
  readonly role!: string | null;
  @Labelled("AUDIT_TRAIL", LEVEL, "المبرر")
  @Field(() => String, optional)
  readonly justification!: string | null;
  @Labelled("AUDIT_TRAIL", LEVEL, "موعد المراجعة")
  @Field(() => DateTime, optional)
  readonly reviewDueBy!: string | null;
  @Labelled("AUDIT_TRAIL", LEVEL, "هل كان مبرراً؟")
  @Field(() => Boolean, optional)
  readonly justified!: boolean | null;
  /** Address. */
  readonly member!: string;
}

/** Types are told apart by the class of what is answered. */
export const BreakGlassPayload = createUnionType({
  name: "BreakGlassPayload",
  types: () => [BreakGlassOpened, Forbidden, CertificationRequired, GuardFailed] as const,
});

export const BreakGlassReviewPayload = createUnionType({
  name: "BreakGlassReviewPayload",
  types: () => [BreakGlassReviewed, Forbidden, GuardFailed] as const,
});

/** An object of that class, as unions tell types apart. */
export const of = <Class extends object>(type: new () => Class, values: Class): Class =>
  Object.assign(new type(), values);
