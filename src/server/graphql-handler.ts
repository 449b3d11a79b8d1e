/**
 * `/graphql`: node:http in, Apollo Server and the gateway behind, node:http out.
 *
 * Every refusal, ours or Apollo's, leaves in the one form of `refusal.ts`. Answers are never cached by anybody.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { HeaderMap } from "@apollo/server";
import { GatewayError } from "../kernel/errors.ts";
import type { Log } from "../telemetry/log.ts";
import type { Edge } from "./apollo.ts";
import { readJsonBody } from "./body.ts";
import { type Exchange, openExchange } from "./exchange.ts";
import { apolloRefusal, type Refusal, refuse, toGatewayError } from "./refusal.ts";
import { checkForm } from "./request-form.ts";

export interface HandlerOptions {
  /** Rejects while there is nothing to ask yet. */
  readonly edge: () => Edge;
  readonly maxBodyBytes: number;
  readonly maxTokens: number;
  readonly log: Log;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly refusal?: GatewayError;
}

const JSON_TYPE = "application/json; charset=utf-8";
const RESPONSE_TYPE = "application/graphql-response+json; charset=utf-8";

const DISCARD_BYTES = 8 * 1_048_576;
const DISCARD_MS = 2_000;

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function graphqlHandler(options: HandlerOptions): Handler {
  return async (request, response) => {
    const began = performance.now();
    const hangUp = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) hangUp.abort();
    });
    const exchange = openExchange(request, hangUp.signal);
    const reply = await replyTo(request, exchange, options).catch((error: unknown) =>
      refusalReply(toGatewayError(error), exchange, mediaTypeOf(request)),
    );
    if (!request.complete) await discardBody(request);
    send(response, exchange, reply);
    logReply(options.log, request, exchange, reply, performance.now() - began);
  };
}

async function replyTo(
  request: IncomingMessage,
  exchange: Exchange,
  options: HandlerOptions,
): Promise<Reply> {
  const { method = "GET", url = "/" } = request;
  if (method !== "GET" && method !== "POST")
    throw new GatewayError("METHOD_NOT_ALLOWED", "use POST, or GET for queries");
  const edge = options.edge();
  const body = method === "POST" ? await readJsonBody(request, options.maxBodyBytes) : undefined;
  const { pathname, search } = splitUrl(url);
  checkForm(body, search);
  const answer = await edge.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers: headerMap(request), search: pathname && search, body },
    context: async () => ({ exchange }),
  });
  if (answer.body.kind !== "complete") throw new Error("an answer in pieces was not asked for");
  const mediaType = answer.headers.get("content-type") ?? JSON_TYPE;
  const { outcome } = exchange;
  if (outcome?.kind === "failed") return refusalReply(toGatewayError(outcome.error), exchange, mediaType);
  if (outcome?.kind === "answered")
    return { status: answer.status ?? 200, headers: { "content-type": mediaType }, body: answer.body.string };
  const status = answer.status ?? 500;
  const refusal = apolloRefusal(answer.body.string, status, options.maxTokens);
  return refusalReply(refusal, exchange, mediaType, status === 406 ? status : refusal.status);
}

function refusalReply(
  error: GatewayError,
  exchange: Exchange,
  mediaType: string,
  status = error.status,
): Reply {
  const { locale, requestId } = exchange;
  const refusal: Refusal = refuse(error, { locale, requestId, mediaType }, status);
  return {
    status: refusal.status,
    headers: { ...refusal.headers, "content-type": mediaType, "content-language": locale },
    body: refusal.body,
    refusal: error,
  };
}

function send(response: ServerResponse, { requestId }: Exchange, { status, headers, body }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(body),
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  });
  response.end(body);
}

/** What is still on its way, so that the refusal is read and not lost to a reset; more than that, and the connection closes. */
async function discardBody(request: IncomingMessage): Promise<void> {
  const patience = setTimeout(() => request.destroy(), DISCARD_MS);
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > DISCARD_BYTES) break;
    }
  } catch {
    // The caller hung up.
  } finally {
    clearTimeout(patience);
  }
}

function logReply(
  log: Log,
  request: IncomingMessage,
  { requestId }: Exchange,
  reply: Reply,
  ms: number,
): void {
  const { status, refusal, body } = reply;
  const durationMs = Math.round(ms * 10) / 10;
  const fields = { requestId, method: request.method ?? "", status, durationMs, bytes: body.length };
  if (!refusal) {
    log.info("request", fields);
    return;
  }
  const { code, family, detail } = refusal;
  const told = { ...fields, code };
  if (family === "gateway") log.error("request.failed", { ...told, fault: refusal });
  else
    log.info(
      "request.refused",
      code === "UNAUTHENTICATED" ? { ...told, reason: codeOf(detail.cause) } : told,
    );
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";

/** For refusals that Apollo never saw: the newer media type for those who name it. */
const mediaTypeOf = ({ headers }: IncomingMessage): string =>
  headers.accept?.includes("application/graphql-response+json") ? RESPONSE_TYPE : JSON_TYPE;

function headerMap({ headersDistinct }: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, values] of Object.entries(headersDistinct)) headers.set(name, values?.join(", ") ?? "");
  return headers;
}

function splitUrl(url: string): { readonly pathname: string; readonly search: string } {
  const at = url.indexOf("?");
  return at < 0 ? { pathname: url, search: "" } : { pathname: url.slice(0, at), search: url.slice(at) };
}
