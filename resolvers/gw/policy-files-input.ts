/** Files of policies as somebody holds them in an editor. Names and sizes are checked where a content is made of them. */
import "reflect-metadata";
import { Field, InputType } from "type-graphql";

@InputType()
export class PolicyFileInput {
  /** Relative to the folder of policies, with `/`. */
  @Field(() => String) readonly path!: string;
  @Field(() => String) readonly text!: string;
}
