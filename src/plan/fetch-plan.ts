/** The plan as the planner returns it (`@graphql-hive/router-query-planner` 0.0.38): the whole language, typed as we execute it. */

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

export interface RewriteSegment {
  readonly Key?: string;
  readonly TypenameEquals?: readonly string[];
}

/** Renames a key, in a representation before it is sent or in a reply before it is merged. */
export interface KeyRenamer {
  readonly KeyRenamer: { readonly path: readonly RewriteSegment[]; readonly renameKeyTo: string };
}

/** Sets `__typename` of a representation, where an agency knows an interface as an object type. */
export interface ValueSetter {
  readonly ValueSetter: { readonly path: readonly RewriteSegment[]; readonly setValueTo: string };
}

export type InputRewrite = KeyRenamer | ValueSetter;

interface AnyFetch {
  readonly serviceName: string;
  readonly operationKind: "query" | "mutation" | "subscription";
  readonly operation: string;
  readonly operationName?: string;
  readonly variableUsages?: readonly string[];
}

export interface FetchNode extends AnyFetch {
  readonly kind: "Fetch";
  /** Absent for a fetch from a root type. */
  readonly requires?: readonly RequiredSelection[];
  readonly inputRewrites?: readonly InputRewrite[];
  readonly outputRewrites?: readonly KeyRenamer[];
}

export interface BatchAlias {
  readonly alias: string;
  readonly representationsVariableName: string;
  readonly paths: readonly (readonly PathSegment[])[];
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites?: readonly InputRewrite[];
  readonly outputRewrites?: readonly KeyRenamer[];
}

export interface BatchFetchNode extends AnyFetch {
  readonly kind: "BatchFetch";
  readonly entityBatch: { readonly aliases: readonly BatchAlias[] };
}

export type PlanNode =
  | FetchNode
  | BatchFetchNode
  | { readonly kind: "Flatten"; readonly path: readonly PathSegment[]; readonly node: PlanNode }
  | { readonly kind: "Sequence" | "Parallel"; readonly nodes: readonly PlanNode[] }
  | {
      readonly kind: "Condition";
      /** Name of a variable. */
      readonly condition: string;
      readonly ifClause?: PlanNode;
      readonly elseClause?: PlanNode;
    }
  /** `primary` carries no `kind`; what follows an event hangs on the sequence around it. */
  | { readonly kind: "Subscription"; readonly primary: Omit<FetchNode, "kind"> };

export interface FetchPlan {
  readonly node?: PlanNode;
}
