/**
 * Compiles the nodes of a plan into steps, once for each plan.
 *
 * Rule    policy inputs come before what they gate: inside a Parallel, fetches that bring facts go first.
 */
import type { PlanNode } from "../plan/fetch-plan.ts";
import type { Position } from "../plan/internal-operation.ts";
import type { Plan } from "../plan/plan.ts";
import { batchFetch, flattenedFetch } from "./entity-fetch.ts";
import { nestedRootFetch, rootFetch } from "./root-fetch.ts";
import type { Step } from "./run.ts";

type Types = Plan["types"];

/** Stands around the step of each node that fetches. */
export type AroundFetch = (node: PlanNode, step: Step) => Step;

export function compileNode(
  node: PlanNode,
  root: Position,
  types: Types,
  around: AroundFetch = (_, step) => step,
): Step {
  const compile = (child: PlanNode): Step => compileNode(child, root, types, around);
  switch (node.kind) {
    case "Fetch":
      return around(node, rootFetch(node, root, types));
    case "BatchFetch":
      return around(node, batchFetch(node, root, types));
    case "Flatten":
      if (node.node.kind !== "Fetch") return compile(node.node);
      return around(
        node,
        node.node.requires?.length
          ? flattenedFetch(node.node, node.path, root, types)
          : nestedRootFetch(node.node, node.path, root, types),
      );
    case "Sequence":
      return sequence(node.nodes.map(compile));
    case "Parallel":
      return factsFirst(node.nodes, compile);
    case "Condition": {
      const { condition, ifClause, elseClause } = node;
      const [held, failed] = [ifClause, elseClause].map((clause) => (clause ? compile(clause) : NOTHING)) as [
        Step,
        Step,
      ];
      return (run) => (run.variables[condition] === true ? held : failed)(run);
    }
    case "Subscription":
      // The event has been taken into the data before the steps that follow it run (subscribe.ts).
      return NOTHING;
  }
}

const NOTHING: Step = () => undefined;

const sequence =
  (steps: readonly Step[]): Step =>
  async (run) => {
    for (const step of steps) await step(run);
  };

const parallel =
  (steps: readonly Step[]): Step =>
  (run) => {
    const waits = steps.flatMap((step) => step(run) ?? []);
    return waits.length < 2 ? waits[0] : Promise.all(waits).then(() => undefined);
  };

/** Entity fetches wait for the fetches beside them that bring facts about rows (`_p_access`). */
function factsFirst(nodes: readonly PlanNode[], compileOne: (node: PlanNode) => Step): Step {
  const bringing = nodes.filter((node) => node.kind !== "Fetch" && bringsFacts(node));
  const waiting = nodes.filter((node) => node.kind !== "Fetch" && !bringing.includes(node));
  const compile = (some: readonly PlanNode[]): Step => parallel(some.map(compileOne));
  if (bringing.length === 0 || waiting.length === 0) return compile(nodes);
  const atOnce = nodes.filter((node) => node.kind === "Fetch");
  return parallel([compile(atOnce), sequence([compile(bringing), compile(waiting)])]);
}

function bringsFacts(node: PlanNode): boolean {
  if ("operation" in node) return /\b_p_access\b/.test(node.operation);
  if ("nodes" in node) return node.nodes.some(bringsFacts);
  return node.kind === "Flatten" && bringsFacts(node.node);
}
