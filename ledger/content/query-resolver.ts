/** Roots of the content that are served. */
import { Arg, Query, Resolver } from "type-graphql";
import { IndicatorDimension } from "../model/codes.ts";
import { NULLABLE } from "../model/labels.ts";
import { Indicator } from "./indicator.ts";
import { INDICATORS } from "./indicators.ts";

@Resolver()
export class ContentQueries {
  @Query(() => [Indicator], NULLABLE)
  indicators(
    @Arg("dimension", () => IndicatorDimension, NULLABLE) dimension?: string | null,
  ): readonly Indicator[] {
    return dimension ? INDICATORS.filter((indicator) => indicator.dimension === dimension) : INDICATORS;
  }
}
