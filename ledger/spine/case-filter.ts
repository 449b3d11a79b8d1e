/** Which cases a list shows. Conditions are joined by "and"; a list of codes means any of them. */
import { Field, InputType } from "type-graphql";
import {
  AgencyCode,
  CaseNumber,
  IdentificationState,
  JusticeState,
  LabourState,
  ProtectionState,
  RedressState,
  RiskLevel,
} from "../model/codes.ts";
import { FiltersBy, NULLABLE } from "../model/labels.ts";
import { DateRangeInput } from "../model/values.ts";

type Codes = readonly string[] | null;

@InputType()
export class CaseFilter {
  @FiltersBy("Case.nrmNumber")
  @Field(() => CaseNumber, NULLABLE)
  readonly nrmNumber?: string | null;
  @FiltersBy("Case.identificationState")
  @Field(() => [IdentificationState], NULLABLE)
  readonly identification?: Codes;
  @FiltersBy("Case.protectionState")
  @Field(() => [ProtectionState], NULLABLE)
  readonly protection?: Codes;
  @FiltersBy("Case.justiceState")
  @Field(() => [JusticeState], NULLABLE)
  readonly justice?: Codes;
  @FiltersBy("Case.labourState")
  @Field(() => [LabourState], NULLABLE)
  readonly labour?: Codes;
  @FiltersBy("Case.redressState")
  @Field(() => [RedressState], NULLABLE)
  readonly redress?: Codes;
  @FiltersBy("Case.owner")
  @Field(() => AgencyCode, NULLABLE)
  readonly owner?: string | null;
  @FiltersBy("Case.riskLevel")
  @Field(() => [RiskLevel], NULLABLE)
  readonly riskLevel?: Codes;
  @FiltersBy("Case.openedAt")
  @Field(() => DateRangeInput, NULLABLE)
  readonly opened?: DateRangeInput | null;
}
