/** Policies as far as a row decides them, for one reader and one action: what verdicts are made of. */
import type { PolicyId } from "../kernel/brands.ts";
import type { Obligations } from "../kernel/obligations.ts";
import type { FactName, Facts } from "./verdict.ts";

export interface FactRow {
  readonly facts: Facts;
  readonly own: boolean;
}

/** One policy, as far as the row decides it. Policies that can never hold are left out. */
export interface Rule {
  readonly id: PolicyId;
  readonly reason: string;
  /** True: holds for every row. */
  readonly always: boolean;
  /** Never throws. */
  readonly holds: (row: FactRow) => boolean;
  readonly reads: ReadonlySet<FactName>;
  /** What its readers owe for what it shows. */
  readonly obligations: Obligations;
}

export interface Level {
  readonly permits: readonly Rule[];
  readonly forbids: readonly Rule[];
}

/** The first that holds. */
export function holding<R extends Rule>(rules: readonly R[], row: FactRow): R | undefined {
  for (const rule of rules) if (rule.holds(row)) return rule;
  return undefined;
}

export const readsOf = (rules: readonly Rule[]): FactName[] => rules.flatMap(({ reads }) => [...reads]);
