/**
 * WebSockets at `/graphql`: who may open one, how many there are, and how they end.
 *
 * Origin   a page may open one only from the server's own origin or a configured one, whatever it could send with it; callers that
 *          are no page send no `Origin`. This takes the place of CSRF prevention, since a page needs nobody's leave to open one.
 * Bounds   as many as there may be streams; a message is no larger than a body over HTTP; nothing is compressed, so nothing unpacks.
 * Errors   refused before it is opened, as HTTP, in the form of `refusal.ts`: 403 for the origin, 503 while starting or stopping
 *          and when there are too many, 400 for a handshake that is none.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { GatewayError } from "../kernel/errors.ts";
import { localeOf } from "../kernel/messages.ts";
import type { ChannelOf } from "./channel-of.ts";
import { refuse, toGatewayError } from "./refusal.ts";
import { stopping, tooMany } from "./streams.ts";
import { Connection, type ConnectionTools } from "./websocket-connection.ts";
import { CLOSE, SUBPROTOCOL } from "./websocket-messages.ts";

export interface WebSocketOptions extends Omit<ConnectionTools, "locale" | "channel"> {
  readonly maxMessageBytes: number;
  readonly channelOf: ChannelOf;
  /** Carried by every answer to a handshake. */
  readonly headers: Readonly<Record<string, string>>;
  /** Throws while there is nothing to ask. */
  readonly checkReady: () => void;
}

export interface WebSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Resolves when all have closed, as draining makes them do; what is left at the deadline is cut. */
  close(deadline: number): Promise<void>;
}

const POLL_MS = 10;

export function webSockets(options: WebSocketOptions): WebSockets {
  const { streams } = options;
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  });
  server.on("headers", (lines) => {
    for (const [name, value] of Object.entries(options.headers)) lines.push(`${name}: ${value}`);
  });
  server.on("wsClientError", (_, socket, request) => {
    const error = new GatewayError("BAD_REQUEST", "the handshake is not one of a WebSocket");
    refuseHandshake(socket, request, error, options);
  });

  const check = ({ headers }: IncomingMessage): void => {
    options.checkReady();
    if (streams.isDraining) throw stopping();
    if (server.clients.size >= streams.options.maxStreams) throw tooMany();
    if (!mayOpen(headers, streams.options.allowedOrigins))
      throw new GatewayError("ORIGIN_FORBIDDEN", "pages of this origin may not open a WebSocket here");
  };

  return {
    upgrade(request, socket, head) {
      try {
        check(request);
      } catch (error) {
        refuseHandshake(socket, request, toGatewayError(error), options);
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => {
        const locale = localeOf(request.headers["accept-language"]);
        const connection = new Connection(opened, {
          ...options,
          locale,
          channel: options.channelOf(request),
        });
        if (opened.protocol !== SUBPROTOCOL)
          connection.close(CLOSE.subprotocol, "Subprotocol not acceptable");
      });
    },

    async close(deadline) {
      while (server.clients.size > 0 && performance.now() < deadline) await sleep(POLL_MS);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** By host, port included: what stands before us may end TLS. */
function mayOpen({ origin, host }: IncomingMessage["headers"], allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || allowed.some((one) => new URL(one).origin === from.origin);
}

function refuseHandshake(
  socket: Duplex,
  request: IncomingMessage,
  error: GatewayError,
  { headers, log }: WebSocketOptions,
): void {
  const requestId = randomUUID();
  const locale = localeOf(request.headers["accept-language"]);
  const refusal = refuse(error, { locale, requestId, mediaType: "" });
  const lines = {
    ...headers,
    ...refusal.headers,
    "content-type": "application/json; charset=utf-8",
    "content-language": locale,
    "content-length": String(Buffer.byteLength(refusal.body)),
    "cache-control": "no-store",
    "x-request-id": requestId,
    connection: "close",
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on("error", () => socket.destroy()).on("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusal.status} Refused\r\n${head.join("")}\r\n${refusal.body}`);
  log.info("websocket.refused", { requestId, status: refusal.status, code: error.code });
}
