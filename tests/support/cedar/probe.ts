/**
 * One operator or function of Cedar's expression language as a condition of its own, over operands of random depth.
 *
 * Rule    the operator decides the condition; the topics are where it finds its operands. `mayErr`: on operands that
 *         do not err, the operator itself can. `raw`: only Cedar's evaluator takes it, its validator refuses it.
 */
import { type Build, type Dice, long } from "./expressions.ts";
import type { Topic } from "./world.ts";

export interface Probe {
  readonly operator: string;
  readonly topics: readonly Topic[];
  readonly build: Build;
  readonly mayErr?: true;
  readonly raw?: true;
}

export const COMPARISONS = ["<", "<=", ">", ">="];
export const SAME = ["==", "!="];
export const LONGS: readonly Topic[] = ["Num", "Time", "Rec"];
/** Two operands and what stands between them. */
export const between =
  (operand: Build, operator: string): Build =>
  (d, depth) =>
    `(${operand(d, depth)} ${operator} ${operand(d, depth)})`;
export const call =
  (operand: Build, method: string, argument: Build): Build =>
  (d, depth) =>
    `${operand(d, depth)}.${method}(${argument(d, depth)})`;
export const ask =
  (operand: Build, method: string): Build =>
  (d, depth) =>
    `${operand(d, depth)}.${method}()`;
export const compared = (d: Dice, value: string, other: Build) =>
  `(${value} ${d.pick([...COMPARISONS, ...SAME])} ${other(d, 0)})`;
/** The operator's result, compared with another value of its type. */
export const result =
  (build: Build, type: Build): Build =>
  (d, depth) =>
    compared(d, build(d, depth), type);

/** Errs for some rows, or for all. */
export const erring = (d: Dice) =>
  d.chance(0.3)
    ? "(9007199254740991 * 1024 + 1024 > 0)"
    : `(${long(d, 0)} * ${d.pick(["1024", "resource.m"])} + 9007199254740991 * ${d.pick(["1000", "1024"])} > 0)`;
