/** One organisation, as a type-graphql class. What it is called is no secret. */
import "reflect-metadata";
import { Directive, Field, ObjectType } from "type-graphql";
import { AgencyAddress, vocabularyEnum } from "../shared/codes.ts";
import { LocalizedText, plain } from "../shared/values.ts";

const AgencyCode = vocabularyEnum("AgencyCode");

@Directive('@key(fields: "address code")')
@ObjectType("Agency", plain)
export class Member {
  @Field(() => AgencyAddress) readonly address!: string;
  @Field(() => AgencyCode) readonly code!: string;
  @Field(() => LocalizedText) readonly name!: LocalizedText;
}
