/** Types of the insurance register's subgraph (`schema/hlt.graphql`), and its table. */
import "reflect-metadata";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { CalendarDate } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { optional, plain } from "../shared/values.ts";

export interface HltDatabase {
  readonly insured: { readonly ins_no: string; readonly valid_until: string };
}

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
