/**
 * Apollo Server at the edge: GraphQL over HTTP and CSRF prevention. Everything else is the gateway's.
 *
 * In      one question, its document in full, already known to be in good form outside (`request-form.ts`).
 * Out     the gateway's answer, untouched: Apollo writes nothing of it, so nothing is built or written twice.
 * Errors  the gateway's own; a refusal of Apollo's (transport, CSRF, parsing, a mutation over GET) as one of ours.
 *
 * Validation is the operation stage's, which bounds a document before it validates it; Apollo parses within the same number of
 * tokens, to know a mutation over GET. Nothing of Apollo's own reports, traces, caches of answers or pages is on. It is shown
 * only the headers that it decides by, since reading them all is what it would cost most.
 */
import { ApolloServer, type BaseContext, HeaderMap } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { Answer } from "../respond/answer.ts";
import type { Log } from "../telemetry/log.ts";
import type { Exchange } from "./exchange.ts";
import type { GatewayPort, HeaderReader } from "./gateway-port.ts";
import { apolloRefusal } from "./refusal.ts";

export interface Edge {
  ask(exchange: Exchange, question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

/** By method: the parsed body of a POST, or the search of the URL, `?` included. */
export type Question = { readonly body: unknown } | { readonly search: string };

interface Asked {
  readonly exchange: Exchange;
  /** How the gateway ended; null when Apollo refused before it was asked. */
  outcome: { readonly answer: Answer } | { readonly error: unknown } | null;
}

interface EdgeContext extends BaseContext {
  readonly asked: Asked;
}

/** Headers that no page of another origin can send unasked; one of them must be there when the content type is a simple one. */
export const UNSIMPLE_HEADERS = ["authorization", "x-purpose", "x-issue", "apollo-require-preflight"];
const SHOWN_HEADERS = ["content-type", ...UNSIMPLE_HEADERS];

/** What Apollo takes for the result; the answer itself is in `Asked`. */
const ANSWERED = {};

export async function startEdge(gateway: GatewayPort, maxTokens: number, log: Log): Promise<Edge> {
  const server = createServer(gateway, maxTokens, log);
  await server.start();
  return {
    async ask(exchange, question) {
      const asked: Asked = { exchange, outcome: null };
      const { status = 500, body } = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: apolloRequest(exchange.headers, question),
        context: async () => ({ asked }),
      });
      const { outcome } = asked;
      if (outcome && "answer" in outcome) return outcome.answer;
      if (outcome) throw outcome.error;
      if (body.kind !== "complete") throw new Error("a refusal in pieces");
      throw apolloRefusal(body.string, status, maxTokens);
    },
    stop: () => server.stop(),
  };
}

const createServer = (gateway: GatewayPort, maxTokens: number, log: Log): ApolloServer<EdgeContext> =>
  new ApolloServer<EdgeContext>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        const { publicSchema, publicSdl } = gateway.supergraph;
        callback({ apiSchema: publicSchema, coreSupergraphSdl: publicSdl });
        return () => {};
      },
      load: async () => ({
        executor: async ({ source, request, context }) => {
          await answer(gateway, (context as EdgeContext).asked, source, request);
          return { data: ANSWERED };
        },
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
    stringifyResult: (result) => (result.data === ANSWERED ? "" : JSON.stringify(result)),
    logger: quiet(log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });

/** A POST that has come this far is `application/json`, whatever its header says beside. */
const POST_HEADERS = new HeaderMap([["content-type", "application/json"]]);

function apolloRequest(headers: HeaderReader, question: Question) {
  if ("body" in question) return { method: "POST", headers: POST_HEADERS, search: "", body: question.body };
  const shown = new HeaderMap();
  for (const name of SHOWN_HEADERS) {
    const value = headers.get(name);
    if (value !== undefined) shown.set(name, value);
  }
  return { method: "GET", headers: shown, search: question.search, body: undefined };
}

interface Operation {
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/** Keeps the gateway's answer, or its refusal, to be told in our words and not in Apollo's. */
async function answer(
  gateway: GatewayPort,
  asked: Asked,
  query: string,
  { operationName, variables = {} }: Operation,
): Promise<void> {
  const { exchange } = asked;
  try {
    const given = await gateway.answer({
      headers: exchange.headers,
      ...{ query, operationName, variables },
      locale: exchange.locale,
      signal: exchange.signal,
    });
    asked.outcome = { answer: given };
  } catch (error) {
    asked.outcome = { error };
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
