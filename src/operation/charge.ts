/**
 * Takes what an operation costs of its client's budgets; the gateway calls it before it plans.
 *
 * In      the schema, how large a page may be, who counts and by which limits; then each request.
 * Out     what is left, as headers; null where there are no budgets.
 * Errors  those of `budget.ts`.
 */
import type { MemberAddress } from "../kernel/brands.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import type { BudgetLimits, Budgets, RateHeaders } from "./budget.ts";
import { createCostOf, type Values } from "./cost.ts";
import type { PreparedOperation } from "./prepared.ts";

/** Who counts outlives a version; how much may be asked is the version's. */
export interface Budget {
  readonly budgets: Pick<Budgets, "take">;
  readonly limits: BudgetLimits & { readonly assumedListSize: number };
}

export interface BudgetHolder {
  readonly member: MemberAddress;
  /** Unique inside the member. */
  readonly client: string;
}

export type Charge = (
  holder: BudgetHolder,
  operation: PreparedOperation,
  values: Values,
) => RateHeaders | null;

export function createCharge(
  supergraph: Supergraph,
  { maxPageSize }: { readonly maxPageSize: number },
  budget: Budget | undefined,
): Charge {
  if (!budget) return () => null;
  const { budgets, limits } = budget;
  const costOf = createCostOf({ supergraph, assumedListSize: limits.assumedListSize, maxPageSize });
  return ({ member, client }, operation, values) =>
    budgets.take(`${member}|${client}`, costOf(operation, values), limits);
}
