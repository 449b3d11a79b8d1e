/** Types of the insurance register's subgraph (`schema/hlt.graphql`), and how its records are read. */
import "reflect-metadata";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { z } from "zod";
import { CalendarDate } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { optional, plain } from "../shared/values.ts";
import { compactDate } from "../shared/wire.ts";

/** `uid` is the insurance number: the link boundary makes a uid of it. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class Person {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("EMPLOYMENT", "S2_PERSONAL", "نهاية التأمين الصحي")
  @Field(() => CalendarDate, optional)
  readonly insuredUntil!: string | null;
}

/** What is not listed is not read; what has another shape is refused. */
export const insuredRecord = z
  .object({ INS_NO: z.string(), VALID_TO: compactDate })
  .transform(({ INS_NO, VALID_TO }): Person => ({ uid: INS_NO, insuredUntil: VALID_TO }));
