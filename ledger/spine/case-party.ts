/** Somebody's part in a case. Edges are in `case-party-resolver.ts`. */
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { AgencyCode, CalendarDate, PartyRole, SurvivorCode } from "../model/codes.ts";
import { Guarded, Inaccessible, NULLABLE, PolicyInput } from "../model/labels.ts";

@Directive('@key(fields: "uid")')
@ObjectType()
export class CaseParty {
  @Inaccessible()
  @Field(() => ID)
  readonly uid!: string;

  @Guarded("CASE_HEADER", "S3_CASE", "صفته")
  @Field(() => PartyRole, NULLABLE)
  readonly role!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "رمز الحالة")
  @Field(() => SurvivorCode, NULLABLE)
  readonly code!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "من تاريخ")
  @Field(() => CalendarDate, { ...NULLABLE, name: "from" })
  readonly fromDate!: string | null;

  @Guarded("CASE_HEADER", "S3_CASE", "إلى تاريخ")
  @Field(() => CalendarDate, { ...NULLABLE, name: "until" })
  readonly untilDate!: string | null;

  @PolicyInput()
  @Field(() => [AgencyCode], NULLABLE)
  readonly holders!: readonly string[] | null;
}
