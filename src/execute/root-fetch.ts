/** Fetches from a root type: at the root of the answer, or, where a field leads back to a root type, at the objects that stand there. */
import type { SubgraphName } from "../kernel/brands.ts";
import { operationOf } from "../kernel/fetch-text.ts";
import type { FetchNode, PathSegment } from "../plan/fetch-plan.ts";
import type { Position } from "../plan/internal-operation.ts";
import type { Plan } from "../plan/plan.ts";
import { ask, headOf, variableMembers } from "./ask.ts";
import type { SubgraphReply } from "./backend.ts";
import { keysOf } from "./entity-request.ts";
import { copy, merge } from "./merge.ts";
import { markKeys } from "./missing.ts";
import { placeErrors } from "./reply-errors.ts";
import { compileRestore } from "./restore.ts";
import type { Data, Run, Step } from "./run.ts";
import { compilePath, Found } from "./walk.ts";

/** Takes a reply to a root operation into the data. */
export type TakeReply = (run: Run, reply: SubgraphReply) => void;

export function rootFetch(node: FetchNode, root: Position, types: Plan["types"]): Step {
  const subgraph = node.serviceName as SubgraphName;
  const { operation: query, operationKind: kind, variableUsages = [] } = node;
  const head = headOf(query);
  const keys = keysOf(operationOf(query).selectionSet);
  const take = takeReply(node, root, types);
  return async (run) => {
    const variables = variableMembers(run, variableUsages);
    const asked = await ask(run, { subgraph, query, head, kind, variables, path: null });
    if ("fault" in asked) {
      const known = root.isPlain ? keys : keys.filter((key) => root.fields.has(key));
      markKeys(run.data, known, run.missing.mark(asked.fault, [], false));
    } else take(run, asked.reply);
  };
}

export function takeReply(
  { serviceName, outputRewrites = [] }: Pick<FetchNode, "serviceName" | "outputRewrites">,
  root: Position,
  types: Plan["types"],
): TakeReply {
  const restore = compileRestore(outputRewrites, types);
  const context = { subgraph: serviceName as SubgraphName, path: null };
  return (run, { data, errors }) => {
    if (data) {
      restore?.(data);
      merge(run.data, data, types);
    }
    if (errors.length > 0) {
      const roots = [{ object: run.data, position: root }];
      placeErrors(run, errors, context, (rest) => ({ roots, rest }));
    }
  };
}

/** `{ node { query { … } } }`: a root type reached again is asked like the root, and put where it was reached. */
export function nestedRootFetch(
  node: FetchNode,
  path: readonly PathSegment[],
  root: Position,
  types: Plan["types"],
): Step {
  const subgraph = node.serviceName as SubgraphName;
  const { operation: query, operationKind: kind, variableUsages = [] } = node;
  const head = headOf(query);
  const at = compilePath(path, root, types);
  const restore = compileRestore(node.outputRewrites ?? [], types);
  return async (run) => {
    const found = new Found();
    at.walk(run, found);
    const { objects, positions } = found;
    if (objects.length === 0) return;
    const variables = variableMembers(run, variableUsages);
    const asked = await ask(run, { subgraph, query, head, kind, variables, path: null });
    if ("fault" in asked) return;
    const { data, errors } = asked.reply;
    if (data) restore?.(data);
    for (const [i, object] of objects.entries())
      if (data) merge(object, i === 0 ? data : (copy(data) as Data), types);
    const roots = objects.map((object, i) => ({ object, position: positions[i] ?? at.end }));
    if (errors.length > 0) placeErrors(run, errors, { subgraph, path: null }, (rest) => ({ roots, rest }));
  };
}
