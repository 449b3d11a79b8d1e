/**
 * `/graphql`: node:http in, Apollo Server and the gateway behind, node:http out.
 *
 * Every refusal, ours or Apollo's, leaves in the one form of `refusal.ts`.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError } from "../kernel/errors.ts";
import type { Answer } from "../respond/answer.ts";
import type { Log } from "../telemetry/log.ts";
import type { Edge } from "./apollo.ts";
import { readJsonBody } from "./body.ts";
import { discardBody } from "./discard-body.ts";
import { Exchange } from "./exchange.ts";
import { toGatewayError } from "./refusal.ts";
import { type Reply, refusalReply, send, wholeReply } from "./reply.ts";
import { checkForm } from "./request-form.ts";

export interface HandlerOptions {
  /** Rejects while there is nothing to ask yet. */
  readonly edge: () => Edge;
  readonly maxBodyBytes: number;
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
  const edge = options.edge();
  if (method === "GET") {
    const search = searchOf(request.url);
    checkForm(undefined, search);
    return replyWith(exchange, await edge.ask(exchange, { search }));
  }
  const body = await readJsonBody(request, options.maxBodyBytes);
  checkForm(body, "");
  return replyWith(exchange, await edge.ask(exchange, { body }));
}

/** Answers in pieces are written elsewhere, by transports that say that they carry them; here, nobody asks for one. */
function replyWith(exchange: Exchange, answer: Answer): Reply {
  if (answer.kind === "whole") return wholeReply(exchange, answer.body);
  throw new Error("an answer in pieces was not asked for");
}

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
  const fields = { requestId, method, status, durationMs, bytes: bytes.length };
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
