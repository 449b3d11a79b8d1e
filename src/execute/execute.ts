/**
 * The execute stage: runs a plan's fetches, gates rows before they are asked for, and keeps partial results.
 *
 * In      a plan (compiled once and kept with it), internal variables, the row rules, the backends.
 * Out     merged data in canonical keys, and the faults of agencies that did not answer or answered badly.
 * Order   the parts of a mutation run one after the other; a null that ends the whole answer ends them too.
 * Errors  rejects only for faults of ours; an agency's trouble is a fault beside the data.
 */
import type { SubgraphName } from "../kernel/brands.ts";
import type { Plan, PlannedPart } from "../plan/plan.ts";
import type { Backend, OutboundReader } from "./backend.ts";
import { compileNode } from "./compile-node.ts";
import { MissingValues } from "./missing.ts";
import { type RowRules, Rows } from "./rows.ts";
import type { Data, Fault, Run, Step } from "./run.ts";

export interface ExecuteRequest {
  readonly plan: Plan;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly rules: RowRules;
  readonly reader: OutboundReader;
  readonly backends: ReadonlyMap<SubgraphName, Backend>;
  readonly signal: AbortSignal;
}

export interface Execution {
  readonly data: Data;
  readonly faults: readonly Fault[];
  /** What marks in the data stand for. */
  readonly missing: MissingValues;
  /** Settles rows for projection, with the same facts. */
  readonly rows: Rows;
}

export async function execute(request: ExecuteRequest): Promise<Execution> {
  const run = openRun(request);
  for (const part of request.plan.parts) {
    await stepOf(part, request.plan)(run);
    if (part.essential !== null && isNothing(run.data[part.essential])) break;
  }
  return run;
}

export function openRun({ variables, rules, reader, backends, signal }: ExecuteRequest): Run {
  return {
    ...{ variables, reader, backends, signal },
    rows: new Rows(rules),
    variableTexts: new Map(),
    data: Object.create(null),
    faults: [],
    missing: new MissingValues(),
  };
}

const compiled = new WeakMap<PlannedPart, Step>();

export function stepOf(part: PlannedPart, { internal, types }: Plan): Step {
  let step = compiled.get(part);
  if (!step) {
    const { node } = part.fetches;
    step = node ? compileNode(node, internal.root, types) : () => undefined;
    compiled.set(part, step);
  }
  return step;
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === "symbol";
