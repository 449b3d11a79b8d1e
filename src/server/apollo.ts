/**
 * Apollo Server at the edge: GraphQL over HTTP, its media types, CSRF prevention. Everything else is the gateway's.
 *
 * The gateway returns the finished JSON text, which Apollo passes on unread (`FinishedText`), so nothing is built or written twice.
 * Validation is the operation stage's, which bounds a document before it validates it; Apollo parses within the same number of
 * tokens, to know a mutation over GET. Nothing of Apollo's own reports, traces, caches or pages is on.
 */
import { ApolloServer, type BaseContext } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { Log } from "../telemetry/log.ts";
import type { Exchange } from "./exchange.ts";
import type { GatewayPort } from "./gateway-port.ts";

export interface EdgeContext extends BaseContext {
  readonly exchange: Exchange;
}

export type Edge = ApolloServer<EdgeContext>;

/** Headers that no page of another origin can send unasked; one of them must be there when the content type is a simple one. */
export const UNSIMPLE_HEADERS = ["authorization", "x-purpose", "x-issue", "apollo-require-preflight"];

class FinishedText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export async function startEdge(gateway: GatewayPort, maxTokens: number, log: Log): Promise<Edge> {
  const { publicSchema, publicSdl } = gateway.supergraph;
  const edge: Edge = new ApolloServer<EdgeContext>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: publicSchema, coreSupergraphSdl: publicSdl });
        return () => {};
      },
      load: async () => ({
        executor: async ({ source, request, context }) => ({
          data: await answer(gateway, (context as EdgeContext).exchange, source, request),
        }),
      }),
      stop: async () => {},
    },
    dangerouslyDisableValidation: true,
    parseOptions: { maxTokens },
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: { requestHeaders: UNSIMPLE_HEADERS },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    introspection: true,
    stringifyResult: ({ data, ...rest }) =>
      data instanceof FinishedText ? data.text : JSON.stringify({ ...rest, ...(data && { data }) }),
    logger: quiet(log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await edge.start();
  return edge;
}

interface Operation {
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/** Asks the gateway, and leaves its refusal in the exchange for the handler to tell in our words. */
async function answer(
  gateway: GatewayPort,
  exchange: Exchange,
  query: string,
  { operationName, variables = {} }: Operation,
): Promise<Record<string, unknown>> {
  const { headers, locale, signal } = exchange;
  try {
    const answer = await gateway.answer({ headers, query, operationName, variables, locale, signal });
    exchange.outcome = { kind: "answered", answer };
    return new FinishedText(answer.kind === "whole" ? answer.body.text : "") as unknown as Record<
      string,
      unknown
    >;
  } catch (error) {
    exchange.outcome = { kind: "failed", error };
    throw error;
  }
}

/** Apollo's own lines may quote a request: that there was one is all we keep. */
function quiet(log: Log) {
  return {
    debug: () => {},
    info: () => {},
    warn: () => log.warn("apollo.warning"),
    error: () => log.error("apollo.error"),
  };
}
