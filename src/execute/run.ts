/** What one execution carries from fetch to fetch. */
import type { SubgraphName } from "../kernel/brands.ts";
import type { ErrorCode } from "../kernel/errors.ts";
import type { Backend, OutboundReader } from "./backend.ts";
import type { MissingValues } from "./missing.ts";
import type { Rows } from "./rows.ts";

/** Data as it grows: merged replies, keyed canonically. */
export type Data = Record<string, unknown>;

/** Something that did not arrive. Holds no agency's words. */
export interface Fault {
  readonly code: ErrorCode;
  readonly subgraph: SubgraphName;
  /** Response names from the root; null when a list lies between, so that no single path is meant. */
  readonly path: readonly string[] | null;
}

export interface Run {
  /** Internal variables, ids opened to uids, the reader among them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** JSON text of variables that were passed on already. */
  readonly variableTexts: Map<string, string>;
  readonly reader: OutboundReader;
  readonly rows: Rows;
  readonly backends: ReadonlyMap<SubgraphName, Backend>;
  readonly signal: AbortSignal;
  readonly data: Data;
  /** Of whole fetches, and of errors that no place in the data can be told for. */
  readonly faults: Fault[];
  readonly missing: MissingValues;
}

/** One compiled node of a plan; returns nothing when there was nothing to wait for. */
export type Step = (run: Run) => Promise<void> | undefined;
