/** Whether a person is a presumed victim: indicators found, result of each dimension, outcome. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import {
  Confidence,
  DateTime,
  EvidenceBasis,
  IndicatorDimension,
  LanguageCode,
  ScreeningOutcome,
} from "../model/codes.ts";
import { Guarded, NULLABLE } from "../model/labels.ts";
import { Staff, stub } from "../model/values.ts";
import type { ScreeningFindingTable, ScreeningTable } from "../tables-content.ts";
import { Indicator } from "./indicator.ts";
import { indicatorOf } from "./indicators.ts";
import { contentLoaders } from "./loaders.ts";

/** Result of one dimension; advisory. */
@ObjectType()
class DimensionResult {
  @Field(() => IndicatorDimension)
  readonly dimension!: string;
  @Field(() => Boolean)
  readonly positive!: boolean;
  @Field(() => Int)
  readonly strong!: number;
  @Field(() => Int)
  readonly medium!: number;
  @Field(() => Int)
  readonly weak!: number;
}

@ObjectType()
class IndicatorFinding {
  @Guarded("SCREENING", "S4_VICTIM", "الأساس")
  @Field(() => EvidenceBasis, NULLABLE)
  readonly evidence!: string | null;

  @Guarded("SCREENING", "S4_VICTIM", "درجة اليقين")
  @Field(() => Confidence, NULLABLE)
  readonly confidence!: string | null;
}

@ObjectType()
export class Screening {
  @Guarded("SCREENING", "S3_CASE", "نتيجة الفرز")
  @Field(() => ScreeningOutcome, NULLABLE)
  readonly outcome!: string | null;

  @Guarded("SCREENING", "S3_CASE", "النتيجة المقترحة")
  @Field(() => ScreeningOutcome, NULLABLE)
  readonly suggestedOutcome!: string | null;

  @Guarded("SCREENING", "S4_VICTIM", "التسبيب")
  @Field(() => String, NULLABLE)
  readonly rationale!: string | null;

  @Guarded("SCREENING", "S2_PERSONAL", "لغة المقابلة")
  @Field(() => LanguageCode, NULLABLE)
  readonly interviewLanguage!: string | null;

  @Guarded("SCREENING", "S2_PERSONAL", "استعين بمترجم؟")
  @Field(() => Boolean, NULLABLE)
  readonly interpreterUsed!: boolean | null;

  @Guarded("SCREENING", "S3_CASE", "وقت القرار")
  @Field(() => DateTime, NULLABLE)
  readonly decidedAt!: string | null;
}

@Resolver(() => IndicatorFinding)
export class IndicatorFindingResolver {
  @Guarded("SCREENING", "S4_VICTIM", "المؤشر")
  @FieldResolver(() => Indicator, NULLABLE)
  indicator(@Root() row: ScreeningFindingTable): Indicator | null {
    return indicatorOf(row.indicator);
  }
}

@Resolver(() => Screening)
export class ScreeningResolver {
  @Guarded("SCREENING", "S4_VICTIM", "المؤشرات المرصودة")
  @FieldResolver(() => [IndicatorFinding], NULLABLE)
  findings(@Root() row: ScreeningTable, @Ctx() context: LedgerContext) {
    return contentLoaders(context).findingsOfCase.load(row.caseUid);
  }

  @Guarded("SCREENING", "S3_CASE", "نتيجة كل بُعد")
  @FieldResolver(() => [DimensionResult], NULLABLE)
  dimensionResults(@Root() row: ScreeningTable, @Ctx() context: LedgerContext) {
    return contentLoaders(context).dimensionsOfCase.load(row.caseUid);
  }

  @Guarded("SCREENING", "S3_CASE", "القائم بالفرز")
  @FieldResolver(() => Staff, NULLABLE)
  screener(@Root() row: ScreeningTable) {
    return stub(row.screener);
  }

  @Guarded("SCREENING", "S3_CASE", "المراجع")
  @FieldResolver(() => Staff, NULLABLE)
  reviewer(@Root() row: ScreeningTable) {
    return stub(row.reviewer);
  }
}
