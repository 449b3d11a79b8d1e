/**
 * The plan stage: cuts what is denied, adds what rows need, has the fetches ordered, and keeps the result.
 *
 * In      a prepared operation, its condition values, whether an issue is named, the reader's profile.
 * Out     a `Plan`, the same object for the same operation and the same decisions; for a minute only where time plays a part in them.
 * Errors  PLANNER_UNAVAILABLE. Nothing has been fetched by then.
 * Cost    a map look-up on a hit; a rewrite and a planner round trip on a miss.
 */
import { LRUCache } from "lru-cache";
import { MAX_CACHED_PLANS } from "../kernel/limits.ts";
import type { PreparedOperation } from "../operation/prepared.ts";
import { servedOf } from "../supergraph/served.ts";
import { type TypeTable, typeTableOf } from "../supergraph/type-table.ts";
import { checkPlan } from "./check-plan.ts";
import { expandDeferred } from "./expand-deferred.ts";
import type { FetchPlan } from "./fetch-plan.ts";
import type { GateMaker } from "./gates.ts";
import type { InternalOperation, OperationPart } from "./internal-operation.ts";
import { NO_OVERRIDES, type Overrides } from "./overrides.ts";
import type { Planner } from "./planner.ts";
import { rewrite } from "./rewrite.ts";
import type { Projection } from "./shape.ts";
import { type LateFetches, splitPlan } from "./split-plan.ts";

/** A plan in which time plays a part is made anew after this. */
const TIMED_PLAN_MS = 60_000;

/** A part of the operation with its fetches in order. */
export interface PlannedPart extends OperationPart {
  readonly fetches: FetchPlan;
}

export interface Plan {
  readonly internal: InternalOperation;
  readonly projection: Projection;
  readonly parts: readonly PlannedPart[];
  /** What deferred fragments wait for beyond `parts`; empty for an answer in one piece. */
  readonly late: readonly LateFetches[];
  readonly types: TypeTable;
}

export interface PlanRequest {
  readonly operation: PreparedOperation;
  readonly conditions: string;
  readonly hasIssue: boolean;
  readonly gates: GateMaker;
  /** Progressive overrides in force for this request; none when left out. */
  readonly overrides?: Overrides;
  /** The answer may come in pieces; `@defer` is ignored when left out. */
  readonly inPieces?: boolean;
}

export type PlanStage = (request: PlanRequest) => Promise<Plan>;

interface Kept {
  readonly plan: Promise<Plan>;
  readonly untilMs: number;
}

export function createPlanStage(planner: Planner): PlanStage {
  const plans = new LRUCache<string, Kept>({ max: MAX_CACHED_PLANS });
  const byOperation = new WeakMap<PreparedOperation, number>();
  let operations = 0;
  const numberOf = (operation: PreparedOperation): number => {
    const number = byOperation.get(operation) ?? ++operations;
    byOperation.set(operation, number);
    return number;
  };

  return (request) => {
    const { operation, conditions, hasIssue, gates, overrides = NO_OVERRIDES } = request;
    const form = operation.defers && request.inPieces ? "pieces" : "whole";
    const key = `${numberOf(operation)}|${form}|${conditions}|${hasIssue}|${overrides.key}|${gates.profile.key}`;
    const { now } = gates.registerFacts;
    const known = plans.get(key);
    if (known && now < known.untilMs) return known.plan;
    const time = { isRead: false };
    const plan = makePlan(planner, { ...request, gates: { ...gates, time } });
    plans.set(key, { plan, untilMs: time.isRead ? now + TIMED_PLAN_MS : Number.POSITIVE_INFINITY });
    plan.catch(() => plans.delete(key));
    return plan;
  };
}

/** Rewrites before it waits for anything. */
async function makePlan(planner: Planner, request: PlanRequest): Promise<Plan> {
  const { operation, conditions, inPieces, overrides } = request;
  const deferral = inPieces ? expandDeferred(operation, conditions) : null;
  const { internal, projection } = rewrite({ ...request, deferral });
  const parts = await Promise.all(
    internal.parts.map(async (part) => {
      const fetches = await planner.plan(part.text, overrides);
      checkPlan(fetches, part.text, servedOf(request.gates.supergraph));
      return { ...part, fetches };
    }),
  );
  const split = deferral ? splitPlan(parts, projection, deferral) : { parts, late: [] };
  return { internal, projection, ...split, types: typeTableOf(request.gates.supergraph) };
}
