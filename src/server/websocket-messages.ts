/**
 * Messages of the WebSocket subprotocol `graphql-transport-ws`, as text.
 *
 * Source  PROTOCOL.md of graphql-ws. What a `subscribe` asks is left as it came: it is checked as the body of a POST is.
 * Errors  `BadMessage`, for which the protocol closes the connection.
 */
import { GatewayError } from "../kernel/errors.ts";
import type { HeaderReader } from "./gateway-port.ts";

export const SUBPROTOCOL = "graphql-transport-ws";

/** Codes of a close: the protocol's own, and of RFC 6455 those that are used. */
export const CLOSE = {
  goingAway: 1001,
  tooSlow: 1008,
  badRequest: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  subprotocol: 4406,
  initTimeout: 4408,
  idTaken: 4409,
  tooManyInits: 4429,
} as const;

export type ClientMessage =
  | { readonly type: "connection_init"; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: "ping" | "pong" }
  | { readonly type: "subscribe"; readonly id: string; readonly payload: object }
  | { readonly type: "complete"; readonly id: string };

export class BadMessage extends Error {}

const MAX_ID_CHARACTERS = 128;

export function readMessage(text: string): ClientMessage {
  const { type, id, payload } = objectOf(parse(text));
  if (type === "ping" || type === "pong") return { type };
  if (type === "connection_init") return { type, payload: objectOf(payload ?? {}) };
  if (typeof id !== "string" || id === "" || id.length > MAX_ID_CHARACTERS) throw new BadMessage();
  if (type === "complete") return { type, id };
  if (type === "subscribe") return { type, id, payload: objectOf(payload) };
  throw new BadMessage();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadMessage();
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new BadMessage();
}

export const ACK = '{"type":"connection_ack"}';
export const PONG = '{"type":"pong"}';
/** `body` is JSON text, finished. */
export const next = (id: string, body: string): string =>
  `{"id":${JSON.stringify(id)},"type":"next","payload":${body}}`;
export const failure = (id: string, errors: readonly object[]): string =>
  JSON.stringify({ id, type: "error", payload: errors });
export const complete = (id: string): string => JSON.stringify({ id, type: "complete" });

const HEADERS: ReadonlySet<string> = new Set(["authorization", "dpop", "x-purpose", "x-issue"]);

/** Who asks, why and about what, out of `connection_init`: by header names, in any case, and no other of its keys. */
export function headersIn(payload: Readonly<Record<string, unknown>>): HeaderReader {
  const taken = new Map<string, string>();
  for (const [key, value] of Object.entries(payload)) {
    const name = key.toLowerCase();
    if (!HEADERS.has(name)) continue;
    if (typeof value !== "string")
      throw new GatewayError("BAD_REQUEST", `\`${name}\` in \`connection_init\` must be a text`);
    taken.set(name, taken.has(name) ? `${taken.get(name)}, ${value}` : value);
  }
  return { get: (name) => taken.get(name) };
}
