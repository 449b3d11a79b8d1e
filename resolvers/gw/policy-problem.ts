/** What is wrong with policies, and where, as a type-graphql class: for squiggles in an editor. */
import "reflect-metadata";
import { Field, Int, ObjectType } from "type-graphql";
import { optional, plain } from "../shared/values.ts";

@ObjectType(plain)
export class PolicyProblem {
  /** All three are null for what concerns the policies as a whole; the column alone where a line is meant. */
  @Field(() => String, optional) readonly file!: string | null;
  @Field(() => Int, optional) readonly line!: number | null;
  @Field(() => Int, optional) readonly column!: number | null;
  @Field(() => String) readonly message!: string;
}
