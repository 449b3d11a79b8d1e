/**
 * The plan stage: cuts what is denied, adds what rows need, has the fetches ordered, and keeps the result.
 *
 * In      a prepared operation, its condition values, whether an issue is named, the reader's profile.
 * Out     a `Plan`, the same object for the same operation and the same decisions.
 * Errors  PLANNER_UNAVAILABLE. Nothing has been fetched by then.
 * Cost    a map look-up on a hit; a rewrite and a planner round trip on a miss.
 */
import { LRUCache } from "lru-cache";
import type { PreparedOperation } from "../operation/prepared.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import type { GateMaker } from "./gates.ts";
import type { InternalOperation } from "./internal-operation.ts";
import type { Planner } from "./planner.ts";
import { rewrite } from "./rewrite.ts";
import type { Projection } from "./shape.ts";

/** Plans kept. */
const CACHED_PLANS = 2_000;

export interface Plan {
  readonly internal: InternalOperation;
  readonly projection: Projection;
  readonly fetches: FetchPlan;
}

export interface PlanRequest {
  readonly operation: PreparedOperation;
  readonly conditions: string;
  readonly hasIssue: boolean;
  readonly gates: GateMaker;
}

export type PlanStage = (request: PlanRequest) => Promise<Plan>;

export function createPlanStage(planner: Planner): PlanStage {
  const plans = new LRUCache<string, Promise<Plan>>({ max: CACHED_PLANS });
  const byOperation = new WeakMap<PreparedOperation, number>();
  let operations = 0;
  const numberOf = (operation: PreparedOperation): number => {
    const number = byOperation.get(operation) ?? ++operations;
    byOperation.set(operation, number);
    return number;
  };

  return (request) => {
    const { operation, conditions, hasIssue, gates } = request;
    const key = `${numberOf(operation)}|${conditions}|${hasIssue}|${gates.profile.key}`;
    const known = plans.get(key);
    if (known) return known;
    const plan = makePlan(planner, request);
    plans.set(key, plan);
    plan.catch(() => plans.delete(key));
    return plan;
  };
}

async function makePlan(planner: Planner, request: PlanRequest): Promise<Plan> {
  const { internal, projection } = rewrite(request);
  const fetches = internal.text === "" ? {} : await planner.plan(internal.text);
  return { internal, projection, fetches };
}
