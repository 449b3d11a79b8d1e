/** Every fetch of a plan, in the plan's order, with the places that it brings values to. */
import type { SelectionSetNode } from "graphql";
import { entityField, operationOf } from "../kernel/fetch-text.ts";
import type {
  BatchFetchNode,
  FetchNode,
  FetchPlan,
  KeyRenamer,
  PathSegment,
  PlanNode,
  RequiredSelection,
} from "./fetch-plan.ts";

type Fetching = FetchNode | BatchFetchNode | Extract<PlanNode, { kind: "Subscription" }>["primary"];

export interface PlanFetch {
  /** As it stands in the plan: with its path, if it has one. */
  readonly node: PlanNode;
  readonly fetch: Fetching;
  readonly places: readonly FetchPlace[];
}

export interface FetchPlace {
  /** Keys from the root; lists and type conditions left out. */
  readonly path: readonly string[];
  /** What is asked of the objects there. */
  readonly set: SelectionSetNode;
  /** What an entity is known by; null for what is asked of a root type. */
  readonly requires: readonly RequiredSelection[] | null;
  readonly rewrites: readonly KeyRenamer[];
}

export function* planFetches({ node }: FetchPlan): Iterable<PlanFetch> {
  if (node) yield* fetchesIn(node);
}

function* fetchesIn(node: PlanNode): Iterable<PlanFetch> {
  switch (node.kind) {
    case "Sequence":
    case "Parallel":
      for (const child of node.nodes) yield* fetchesIn(child);
      return;
    case "Condition":
      for (const child of [node.ifClause, node.elseClause]) if (child) yield* fetchesIn(child);
      return;
    case "Flatten":
      if (node.node.kind !== "Fetch") yield* fetchesIn(node.node);
      else yield { node, fetch: node.node, places: [placeOf(node.node, keysOf(node.path))] };
      return;
    case "Fetch":
      yield { node, fetch: node, places: [placeOf(node, [])] };
      return;
    case "BatchFetch":
      yield { node, fetch: node, places: batchPlaces(node) };
      return;
    case "Subscription":
      yield { node, fetch: node.primary, places: [placeOf(node.primary, [])] };
      return;
  }
}

function placeOf(fetch: Omit<FetchNode, "kind">, path: readonly string[]): FetchPlace {
  const { operation, requires, outputRewrites: rewrites = [] } = fetch;
  const definition = operationOf(operation);
  if (!requires?.length) return { path, set: definition.selectionSet, requires: null, rewrites };
  const set = entityField(definition, "_entities").selectionSet as SelectionSetNode;
  return { path, set, requires, rewrites };
}

function batchPlaces({ operation, entityBatch }: BatchFetchNode): readonly FetchPlace[] {
  const definition = operationOf(operation);
  return entityBatch.aliases.flatMap(({ alias, paths, requires, outputRewrites: rewrites = [] }) => {
    const set = entityField(definition, alias).selectionSet as SelectionSetNode;
    return paths.map((path) => ({ path: keysOf(path), set, requires, rewrites }));
  });
}

const keysOf = (path: readonly PathSegment[]): readonly string[] =>
  path.flatMap((segment) => (typeof segment === "object" && "Field" in segment ? [segment.Field] : []));
