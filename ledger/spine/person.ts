/** A person, of whom the spine knows only the parts in cases. */
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Inaccessible } from "../model/labels.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class Person {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;
}
