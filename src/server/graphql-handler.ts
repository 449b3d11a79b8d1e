/**
 * `/graphql`: node:http in, Apollo Server and the gateway behind, node:http out.
 *
 * Every refusal, ours or Apollo's, leaves in the one form of `refusal.ts`.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError } from "../kernel/errors.ts";
import type { DocumentStore } from "../operation/document-store.ts";
import type { Answer } from "../respond/answer.ts";
import type { Log } from "../telemetry/log.ts";
import type { Edge } from "./apollo.ts";
import { readJsonBody } from "./body.ts";
import { discardBody } from "./discard-body.ts";
import { Exchange } from "./exchange.ts";
import { toGatewayError } from "./refusal.ts";
import { batchReply, type Reply, refusalReply, send, wholeReply } from "./reply.ts";
import { type Question, questionInSearch, questionOf } from "./request-form.ts";

export interface HandlerOptions {
  /** Rejects while there is nothing to ask yet. */
  readonly edge: () => Edge;
  readonly documents: DocumentStore;
  readonly maxBodyBytes: number;
  /** Questions of one batch; 1 serves none. */
  readonly batchSize: number;
  readonly compression: boolean;
  /** Headers of every reply. */
  readonly headers: Readonly<Record<string, string>>;
  readonly log: Log;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function graphqlHandler(options: HandlerOptions): Handler {
  return async (request, response) => {
    const began = performance.now();
    const exchange = new Exchange(request, response);
    const reply = await replyTo(request, exchange, options).catch((error: unknown) =>
      refusalReply(exchange, toGatewayError(error)),
    );
    if (!request.complete) await discardBody(request);
    send(response, exchange, reply, options.headers);
    logReply(options.log, exchange, reply, performance.now() - began);
  };
}

async function replyTo(
  request: IncomingMessage,
  exchange: Exchange,
  options: HandlerOptions,
): Promise<Reply> {
  const { method } = exchange;
  if (method !== "GET" && method !== "POST")
    throw new GatewayError("METHOD_NOT_ALLOWED", "use POST, or GET for queries");
  if (exchange.mediaType === null) throw notAcceptable();
  const ask = asker(exchange, options);
  if (method === "GET") return ask(questionInSearch(searchOf(request.url)));
  const body = await readJsonBody(request, options.maxBodyBytes);
  return Array.isArray(body) ? replyToBatch(exchange, body, options) : ask(questionOf(body));
}

type Ask = (question: Question) => Promise<Reply>;

/** Every way in ends here, so every question meets the same limits, decisions and records. */
function asker(exchange: Exchange, { edge, documents, compression }: HandlerOptions): Ask {
  const ready = edge();
  return async (question) => {
    const { operationName, variables } = question;
    const authorization = exchange.headers.get("authorization") ?? "";
    const query = documents.textOf(question, authorization);
    const answer = await ready.ask(exchange, { query, operationName, variables });
    documents.register(question, authorization);
    return replyWith(exchange, answer, compression);
  };
}

/** The place of a writer for answers in pieces, once `carries` is said in `apollo.ts`; until then nobody asks for one. */
function replyWith(exchange: Exchange, answer: Answer, compression: boolean): Promise<Reply> {
  if (answer.kind === "whole") return wholeReply(exchange, answer.body, compression);
  throw new Error("an answer in pieces was not asked for");
}

/** Each question is asked and refused by itself; as parts of a batch they are not compressed. */
async function replyToBatch(
  exchange: Exchange,
  bodies: readonly unknown[],
  options: HandlerOptions,
): Promise<Reply> {
  const { batchSize } = options;
  if (batchSize === 1) throw refused("a batch is not served: send one question at a time");
  if (bodies.length === 0 || bodies.length > batchSize)
    throw refused(`a batch holds 1 to ${batchSize} questions`);
  const ask = asker(exchange, { ...options, compression: false });
  const replyToOne = async (body: unknown): Promise<Reply> => ask(questionOf(body));
  const replies = bodies.map((body) =>
    replyToOne(body).catch((error: unknown) => refusalReply(exchange, toGatewayError(error))),
  );
  return batchReply(await Promise.all(replies));
}

const refused = (message: string): GatewayError => new GatewayError("BAD_REQUEST", message);

const notAcceptable = (): GatewayError =>
  new GatewayError(
    "NOT_ACCEPTABLE",
    "`accept` must allow `application/graphql-response+json` or `application/json`",
  );

function searchOf(url = "/"): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at);
}

function logReply(
  log: Log,
  { requestId, method }: Exchange,
  { status, refusals, bytes }: Reply,
  ms: number,
): void {
  const durationMs = Math.round(ms * 10) / 10;
  const fields = { requestId, method, status, durationMs, bytes: bytes?.length ?? 0 };
  if (refusals.length === 0) log.info("request", fields);
  for (const refusal of refusals) {
    const { code, family, detail } = refusal;
    const told = { ...fields, code };
    if (family === "gateway") log.error("request.failed", { ...told, fault: refusal });
    else if (code !== "UNAUTHENTICATED") log.info("request.refused", told);
    else log.info("request.refused", { ...told, reason: codeOf(detail.cause) });
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
