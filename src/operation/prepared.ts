/** An operation that is valid against the public schema and within bounds; what the plan stage starts from. */
import type { FragmentDefinitionNode, OperationDefinitionNode } from "graphql";

export interface PreparedOperation {
  /** SHA-256 over the canonical text with literals lifted out, lower-case hex; what the disclosure log names. */
  readonly hash: string;
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Variables that `@skip`, `@include` and `@defer` read, sorted. */
  readonly conditionVariables: readonly string[];
  /** There is a `@defer` in it. */
  readonly defers: boolean;
}

/** What a request brings for one prepared operation: variables coerced by the GraphQL rules, ids still sealed. */
export interface CoercedVariables {
  readonly values: Readonly<Record<string, unknown>>;
  /** One character per condition variable: `1`, `0`, or `-` for one that was left out. With it a plan holds no conditions. */
  readonly conditions: string;
}
