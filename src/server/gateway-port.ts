/** What the HTTP edge needs of the gateway: a schema to announce, and an answer as finished JSON text or a refusal. */
import type { GraphQLSchema } from "graphql";
import type { AgencyFile } from "../connectors/file-exchange.ts";
import type { Channel } from "../identity/channel.ts";
import type { Locale } from "../kernel/messages.ts";
import type { PersistedDocument } from "../operation/document-store.ts";
import type { Answer, Carries } from "../respond/answer.ts";
import type { Trace } from "../telemetry/trace.ts";

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
  /** How it came; left out, nothing can be proven. */
  readonly channel?: Channel;
  /** What the transport can carry; only whole bodies when left out. */
  readonly carries?: Carries;
  /** Of this question, if it is traced. */
  readonly trace?: Trace | undefined;
}

/** What is in force, for those who look after the gateway. */
export interface Standing {
  /** SHA-256 of the supergraph. */
  readonly schema: string;
  /** Version of the policies. */
  readonly policies: string;
  /** Number in the policy store, unless the policies are files. */
  readonly publication?: number;
  /** When the last attempt to take up another version was refused, and with which code; null when it was not. */
  readonly refused: { readonly at: string; readonly code: string } | null;
  /** Records of the disclosure log that its copy has not yet, and for how long; null where it has no copy. */
  readonly shipping: { readonly records: number; readonly ms: number } | null;
  /** Agencies that are asked no more, and may not ask; some of their members alone where one is named. Left out when there are none. */
  readonly suspended?: readonly { readonly agency: string; readonly member: string | null }[];
}

/** A gateway as it was when it was taken hold of: nothing replaces it. */
export interface HeldGateway {
  answer(request: GatewayRequest): Promise<Answer>;
  release(): void;
}

/** Who asks for a file, and the last part of its link as it came. */
export interface FileRequest extends Pick<GatewayRequest, "headers" | "channel" | "locale" | "signal"> {
  readonly link: string;
}

export interface GatewayPort {
  /** Makes persisted documents ready before they are asked for; the problems of those that would be refused. */
  prepareDocuments?(documents: readonly PersistedDocument[]): readonly string[];
  /** Of what is in force; another after `onReplaced`. */
  readonly supergraph: { readonly publicSchema: GraphQLSchema; readonly publicSdl: string };
  readonly standing?: Standing;
  /** Takes hold of what is in force, so that a text is found, judged and answered under one version. */
  hold?(): HeldGateway;
  /** Calls `act` whenever something else is in force, until what is returned is called. */
  onReplaced?(act: () => void): () => void;
  /** Whether one who presents these headers may stay connected; rejects with a `GatewayError`. Each request is asked anew. */
  admit?(headers: HeaderReader, channel?: Channel): Promise<void>;
  /** A file that a link of an answer stands for; whoever asked for it closes it. Rejects as `answer` does. */
  file?(request: FileRequest): Promise<AgencyFile>;
  /** Rejects with a `GatewayError`; anything else is masked. */
  answer(request: GatewayRequest): Promise<Answer>;
}
