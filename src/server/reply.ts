/**
 * What is written on the wire: status, headers and bytes; and the refusals it holds, for the log.
 *
 * Rule  answers are kept by nobody; only a GET of nothing but public fields carries a tag, which its reader's own cache may ask
 *       with again: it is then decided anew, and answered 304 when it is the same. A refusal is in the caller's language, says
 *       which, and is never compressed.
 */
import type { ServerResponse } from "node:http";
import type { GatewayError } from "../kernel/errors.ts";
import type { Answer } from "../respond/answer.ts";
import { encode } from "./encoding.ts";
import { entityTagOf, holds } from "./entity-tag.ts";
import type { Exchange } from "./exchange.ts";
import { JSON_TYPE } from "./media-type.ts";
import { refuse } from "./refusal.ts";

type Whole = Extract<Answer, { readonly kind: "whole" }>;
type Headers = Readonly<Record<string, string>>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Null where the status alone says it. */
  readonly bytes: Buffer | null;
  readonly refusals: readonly GatewayError[];
}

const NO_REFUSALS: readonly GatewayError[] = [];
const NOT_KEPT = "no-store";

export async function wholeReply(
  exchange: Exchange,
  { body, headers = {} }: Whole,
  compression: boolean,
): Promise<Reply> {
  if (body.isPublic && exchange.method === "GET" && exchange.mediaType !== null)
    return publicReply(exchange, body.bytes, compression, headers);
  return bytesReply(exchange, body.bytes, compression, { ...headers, "cache-control": NOT_KEPT });
}

async function publicReply(
  exchange: Exchange,
  bytes: Buffer,
  compression: boolean,
  beside: Headers,
): Promise<Reply> {
  const etag = entityTagOf(bytes);
  const headers = { ...beside, etag, "cache-control": "private, no-cache", vary: "accept, accept-encoding" };
  if (holds(exchange.headers.get("if-none-match"), etag))
    return { status: 304, headers, bytes: null, refusals: NO_REFUSALS };
  return bytesReply(exchange, bytes, compression, headers);
}

async function bytesReply(
  { mediaType, headers: asked }: Exchange,
  plain: Buffer,
  compression: boolean,
  headers: Headers,
): Promise<Reply> {
  const written = { "content-type": mediaType ?? JSON_TYPE, ...headers };
  const acceptEncoding = compression && mediaType !== null ? asked.get("accept-encoding") : undefined;
  if (acceptEncoding === undefined)
    return { status: 200, headers: written, bytes: plain, refusals: NO_REFUSALS };
  const { bytes, coding } = await encode(plain, acceptEncoding);
  const encoded = coding === null ? {} : { "content-encoding": coding };
  return {
    status: 200,
    headers: { vary: "accept-encoding", ...written, ...encoded },
    bytes,
    refusals: NO_REFUSALS,
  };
}

export function refusalReply(exchange: Exchange, error: GatewayError): Reply {
  const { locale, requestId } = exchange;
  const mediaType = exchange.mediaType ?? JSON_TYPE;
  const { status, headers, body } = refuse(error, { locale, requestId, mediaType });
  return {
    status,
    headers: {
      ...headers,
      "content-type": mediaType,
      "content-language": locale,
      "cache-control": NOT_KEPT,
    },
    bytes: Buffer.from(body),
    refusals: [error],
  };
}

/**
 * What is whole already, for a caller who takes nothing but a stream: in that form, as one body. Refusals keep theirs, but for
 * those that have status 200 in the older media type: they are the document's, and GraphQL over SSE wants them on the stream.
 */
export function framed({ mediaType, stream }: Exchange, reply: Reply): Reply {
  if (mediaType !== null || stream === null || reply.status !== 200 || reply.bytes === null) return reply;
  const { contentType, opening, body, closing } = stream.framing;
  return {
    ...reply,
    headers: { ...reply.headers, "content-type": contentType },
    bytes: Buffer.from(opening + body(reply.bytes.toString()) + closing),
  };
}

/** Answers and refusals of a batch in its order; the status that all of them share, else 200. */
export function batchReply(replies: readonly Reply[]): Reply {
  const [first] = replies;
  if (!first) throw new Error("a batch holds a question at least");
  const alike = replies.every(({ status }) => status === first.status);
  const said = (name: string) => replies.findLast(({ headers }) => name in headers)?.headers;
  const latest = said("retry-after") ?? said("ratelimit") ?? {};
  const rates = Object.fromEntries(Object.entries(latest).filter(([name]) => RATES.has(name)));
  const between = replies.flatMap(({ bytes }, at) => [at === 0 ? OPEN : COMMA, bytes ?? EMPTY]);
  return {
    status: alike ? first.status : 200,
    headers: { ...first.headers, ...rates, "cache-control": NOT_KEPT },
    bytes: Buffer.concat([...between, CLOSE]),
    refusals: replies.flatMap(({ refusals }) => refusals),
  };
}

/** What of one question's headers is true of its batch: who has to wait for one is told with 200 too. */
const RATES: ReadonlySet<string> = new Set(["ratelimit", "ratelimit-policy", "retry-after"]);

const [OPEN, COMMA, CLOSE, EMPTY] = ["[", ",", "]", ""].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];

/** `always`: what every reply of this server carries. */
export function send(
  response: ServerResponse,
  { requestId }: Exchange,
  { status, headers, bytes }: Reply,
  always: Headers,
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...always,
    ...headers,
    ...(bytes && { "content-length": bytes.length }),
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  });
  response.end(bytes ?? undefined);
}
