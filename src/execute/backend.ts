/**
 * One way to ask one subgraph. Implemented in `connectors/`; the executor knows nothing of transports.
 */
import type { SubgraphName } from "../kernel/brands.ts";

/** What an agency may be told about who asks (decision: architecture, "What an agency is told"). */
export interface OutboundReader {
  /** The request's id, so that identical in-flight questions can be shared. */
  readonly requestId: string;
  /** Full reader: only the ledger and agencies that may see the row's case header receive it. */
  readonly agency: string;
  readonly member: string;
  readonly staff: string;
  readonly role: string;
  readonly purpose: string;
  /** Uid of the issue's case, or null. */
  readonly issue: string | null;
  /** Cases that are open to the reader by break-glass; told to the ledger alone. */
  readonly brokenGlass?: readonly string[];
  /** For the gateway's own subgraph; told to nobody. */
  readonly credentials?: Credentials;
}

/** How the reader has come in. */
export interface Credentials {
  readonly certificates: ReadonlySet<string>;
  readonly assurance: string;
  readonly authenticatedAtMs: number | null;
  /** The request names an issue, whether it opens or not. */
  readonly namesIssue: boolean;
}

export interface SubgraphRequest {
  /** GraphQL text in canonical form, keyed by `uid`. */
  readonly query: string;
  readonly kind: "query" | "mutation" | "subscription";
  /** Variables, ids opened to uids; `representations` among them for entity fetches. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly reader: OutboundReader;
  readonly signal: AbortSignal;
}

export interface SubgraphReply {
  /** Null-prototype data, ids as uids. */
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly ReplyError[];
}

export interface ReplyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly code?: string;
}

export interface Backend {
  readonly subgraph: SubgraphName;
  /** Resolves with partial data and errors; rejects with a `GatewayError` of the agency family only. */
  fetch(request: SubgraphRequest): Promise<SubgraphReply>;
  /**
   * The events of a subscription, each a reply as `fetch` gives it; asked for with the first `next`.
   * `next` rejects with a `GatewayError` of the agency family only, an agency that breaks off included; then it is over.
   * `return` and the request's signal end it at the agency, and a pending `next` with it.
   */
  subscribe?(request: SubgraphRequest): AsyncIterableIterator<SubgraphReply>;
}
