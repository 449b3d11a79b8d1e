/** Types of the residence authority's subgraph (`schema/npra.graphql`); entities load what they are asked for. */
import "reflect-metadata";
import { Arg, Ctx, Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { CalendarDate, CountryCode, DateTime, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { bounded } from "../shared/page.ts";
import { DateRangeInput, optional, plain } from "../shared/values.ts";
import type { NpraContext } from "./loaders.ts";

/** Movements in an answer unless the reader says how many; 100 at most. */
const USUAL_MOVEMENTS = 20;
const MigrationStatus = vocabularyEnum("MigrationStatus");
const Direction = vocabularyEnum("Direction");

/** `uid` is NPRA's own key: country and number. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Passport {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("IDENTIFIERS", "S2_PERSONAL", "بلد الإصدار")
  @Field(() => CountryCode, optional)
  readonly country!: string | null;

  @Labelled("IDENTIFIERS", "S2_PERSONAL", "رقم الجواز")
  @Field(() => String, optional)
  readonly number!: string | null;

  @Labelled("IDENTIFIERS", "S2_PERSONAL", "تاريخ الانتهاء")
  @Field(() => CalendarDate, optional)
  readonly expiresOn!: string | null;
}

/** `uid` is the number of the departure file. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class ReturnPlan {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("RETURN", "S3_CASE", "وثيقة السفر")
  @Field(() => String, optional)
  readonly travelDocument!: string | null;

  @Labelled("RETURN", "S3_CASE", "تاريخ المغادرة")
  @Field(() => CalendarDate, optional)
  readonly departedOn!: string | null;
}

@ObjectType(plain)
export class Residence {
  @Field(() => String, optional) readonly number!: string | null;
  @Field(() => MigrationStatus, optional) readonly kind!: string | null;
  @Field(() => CalendarDate, optional) readonly validUntil!: string | null;
  @Field(() => String, optional) readonly status!: string | null;
}

@ObjectType(plain)
export class TravelMovement {
  @Field(() => DateTime) readonly at!: string;
  @Field(() => Direction) readonly direction!: string;
  @Field(() => String, optional) readonly port!: string | null;
}

/** `uid` is the personal number (CPR), or a visitor's number. Nothing is asked before a field is. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Person {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("IDENTIFIERS", "S2_PERSONAL", "جوازات السفر")
  @Field(() => [Passport], optional)
  async passports(@Ctx() { passports }: NpraContext): Promise<readonly Passport[]> {
    return (await passports.load(this.uid)).toReversed();
  }

  @Labelled("IMMIGRATION", "S3_CASE", "الإقامة")
  @Field(() => Residence, optional)
  async residence(@Ctx() { residences }: NpraContext): Promise<Residence | null> {
    return (await residences.load(this.uid))?.permit ?? null;
  }

  @Labelled("IMMIGRATION", "S3_CASE", "حركة السفر")
  @Field(() => [TravelMovement], optional)
  async arrivals(
    @Directive('@filters(by: "Person.arrivals")')
    @Arg("period", () => DateRangeInput, optional)
    period: DateRangeInput | null,
    @Arg("last", () => Int, { nullable: true, defaultValue: USUAL_MOVEMENTS })
    last: number | null,
    @Ctx() { movements }: NpraContext,
  ): Promise<readonly TravelMovement[]> {
    const { from = null, until = null } = period ?? {};
    const count = bounded("last", last, USUAL_MOVEMENTS);
    return count === 0 ? [] : movements({ from, until, last: count }).load(this.uid);
  }

  @Labelled("IMMIGRATION", "S3_CASE", "وقف الإبعاد")
  @Field(() => Boolean, optional)
  async protectionHold(@Ctx() { residences }: NpraContext): Promise<boolean | null> {
    return (await residences.load(this.uid))?.hold ?? null;
  }
}
