/** What the HTTP edge needs of the gateway: a schema to announce, and an answer as finished JSON text or a refusal. */
import type { GraphQLSchema } from "graphql";
import type { Locale } from "../kernel/messages.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import type { Answer, Carries } from "../respond/answer.ts";

export interface HeaderReader {
  /** By lower-case name; a header sent twice reads as both, joined by `, `. */
  get(name: string): string | undefined;
}

export interface GatewayRequest {
  readonly headers: HeaderReader;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly locale: Locale;
  /** Aborts when the caller hangs up. */
  readonly signal: AbortSignal;
  /** What the transport can carry; only whole bodies when left out. */
  readonly carries?: Carries;
}

export interface GatewayPort {
  /** Makes persisted documents ready before they are asked for; the problems of those that would be refused. */
  prepareDocuments?(documents: readonly PersistedDocument[]): readonly string[];
  readonly supergraph: { readonly publicSchema: GraphQLSchema; readonly publicSdl: string };
  /** Whether one who presents these headers may stay connected; rejects with a `GatewayError`. Each request is asked anew. */
  admit?(headers: HeaderReader): Promise<void>;
  /** Rejects with a `GatewayError`; anything else is masked. */
  answer(request: GatewayRequest): Promise<Answer>;
}
