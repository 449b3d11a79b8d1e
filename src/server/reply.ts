/**
 * What is written on the wire: status, headers and bytes; and the refusals it holds, for the log.
 *
 * Rule  answers are cached by nobody; a refusal is in the caller's language and says which.
 */
import type { ServerResponse } from "node:http";
import type { GatewayError } from "../kernel/errors.ts";
import type { Body } from "../respond/answer.ts";
import type { Exchange } from "./exchange.ts";
import { JSON_TYPE } from "./media-type.ts";
import { refuse } from "./refusal.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly refusals: readonly GatewayError[];
}

const NO_REFUSALS: readonly GatewayError[] = [];

export function wholeReply({ mediaType }: Exchange, body: Body): Reply {
  return {
    status: 200,
    headers: { "content-type": mediaType ?? JSON_TYPE, "cache-control": "no-store" },
    bytes: body.bytes,
    refusals: NO_REFUSALS,
  };
}

export function refusalReply(exchange: Exchange, error: GatewayError): Reply {
  const { locale, requestId } = exchange;
  const mediaType = exchange.mediaType ?? JSON_TYPE;
  const refusal = refuse(error, { locale, requestId, mediaType });
  return {
    status: refusal.status,
    headers: {
      ...refusal.headers,
      "content-type": mediaType,
      "content-language": locale,
      "cache-control": "no-store",
    },
    bytes: Buffer.from(refusal.body),
    refusals: [error],
  };
}

/** `always`: what every reply of this server carries. */
export function send(
  response: ServerResponse,
  { requestId }: Exchange,
  { status, headers, bytes }: Reply,
  always: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...always,
    ...headers,
    "content-length": bytes.length,
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  });
  response.end(bytes);
}
