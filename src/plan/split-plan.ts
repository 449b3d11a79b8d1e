/**
 * Splits a plan into the fetches that the initial answer needs and those that only deferred fragments wait for.
 *
 * Late    a fetch of which every value is selected by deferred fragments alone, and which brings nothing that a fetch before the initial
 *         answer needs (keys, `@requires`, policy inputs). Worked out to a fixpoint; what is not understood is fetched at once.
 * Out     the parts without late fetches; for each fragment its late fetches in the plan's order. Fragments that would wait for nothing
 *         beyond what the fragment around them waits for are inlined.
 * Cost    one pass over the texts of the fetches for each link of the longest chain of requirements, once for each plan.
 */
import { Kind, type SelectionSetNode } from "graphql";
import { keyOf } from "../kernel/fetch-text.ts";
import type { Deferral, DeferredFragment } from "./deferral.ts";
import { type Use, usesIn } from "./deferred-uses.ts";
import type { FetchPlan, PlanNode, RequiredSelection } from "./fetch-plan.ts";
import { planFetches } from "./plan-fetches.ts";
import type { Projection } from "./shape.ts";

/** What one fragment waits for beyond the initial answer. */
export interface LateFetches {
  readonly fragment: DeferredFragment;
  /** One for each part of the operation. */
  readonly parts: readonly PlanNode[];
  /** The nodes of `parts` that fetch. */
  readonly fetches: ReadonlySet<PlanNode>;
}

export interface SplitPlan<Part> {
  readonly parts: readonly Part[];
  /** Empty when nothing is gained by deferring. */
  readonly late: readonly LateFetches[];
}

/** A fetch as it stands in a plan: with its path, if it has one. */
interface Fetching {
  readonly node: PlanNode;
  readonly places: readonly Place[];
  /** Who waits for it; null for the initial answer. */
  readonly by: Set<DeferredFragment | null>;
}

interface Place {
  readonly use: Use;
  readonly set: SelectionSetNode;
  /** Null for fetches from a root type. */
  readonly requires: readonly RequiredSelection[] | null;
}

export function splitPlan<Part extends { readonly fetches: FetchPlan }>(
  parts: readonly Part[],
  projection: Projection,
  deferral: Deferral,
): SplitPlan<Part> {
  const uses = usesIn(projection);
  const fetchings = parts.flatMap(({ fetches }) => [...fetchingsIn(fetches, uses)]);
  settle(fetchings);
  for (const { by } of fetchings) if (by.size === 0) by.add(null);
  settle(fetchings);
  const late = fetchings.filter(({ by }) => !by.has(null));
  const nodesOf = (fragment: DeferredFragment | null): ReadonlySet<PlanNode> => {
    const chain = new Set<DeferredFragment | null>();
    for (let at = fragment; at !== null; at = at.parent) chain.add(at);
    return new Set(late.flatMap(({ node, by }) => (by.isDisjointFrom(chain) ? [] : [node])));
  };
  deferral.inline(
    deferral.fragments.filter((fragment) => nodesOf(fragment).size === nodesOf(fragment.parent).size),
  );
  const cut = new Set(late.map(({ node }) => node));
  const partsWith = (isKept: (node: PlanNode) => boolean): readonly (PlanNode | undefined)[] =>
    parts.map(({ fetches }) => fetches.node && pruned(fetches.node, isKept));
  const first = partsWith((node) => !cut.has(node));
  return {
    parts: parts.map((part, i) => ({ ...part, fetches: first[i] ? { node: first[i] } : {} })),
    late: deferral.fragments.flatMap((fragment) => {
      if (deferral.effective(fragment) !== fragment) return [];
      const fetches = nodesOf(fragment);
      return {
        fragment,
        fetches,
        parts: partsWith((node) => fetches.has(node)).flatMap((node) => node ?? []),
      };
    }),
  };
}

/** What changes something runs at once, and so does what the planner had to rename: its keys are not those of the operation. */
function* fetchingsIn(plan: FetchPlan, uses: Use): Iterable<Fetching> {
  for (const { node, fetch, places } of planFetches(plan)) {
    if (node.kind === "Subscription") continue;
    const isRenamed = places.some(({ rewrites }) => rewrites.length > 0);
    yield {
      node,
      places: places.map(({ path, set, requires }) => ({ use: useAt(uses, path), set, requires })),
      by: new Set(isRenamed || fetch.operationKind !== "query" ? [null] : []),
    };
  }
}

const useAt = (root: Use, path: readonly string[]): Use => path.reduce((use, key) => use.at(key), root);

/** Whoever waits for a fetch waits for what it requires, and for what decides whether it is sent. */
function settle(fetchings: readonly Fetching[]): void {
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    now = 0;
    for (const { places, by } of fetchings) {
      for (const { use, set, requires } of places) addUses(set, use, requires !== null, by);
      for (const { use, requires } of places)
        now += use.addToInputs(by) + (requires ? require(requires, use, by) : 0);
      now += by.size;
    }
  }
}

/** Adds who selects what a fetch brings. The type of an entity is asked for where it must be told apart. */
function addUses(
  { selections }: SelectionSetNode,
  use: Use,
  isEntity: boolean,
  by: Set<DeferredFragment | null>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) addUses(selection.selectionSet, use, isEntity, by);
    if (selection.kind !== Kind.FIELD) continue;
    const key = keyOf(selection);
    if (key === "__typename" && isEntity) for (const one of use.by) by.add(one);
    const below = use.below.get(key);
    if (!below) continue;
    for (const one of below.by) by.add(one);
    if (selection.selectionSet) addUses(selection.selectionSet, below, false, by);
  }
}

/** Notes that these values are needed; how many notes there are now. */
function require(
  requires: readonly RequiredSelection[],
  use: Use,
  by: ReadonlySet<DeferredFragment | null>,
): number {
  let count = 0;
  for (const required of requires) {
    if (required.kind === "InlineFragment") {
      count += require(required.selections, use, by);
      continue;
    }
    for (const key of new Set([required.name, required.alias ?? required.name])) {
      const below = use.at(key).add(by);
      count += below.by.size + require(required.selections ?? [], below, by);
    }
  }
  return count;
}

/** A plan of only those fetches. */
function pruned(node: PlanNode, isKept: (node: PlanNode) => boolean): PlanNode | undefined {
  switch (node.kind) {
    case "Sequence":
    case "Parallel": {
      const nodes = node.nodes.flatMap((child) => pruned(child, isKept) ?? []);
      return nodes.length < 2 ? nodes[0] : { kind: node.kind, nodes };
    }
    case "Condition": {
      const [ifClause, elseClause] = [node.ifClause, node.elseClause].map(
        (clause) => clause && pruned(clause, isKept),
      );
      const { kind, condition } = node;
      return { kind, condition, ...(ifClause ? { ifClause } : {}), ...(elseClause ? { elseClause } : {}) };
    }
    case "Flatten": {
      if (node.node.kind === "Fetch") return isKept(node) ? node : undefined;
      const inner = pruned(node.node, isKept);
      return inner && { ...node, node: inner };
    }
    default:
      return isKept(node) ? node : undefined;
  }
}
