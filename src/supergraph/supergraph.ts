/**
 * The composed schema with everything the stages need to know about a coordinate. Built once by `load.ts`,
 * immutable, replaced whole when a new supergraph is taken up.
 */
import type { GraphQLSchema } from "graphql";
import type { AgencyCode, Coordinate, SubgraphName } from "../kernel/brands.ts";

export type Sensitivity = "S0" | "S1" | "S2" | "S3" | "S4" | "S5";

export interface FieldInfo {
  readonly coordinate: Coordinate;
  /** Field group, the unit of policy; null for ids, roots, and fields of value types (decided where they are returned). */
  readonly group: string | null;
  readonly level: Sensitivity | null;
  /** Agency whose policies decide the field. */
  readonly owner: AgencyCode | null;
  /** Subgraphs that serve the field. */
  readonly servedBy: readonly SubgraphName[];
  /** Inputs of a `@computed` field (`id`, `Case.stage`), sibling field names; null for others. */
  readonly computedFrom: readonly string[] | null;
  /** Exists only to decide others; in no reader's schema. */
  readonly policyInput: boolean;
  readonly inaccessible: boolean;
  /** What an object-typed field leads to: an entity with rights of its own, a record of groups, or a plain value. */
  readonly edge: "entity" | "record" | "value" | null;
  readonly isList: boolean;
  /** Name of the returned named type. */
  readonly returns: string;
}

export interface SubgraphInfo {
  readonly name: SubgraphName;
  /** The agency behind it; null for the gateway's own subgraph. */
  readonly agency: AgencyCode | null;
}

export interface Supergraph {
  /** Composed SDL, as planned against. */
  readonly sdl: string;
  /** SHA-256 of the SDL, lower-case hex. */
  readonly version: string;
  /** Every type and field, `@inaccessible` ones included, without the join machinery. */
  readonly fullSchema: GraphQLSchema;
  /** What documents are validated against: no `@inaccessible`, no `@policyInput`. */
  readonly publicSchema: GraphQLSchema;
  /** SDL of `publicSchema`, with descriptions. */
  readonly publicSdl: string;
  readonly fields: ReadonlyMap<Coordinate, FieldInfo>;
  readonly subgraphs: ReadonlyMap<SubgraphName, SubgraphInfo>;
  /** Types with a `uid`. */
  readonly entities: ReadonlySet<string>;
  /** Of them those that stand for themselves where no case is around them: each exists by its own `id`, and records are about them. */
  readonly subjects: ReadonlySet<string>;
  /** Argument, input-field and enum-value coordinates that filter or order by a field: `Query.case(nrmNumber:)`, `CaseFilter.identification`, `CaseOrder.OPENED_AT` → `Case.openedAt` … (from `@filters(by:)`). */
  readonly filters: ReadonlyMap<string, Coordinate>;
}
