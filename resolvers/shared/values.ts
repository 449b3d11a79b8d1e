/** Value types, inputs and stubs of the vocabulary that SQL agencies use, as type-graphql classes. */
import "reflect-metadata";
import { Directive, Field, InputType, ObjectType } from "type-graphql";
import { AgencyAddress, CalendarDate, vocabularyEnum } from "./codes.ts";

/** Most fields may be absent: denied, unknown, or their agency out of reach. */
export const optional = { nullable: true } as const;
/** Rows are what the loaders made of them: no resolver stands between. */
export const plain = { simpleResolvers: true } as const;

const AgencyCode = vocabularyEnum("AgencyCode");
const PurposeOfUse = vocabularyEnum("PurposeOfUse");

@Directive("@shareable")
@ObjectType(plain)
export class Money {
  @Field(() => String) readonly amount!: string;
  @Field(() => String) readonly currency!: string;
}

@Directive("@shareable")
@ObjectType(plain)
export class DateRange {
  @Field(() => CalendarDate, optional) readonly from!: string | null;
  @Field(() => CalendarDate, optional) readonly until!: string | null;
}

@Directive("@shareable")
@ObjectType(plain)
export class LocalizedText {
  @Field(() => String, optional) readonly ar!: string | null;
  @Field(() => String, optional) readonly en!: string | null;
}

@Directive('@key(fields: "address code", resolvable: false)')
@ObjectType(plain)
export class Agency {
  @Field(() => AgencyAddress) readonly address!: string;
  @Field(() => AgencyCode) readonly code!: string;
}

@Directive("@shareable")
@ObjectType(plain)
export class PageInfo {
  @Field(() => Boolean) readonly hasNextPage!: boolean;
  @Field(() => Boolean) readonly hasPreviousPage!: boolean;
  @Field(() => String, optional) readonly startCursor!: string | null;
  @Field(() => String, optional) readonly endCursor!: string | null;
}

@Directive("@shareable")
@ObjectType(plain)
export class Forbidden {
  @Field(() => String) readonly reason!: string;
}

@Directive("@shareable")
@ObjectType(plain)
export class GuardFailed {
  @Field(() => String) readonly guard!: string;
}

@InputType()
export class DateRangeInput {
  @Field(() => CalendarDate, optional) readonly from?: string | null;
  @Field(() => CalendarDate, optional) readonly until?: string | null;
}

/** The reader whom `own` and `inRows` are about; filled in by the gateway only. */
@Directive("@inaccessible")
@InputType()
export class ReaderInput {
  @Field(() => AgencyCode) readonly agency!: string;
  @Field(() => AgencyAddress) readonly address!: string;
  @Field(() => String) readonly role!: string;
  @Field(() => String) readonly staff!: string;
  @Field(() => PurposeOfUse) readonly purpose!: string;
}

/** Amounts are Bahraini dinars with three decimals, as text. */
export const dinars = (amount: string): Money => ({ amount, currency: "BHD" });
