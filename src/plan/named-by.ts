/** A plan with other names for the subgraphs that it asks. */
import type { FetchPlan, PlanNode } from "./fetch-plan.ts";

export const namedBy = ({ node }: FetchPlan, names: ReadonlyMap<string, string>): FetchPlan =>
  node ? { node: renamed(node, names) } : {};

function renamed(node: PlanNode, names: ReadonlyMap<string, string>): PlanNode {
  const nameOf = ({ serviceName }: { readonly serviceName: string }): string =>
    names.get(serviceName) ?? serviceName;
  switch (node.kind) {
    case "Fetch":
    case "BatchFetch":
      return { ...node, serviceName: nameOf(node) };
    case "Flatten":
      return { ...node, node: renamed(node.node, names) };
    case "Sequence":
    case "Parallel":
      return { ...node, nodes: node.nodes.map((child) => renamed(child, names)) };
    case "Condition": {
      const { kind, condition, ifClause, elseClause } = node;
      return {
        ...{ kind, condition },
        ...(ifClause ? { ifClause: renamed(ifClause, names) } : {}),
        ...(elseClause ? { elseClause: renamed(elseClause, names) } : {}),
      };
    }
    case "Subscription":
      return { ...node, primary: { ...node.primary, serviceName: nameOf(node.primary) } };
  }
}
