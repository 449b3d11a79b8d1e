/**
 * A screening: findings drawn from the true class with a severity that they share, and the advisory rule over them.
 *
 * Rule   model.md §5: when a dimension is positive, and what `suggestedOutcome` says then. It never decides.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { CasePlan } from "./case-plan.ts";
import type { IndicatorDimension, ScreeningOutcome } from "./codes.ts";
import type { Context } from "./context.ts";
import { INDICATORS, SEVERITY_SIGMA, type TrueClass, WRONG_OUTCOMES } from "./knobs.ts";
import { normal, pick } from "./random.ts";
import type { ScreeningRow } from "./types.ts";

type Finding = ScreeningRow["findings"][number];
type DimensionResult = ScreeningRow["dimensionResults"][number];
interface Indicator {
  readonly code: string;
  readonly dimension: IndicatorDimension;
  readonly strength: "STRONG" | "MEDIUM" | "WEAK";
}

const INDICATOR_LIST: readonly Indicator[] = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, "schema/domain.json"), "utf8"),
).indicators;
const BY_CODE = new Map(INDICATOR_LIST.map((indicator) => [indicator.code, indicator]));
const DIMENSIONS = [...new Set(INDICATOR_LIST.map(({ dimension }) => dimension))];
const RECRUITMENT = ["DECEPTIVE_RECRUITMENT", "COERCIVE_RECRUITMENT", "RECRUITMENT_ABUSE_VULNERABILITY"];
const DESTINATION = ["COERCION_AT_DESTINATION", "ABUSE_VULNERABILITY_AT_DESTINATION"];

export function findingsOf(ctx: Context, plan: CasePlan): Finding[] {
  const draw = ctx.draws("findings", plan.index);
  const severity = SEVERITY_SIGMA * normal(draw);
  const truth = trueClass(plan, draw());
  const drawn = INDICATORS.filter(({ chance }) => draw() < shift(chance[truth], severity)).map(({ codes }) =>
    pick(codes, draw()),
  );
  const codes = drawn.length === 0 && truth === "labour" ? ["CD_WAGES", "EX_HOURS", "AV_DEPENDENCY"] : drawn;
  return codes.map((indicator) => ({
    indicator,
    evidence: pick(["STATEMENT", "STATEMENT", "OBSERVATION", "DOCUMENT", "RECORD"] as const, draw()),
    confidence: pick(["LOW", "MEDIUM", "HIGH"] as const, draw()),
  }));
}

export function dimensionResults(findings: readonly Finding[]): DimensionResult[] {
  return DIMENSIONS.map((dimension) => {
    const found = findings
      .map(({ indicator }) => BY_CODE.get(indicator)!)
      .filter((i) => i.dimension === dimension);
    const count = (strength: Indicator["strength"]) => found.filter((i) => i.strength === strength).length;
    const [strong, medium, weak] = [count("STRONG"), count("MEDIUM"), count("WEAK")];
    const positive =
      strong >= 2 || (strong === 1 && medium + weak >= 1) || medium >= 3 || (medium === 2 && weak >= 1);
    return { dimension, positive, strong, medium, weak };
  });
}

export function suggest(results: readonly DimensionResult[], child: boolean): ScreeningOutcome {
  const positive = (among: readonly string[]) =>
    results.some((r) => r.positive && among.includes(r.dimension));
  const exploited = positive(["EXPLOITATION"]);
  if (exploited && (positive(RECRUITMENT) || positive(DESTINATION))) return "PRESUMED_VICTIM";
  if (positive(["COERCION_AT_DESTINATION"])) return "PRESUMED_VICTIM";
  if (child && (exploited || positive(DESTINATION))) return "PRESUMED_VICTIM";
  const found = (among: readonly string[]) =>
    results.some((r) => among.includes(r.dimension) && r.strong + r.medium + r.weak > 0);
  if (found(["EXPLOITATION"])) return "LABOUR_VIOLATION_ONLY";
  return found(DIMENSIONS) ? "INSUFFICIENT_INDICATORS" : "NO_CONCERN";
}

/** What really happened; screeners err, so the outcome differs for some. */
function trueClass(plan: CasePlan, u: number): TrueClass {
  if (plan.outcome === "PRESUMED_VICTIM") return plan.form === "sexual" ? "sexual" : "labour";
  if (u < WRONG_OUTCOMES) return "labour";
  return plan.outcome === "LABOUR_VIOLATION_ONLY" || plan.outcome === null ? "labourOnly" : "none";
}

const shift = (chance: number, severity: number): number =>
  1 / (1 + Math.exp(-(Math.log(chance / (1 - chance)) + severity)));
