/** The plan as the planner returns it (`@graphql-hive/router-query-planner` 0.0.38): only what we execute is typed. */

export type PathSegment = "@" | { readonly Field: string } | { readonly TypeCondition: readonly string[] };

/** A selection that a representation must carry. */
export type RequiredSelection =
  | {
      readonly kind: "Field";
      readonly name: string;
      readonly alias?: string;
      readonly selections?: readonly RequiredSelection[];
    }
  | {
      readonly kind: "InlineFragment";
      readonly typeCondition: string;
      readonly selections: readonly RequiredSelection[];
    };

export interface FetchNode {
  readonly kind: "Fetch";
  readonly serviceName: string;
  readonly operationKind: "query" | "mutation" | "subscription";
  readonly operation: string;
  readonly variableUsages?: readonly string[];
  readonly requires?: readonly RequiredSelection[];
  readonly inputRewrites?: readonly unknown[];
  readonly outputRewrites?: readonly unknown[];
}

export interface BatchAlias {
  readonly alias: string;
  readonly representationsVariableName: string;
  readonly paths: readonly (readonly PathSegment[])[];
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites?: readonly unknown[];
  readonly outputRewrites?: readonly unknown[];
}

export interface BatchFetchNode {
  readonly kind: "BatchFetch";
  readonly serviceName: string;
  readonly operationKind: "query" | "mutation" | "subscription";
  readonly operation: string;
  readonly variableUsages?: readonly string[];
  readonly entityBatch: { readonly aliases: readonly BatchAlias[] };
}

export type PlanNode =
  | FetchNode
  | BatchFetchNode
  | { readonly kind: "Flatten"; readonly path: readonly PathSegment[]; readonly node: PlanNode }
  | { readonly kind: "Sequence" | "Parallel"; readonly nodes: readonly PlanNode[] };

export interface FetchPlan {
  readonly node?: PlanNode;
}
