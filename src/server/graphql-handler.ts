/**
 * `/graphql`: node:http in, Apollo Server and the gateway behind, node:http out.
 *
 * Every refusal, ours or Apollo's, leaves in the one form of `refusal.ts`.
 * Answers in pieces leave beside Apollo Server, which cannot carry them (docs/decisions/0008-streams-beside-apollo.md).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError } from "../kernel/errors.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { WHOLE_ONLY } from "./accept.ts";
import type { Ask, Asker } from "./ask.ts";
import { readJsonBody } from "./body.ts";
import type { ChannelOf } from "./channel-of.ts";
import { discardBody } from "./discard-body.ts";
import { Exchange } from "./exchange.ts";
import type { Load } from "./load.ts";
import { toGatewayError } from "./refusal.ts";
import { batchReply, framed, type Reply, refusalReply, send, wholeReply } from "./reply.ts";
import { type Question, questionInSearch, questionOf } from "./request-form.ts";
import { type StreamTools, streamResponse } from "./stream-response.ts";

export interface HandlerOptions extends StreamTools {
  readonly asker: Asker;
  readonly load: Load;
  readonly maxBodyBytes: number;
  /** Questions of one batch; 1 serves none. */
  readonly batchSize: number;
  readonly compression: boolean;
  readonly channelOf: ChannelOf;
  /** Headers of every reply. */
  readonly headers: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly metrics?: Pick<Metrics, "request"> | undefined;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function graphqlHandler(options: HandlerOptions): Handler {
  return async (request, response) => {
    const began = performance.now();
    const exchange = new Exchange(request, response, options.channelOf);
    const reply = await replyTo(request, response, exchange, options).catch((error: unknown) =>
      refusalReply(exchange, toGatewayError(error)),
    );
    if (reply === STREAMED) return options.metrics?.request("streamed");
    if (!request.complete) await discardBody(request);
    const written = framed(exchange, reply);
    send(response, exchange, written, options.headers);
    const durationMs = performance.now() - began;
    options.metrics?.request(outcomeOf(written), durationMs);
    logReply(options.log, exchange, written, durationMs);
  };
}

function outcomeOf({ refusals }: Reply): "answered" | "refused" | "failed" {
  if (refusals.length === 0) return "answered";
  return refusals.some(({ family }) => family === "gateway") ? "failed" : "refused";
}

/** The answer has left in pieces. */
const STREAMED = Symbol("streamed");

async function replyTo(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  options: HandlerOptions,
): Promise<Reply | typeof STREAMED> {
  const leave = options.load.enter();
  response.on("close", leave);
  const { method } = exchange;
  if (method !== "GET" && method !== "POST")
    throw new GatewayError("METHOD_NOT_ALLOWED", "use POST, or GET for queries");
  if (exchange.mediaType === null && exchange.stream === null) throw notAcceptable();
  const ask = options.asker(exchange);
  const question = await questionIn(request, exchange, options);
  if (Array.isArray(question)) return replyToBatch(exchange, question, options);
  const answer = await ask(question as Question);
  if (answer.kind === "whole") return wholeReply(exchange, answer, options.compression);
  leave();
  await streamResponse(response, exchange, answer, options);
  return STREAMED;
}

async function questionIn(
  request: IncomingMessage,
  { method }: Exchange,
  { maxBodyBytes }: HandlerOptions,
): Promise<Question | readonly unknown[]> {
  if (method === "GET") return questionInSearch(searchOf(request.url));
  const body = await readJsonBody(request, maxBodyBytes);
  return Array.isArray(body) ? body : questionOf(body);
}

/** Each question is asked and refused by itself; as parts of a batch they are whole, and not compressed. */
async function replyToBatch(
  exchange: Exchange,
  bodies: readonly unknown[],
  { asker, batchSize }: HandlerOptions,
): Promise<Reply> {
  if (batchSize === 1) throw refused("a batch is not served: send one question at a time");
  if (bodies.length === 0 || bodies.length > batchSize)
    throw refused(`a batch holds 1 to ${batchSize} questions`);
  exchange.carries = WHOLE_ONLY;
  const ask = asker(exchange);
  const replies = bodies.map((body) =>
    replyToOne(exchange, ask, body).catch((error: unknown) => refusalReply(exchange, toGatewayError(error))),
  );
  return batchReply(await Promise.all(replies));
}

async function replyToOne(exchange: Exchange, ask: Ask, body: unknown): Promise<Reply> {
  const answer = await ask(questionOf(body));
  if (answer.kind === "whole") return wholeReply(exchange, answer, false);
  void answer.bodies.return?.().catch(() => {});
  throw new Error("an answer in pieces was not asked for");
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
