/** One of the 67 indicators of trafficking. */
import { Field, ObjectType } from "type-graphql";
import {
  ControlMethod,
  ForcedLabourIndicator11,
  IndicatorDimension,
  IndicatorStrength,
} from "../model/codes.ts";
import { NULLABLE } from "../model/labels.ts";
import { LocalizedText } from "../model/values.ts";

@ObjectType()
export class Indicator {
  @Field(() => String)
  readonly code!: string;
  @Field(() => IndicatorDimension)
  readonly dimension!: string;
  @Field(() => IndicatorStrength)
  readonly strength!: string;
  @Field(() => LocalizedText)
  readonly label!: LocalizedText;
  @Field(() => ForcedLabourIndicator11, NULLABLE)
  readonly ilo11!: string | null;
  @Field(() => ControlMethod, NULLABLE)
  readonly controlMethod!: string | null;
}
