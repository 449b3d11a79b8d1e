/**
 * The execute stage: runs a plan's fetches, gates rows before they are asked for, and keeps partial results.
 *
 * In      a plan (compiled once and kept with it), internal variables, the row rules, the backends.
 * Out     merged data in canonical keys, and the faults of agencies that did not answer or answered badly.
 * Rule    policy inputs come before what they gate: inside a Parallel, fetches that bring facts go first.
 * Errors  rejects only for faults of ours; an agency's trouble is a fault beside the data.
 */
import type { SubgraphName } from "../kernel/brands.ts";
import type { FetchNode, PlanNode } from "../plan/fetch-plan.ts";
import type { Position } from "../plan/internal-operation.ts";
import type { Plan } from "../plan/plan.ts";
import { ask, pick } from "./ask.ts";
import type { Backend, OutboundReader } from "./backend.ts";
import { batchFetch, flattenedFetch } from "./entity-fetch.ts";
import { merge } from "./merge.ts";
import { compileRestore } from "./represent.ts";
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
  /** Settles rows for projection, with the same facts. */
  readonly rows: Rows;
}

const compiled = new WeakMap<Plan, Step>();

export async function execute(request: ExecuteRequest): Promise<Execution> {
  const { plan, variables, rules, reader, backends, signal } = request;
  const rows = new Rows(rules);
  const run: Run = { variables, reader, rows, backends, signal, data: Object.create(null), faults: [] };
  await stepOf(plan)(run);
  return { data: run.data, faults: run.faults, rows };
}

function stepOf(plan: Plan): Step {
  let step = compiled.get(plan);
  if (!step) {
    const { node } = plan.fetches;
    step = node ? compileNode(node, plan.internal.root) : () => undefined;
    compiled.set(plan, step);
  }
  return step;
}

function compileNode(node: PlanNode, root: Position): Step {
  switch (node.kind) {
    case "Fetch":
      return rootFetch(node);
    case "BatchFetch":
      return batchFetch(node, root);
    case "Flatten":
      if (node.node.kind === "Fetch") return flattenedFetch(node.node, node.path, root);
      return compileNode(node.node, root);
    case "Sequence":
      return sequence(node.nodes.map((child) => compileNode(child, root)));
    case "Parallel":
      return factsFirst(node.nodes, root);
    default:
      throw new Error(`the plan holds a \`${(node as PlanNode).kind}\` node, which is not executed here`);
  }
}

const sequence =
  (steps: readonly Step[]): Step =>
  async (run) => {
    for (const step of steps) await step(run);
  };

const parallel =
  (steps: readonly Step[]): Step =>
  (run) => {
    const waits = steps.flatMap((step) => step(run) ?? []);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  };

/** Entity fetches wait for the fetches beside them that bring facts about rows (`_p_access`). */
function factsFirst(nodes: readonly PlanNode[], root: Position): Step {
  const bringing = nodes.filter((node) => node.kind !== "Fetch" && bringsFacts(node));
  const waiting = nodes.filter((node) => node.kind !== "Fetch" && !bringing.includes(node));
  const compile = (some: readonly PlanNode[]): Step => parallel(some.map((node) => compileNode(node, root)));
  if (bringing.length === 0 || waiting.length === 0) return compile(nodes);
  const atOnce = nodes.filter((node) => node.kind === "Fetch");
  return parallel([compile(atOnce), sequence([compile(bringing), compile(waiting)])]);
}

function bringsFacts(node: PlanNode): boolean {
  if (node.kind === "Flatten") return bringsFacts(node.node);
  return "operation" in node ? /\b_p_access\b/.test(node.operation) : node.nodes.some(bringsFacts);
}

function rootFetch(node: FetchNode): Step {
  const subgraph = node.serviceName as SubgraphName;
  const restore = compileRestore(node.outputRewrites);
  const kind = node.operationKind === "mutation" ? "mutation" : "query";
  return async (run) => {
    const variables = pick(run.variables, node.variableUsages ?? []);
    const data = await ask(run, { subgraph, query: node.operation, kind, variables, path: null });
    if (!data) return;
    restore(data);
    merge(run.data, data);
  };
}
