/**
 * Apollo Server at the edge: GraphQL over HTTP and CSRF prevention. Everything else is the gateway's.
 *
 * In      one question in good form (`request-form.ts`), its document in full.
 * Out     the gateway's answer, untouched: Apollo writes nothing of it, so nothing is built or written twice.
 * Errors  the gateway's own; a refusal of Apollo's (transport, CSRF, parsing, a mutation over GET) as one of ours.
 * Cost    Apollo judges every GET, but a document that comes by POST once: what it could refuse there, it refuses by the text.
 *         It is shown only the headers that it decides by.
 *
 * Validation is the operation stage's, which bounds a document before it validates it; Apollo parses within the same number of
 * tokens, to know a mutation over GET. Nothing of Apollo's own reports, traces, caches or pages is on.
 */
import { ApolloServer, type BaseContext, HeaderMap } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { LRUCache } from "lru-cache";
import { MAX_CACHED_CHARACTERS, MAX_CACHED_DOCUMENTS } from "../kernel/limits.ts";
import type { Answer } from "../respond/answer.ts";
import type { Log } from "../telemetry/log.ts";
import type { Caller } from "./caller.ts";
import type { GatewayPort, GatewayRequest, HeldGateway } from "./gateway-port.ts";
import { apolloRefusal } from "./refusal.ts";

export interface Edge {
  ask(caller: Caller, operation: Operation): Promise<Answer>;
  stop(): Promise<void>;
}

export type Operation = Pick<GatewayRequest, "query" | "operationName" | "variables" | "trace">;

interface Asked {
  readonly caller: Caller;
  readonly gateway: HeldGateway;
  readonly trace: Operation["trace"];
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
  const server = createServer(gateway, log, maxTokens);
  await server.start();
  let accepted = newAccepted();
  const off = gateway.onReplaced?.(() => {
    accepted = newAccepted();
  });
  const askThroughApollo = async (
    held: HeldGateway,
    caller: Caller,
    operation: Operation,
  ): Promise<Answer> => {
    const asked: Asked = { caller, gateway: held, trace: operation.trace, outcome: null };
    const before = accepted;
    const { status = 500, body } = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: apolloRequest(caller, operation),
      context: async () => ({ asked }),
    });
    const { outcome } = asked;
    if (outcome && "error" in outcome) throw outcome.error;
    if (!outcome) throw apolloRefusal(body.kind === "complete" ? body.string : "{}", status, maxTokens);
    before.set(operation.query, true);
    return outcome.answer;
  };
  const askThroughHeld = async (caller: Caller, operation: Operation): Promise<Answer> => {
    const held = gateway.hold?.() ?? { answer: (request) => gateway.answer(request), release: () => {} };
    try {
      return await askThroughApollo(held, caller, operation);
    } finally {
      held.release();
    }
  };
  return {
    ask: (caller, operation) =>
      caller.method === "POST" && accepted.get(operation.query)
        ? gateway.answer(gatewayRequest(caller, operation))
        : askThroughHeld(caller, operation),
    async stop() {
      off?.();
      await server.stop();
    },
  };
}

/** Texts that Apollo and the gateway have accepted, under what is in force. */
const newAccepted = (): LRUCache<string, true> =>
  new LRUCache({
    max: MAX_CACHED_DOCUMENTS,
    maxSize: MAX_CACHED_CHARACTERS,
    sizeCalculation: (_, text) => text.length,
  });

const createServer = (gateway: GatewayPort, log: Log, maxTokens: number): ApolloServer<EdgeContext> =>
  new ApolloServer<EdgeContext>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        const tell = (): void => {
          const { publicSchema, publicSdl } = gateway.supergraph;
          callback({ apiSchema: publicSchema, coreSupergraphSdl: publicSdl });
        };
        tell();
        return gateway.onReplaced?.(tell) ?? (() => {});
      },
      load: async () => ({
        executor: async ({ source, request, context }) => {
          const { operationName, variables = {} } = request;
          await answer((context as EdgeContext).asked, { query: source, operationName, variables });
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

function apolloRequest({ method, headers }: Caller, { query, operationName, variables }: Operation) {
  if (method === "POST")
    return {
      method,
      headers: POST_HEADERS,
      search: "",
      body: { query, variables, operationName: operationName ?? null },
    };
  const shown = new HeaderMap();
  for (const name of SHOWN_HEADERS) {
    const value = headers.get(name);
    if (value !== undefined) shown.set(name, value);
  }
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  if (operationName !== undefined) search.set("operationName", operationName);
  return { method, headers: shown, search: `?${search}`, body: undefined };
}

const gatewayRequest = (caller: Caller, operation: Operation): GatewayRequest => ({
  ...operation,
  headers: caller.headers,
  channel: caller.channel,
  locale: caller.locale,
  signal: caller.signal,
  carries: caller.carries,
});

/** Keeps the gateway's answer, or its refusal, to be told in our words and not in Apollo's. */
async function answer(asked: Asked, operation: Operation): Promise<void> {
  try {
    asked.outcome = {
      answer: await asked.gateway.answer(gatewayRequest(asked.caller, { ...operation, trace: asked.trace })),
    };
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
