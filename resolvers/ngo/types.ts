/** Types of a society's subgraph (`schema/ngo.graphql`). */
import "reflect-metadata";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { CalendarDate, vocabularyEnum } from "../shared/codes.ts";
import { Labelled } from "../shared/labels.ts";
import { optional, plain } from "../shared/values.ts";

const ServiceType = vocabularyEnum("ServiceType");

@ObjectType(plain)
export class AssistanceRecord {
  @Field(() => ServiceType) readonly kind!: string;
  @Field(() => CalendarDate) readonly on!: string;
  @Field(() => String, optional) readonly summary!: string | null;
}

/** `uid` is the survivor code that this society gave. */
@Directive('@key(fields: "uid")')
@ObjectType(plain)
export class CaseParty {
  @Directive("@inaccessible")
  @Field(() => ID)
  readonly uid!: string;

  @Labelled("SERVICES_PLAN", "S3_CASE", "مساعدة الجمعيات")
  @Field(() => [AssistanceRecord], optional)
  readonly assistance!: readonly AssistanceRecord[] | null;
}
