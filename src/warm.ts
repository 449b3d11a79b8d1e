/**
 * Plans documents before they are asked for, so that the first reader who asks need not wait.
 *
 * In      documents and the readers to plan them for. Out  how many plans were made, and what kept others from being made.
 * Bounds  no more plans than are kept; after `MAX_WARM_FAILURES` nothing more: readers should not wait for a planner that does not plan.
 */
import { GatewayError } from "./kernel/errors.ts";
import { MAX_CACHED_PLANS } from "./kernel/limits.ts";
import type { PersistedDocument } from "./operation/document-store.ts";
import type { Prepare } from "./operation/prepare.ts";
import { operationsOf } from "./operation/prepare-documents.ts";
import type { PreparedOperation } from "./operation/prepared.ts";
import type { GateMaker } from "./plan/gates.ts";
import type { PlanStage } from "./plan/plan.ts";
import type { ProfileReader } from "./policy/policy-set.ts";

export interface Warmed {
  readonly plans: number;
  /** What kept others from being made, refusals of a reader apart. */
  readonly failures: readonly unknown[];
}

interface WarmParts {
  readonly prepare: Prepare;
  readonly planStage: PlanStage;
  readonly gatesFor: (reader: ProfileReader) => GateMaker;
}

const MAX_WARM_FAILURES = 5;

export const createWarm =
  ({ prepare, planStage, gatesFor }: WarmParts) =>
  async (documents: readonly PersistedDocument[], readers: readonly ProfileReader[]): Promise<Warmed> => {
    const failures: unknown[] = [];
    let plans = 0;
    const fail = (error: unknown) => {
      if (!(error instanceof GatewayError && error.family === "caller")) failures.push(error);
    };
    for (const [operation, reader] of pairs(operationsOf(prepare, documents), readers)) {
      if (plans >= MAX_CACHED_PLANS || failures.length >= MAX_WARM_FAILURES) break;
      try {
        const gates = gatesFor(reader);
        for (const hasIssue of [false, true])
          for (const conditions of conditionsOf(operation))
            for (const inPieces of operation.defers ? [false, true] : [false]) {
              await planStage({ operation, conditions, hasIssue, gates, inPieces });
              plans += 1;
            }
      } catch (error) {
        fail(error);
      }
    }
    return { plans, failures };
  };

function* pairs<One, Other>(ones: Iterable<One>, others: readonly Other[]): Generator<[One, Other]> {
  for (const one of ones) for (const other of others) yield [one, other];
}

/** All false, and all true where there are any. */
const conditionsOf = ({ conditionVariables: { length } }: PreparedOperation): Iterable<string> =>
  new Set(["0".repeat(length), "1".repeat(length)]);
