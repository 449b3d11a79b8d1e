/**
 * Subscriptions at a subgraph over WebSocket (`graphql-transport-ws`), one connection for each: it speaks for one reader.
 *
 * Told     the agency's own token, in the handshake and again in `connection_init`, where servers look for it.
 * Pull     while more than one event's worth waits to be read, the socket is not read.
 * Alive    a ping every `STREAM_PING_MS`; no answer until the next, and the agency has broken off.
 * Errors   AGENCY_UNAVAILABLE for a connection that cannot be opened or that breaks off; AGENCY_BAD_REPLY for a refusal (4xx, 44xx)
 *          and for messages that are too large or none of the protocol's.
 * The client of graphql-ws is not used: it connects again by itself, queues without bound, and parses into plain objects.
 */
import WebSocket from "ws";
import type { SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { GatewayError } from "../kernel/errors.ts";
import { STREAM_GRACE_MS, STREAM_PING_MS } from "../kernel/limits.ts";
import { EventQueue } from "./event-queue.ts";
import { isRow, replyOf, tryParse } from "./graphql-reply.ts";
import type { EventSource, EventSourceOptions } from "./graphql-sse.ts";
import { badReply, unavailable } from "./http-exchange.ts";
import { brokenOff } from "./subscription.ts";

export function wsSubscriptions(options: EventSourceOptions & { readonly pingMs?: number }): EventSource {
  const open = new Set<Socket>();
  return {
    async open(request, signal) {
      const { headers } = await options.tell(request);
      signal.throwIfAborted();
      const socket = new Socket(options, request, headers);
      open.add(socket);
      socket.closed.then(() => open.delete(socket));
      signal.addEventListener("abort", () => socket.end(), { once: true });
      await socket.opened;
      return socket.events;
    },
    async close() {
      for (const socket of open) socket.fail(brokenOff(options.agency));
      await Promise.all([...open].map(({ closed }) => closed));
    },
  };
}

const SUBPROTOCOL = "graphql-transport-ws";
const ID = "1";
const TOO_LARGE = "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";

class Socket {
  readonly events = new EventQueue<SubgraphReply>();
  /** Rejects with what `events` fails with. */
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;
  readonly #options: EventSourceOptions;
  readonly #request: SubgraphRequest;
  readonly #socket: WebSocket;
  readonly #open = Promise.withResolvers<void>();
  #waitingBytes = 0;
  #isSubscribed = false;
  #isAlive = true;

  constructor(
    options: EventSourceOptions & { readonly pingMs?: number },
    request: SubgraphRequest,
    headers: Readonly<Record<string, string>>,
  ) {
    this.#options = options;
    this.#request = request;
    const url = new URL(options.url);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, SUBPROTOCOL, {
      headers,
      perMessageDeflate: false,
      maxPayload: options.maxEventBytes,
      handshakeTimeout: options.timeoutMs,
      lookup: options.addresses.lookup,
    });
    this.#socket = socket;
    this.opened = this.#open.promise;
    this.opened.catch(() => {});
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    const pinging = setInterval(() => this.#ping(), options.pingMs ?? STREAM_PING_MS);
    socket.on("open", () => this.#send({ type: "connection_init", payload: headers }));
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    socket.on("unexpected-response", (_, { statusCode = 0 }) => this.fail(this.#refusal(statusCode)));
    socket.on("error", (error) => {
      if (socket.readyState === WebSocket.CONNECTING) options.addresses.forget(url.hostname);
      this.fail(this.#failure(error));
    });
    socket.on("close", (code) => {
      clearInterval(pinging);
      this.fail(this.#refusal(code - 4_000));
      resolve();
    });
  }

  /** Takes the subscription back. */
  end(): void {
    const socket = this.#socket;
    this.events.finish();
    if (socket.readyState === WebSocket.OPEN) {
      this.#send({ id: ID, type: "complete" });
      socket.close(1_000);
    }
    if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
    setTimeout(() => socket.terminate(), STREAM_GRACE_MS).unref();
  }

  #receive(text: string): void {
    const message = tryParse(text);
    const { type, payload } = isRow(message) ? message : {};
    if (type === "ping") this.#send({ type: "pong" });
    else if (type === "connection_ack" && !this.#isSubscribed) this.#subscribe();
    else if (type === "next") this.#take(payload, text.length);
    else if (type === "error") this.#take({ errors: payload }, text.length).then(() => this.end());
    else if (type === "complete") this.end();
    else if (type !== "pong") this.fail(badReply(this.#options.agency, "a message of no such protocol"));
  }

  #subscribe(): void {
    this.#isSubscribed = true;
    const { query, variables } = this.#request;
    this.#send({ id: ID, type: "subscribe", payload: { query, variables } });
    this.#open.resolve();
  }

  async #take(response: unknown, size: number): Promise<void> {
    const { agency, keepCodes, maxEventBytes } = this.#options;
    const reply = replyOf(response, keepCodes);
    if (!reply) return this.fail(badReply(agency, "an event that is no GraphQL response"));
    this.#waitingBytes += size;
    if (this.#waitingBytes > maxEventBytes) this.#socket.pause();
    await this.events.push(reply);
    this.#waitingBytes -= size;
    if (this.#waitingBytes <= maxEventBytes) this.#socket.resume();
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message), () => {});
  }

  #ping(): void {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN || socket.isPaused) return;
    if (this.#isAlive) socket.ping();
    else socket.terminate();
    this.#isAlive = false;
  }

  /** Ends it with an error, unless it is over. */
  fail(error: GatewayError): void {
    this.events.fail(error);
    this.#open.reject(error);
    this.#socket.terminate();
  }

  /** By HTTP status, or by the protocol's close codes, which are 4000 more. */
  #refusal(status: number): GatewayError {
    const { agency } = this.#options;
    const isRefused = status >= 300 && status < 500 && status !== 429 && status !== 408;
    return isRefused ? badReply(agency, `a refusal with status ${status}`) : brokenOff(agency, status);
  }

  #failure(error: Error): GatewayError {
    const { agency } = this.#options;
    if ("code" in error && error.code === TOO_LARGE)
      return badReply(agency, "an event that is too large", error);
    return unavailable(agency, error);
  }
}
