/**
 * One WebSocket on which operations are asked for and answered (`graphql-transport-ws`).
 *
 * Who       `connection_init` says who asks, in time, with a proof for the handshake where the token wants one; `admit` refuses what
 *           is no reader, and each operation is asked as if it came alone. Whoever turns out to be nobody, later too, is told, and
 *           the connection is closed (4403).
 * Bounds    operations at a time; one body of each waits to be taken. While much waits, what the peer sends is not read either.
 * Alive     a ping at a time; neither a pong nor anything taken until the next, and the peer is gone.
 * Draining  subscriptions end between two events, what is asked is answered, nothing new begins; then 1001, upon which clients
 *           connect again, to another replica, and go on. They are not told `complete`, which would be the end.
 */
import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { Channel } from "../identity/channel.ts";
import { STREAM_GRACE_MS } from "../kernel/limits.ts";
import type { Locale } from "../kernel/messages.ts";
import type { Answer, Body } from "../respond/answer.ts";
import type { Log } from "../telemetry/log.ts";
import type { Caller } from "./caller.ts";
import { deliver, type Ending, type Streaming } from "./deliver.ts";
import type { HeaderReader } from "./gateway-port.ts";
import type { Load } from "./load.ts";
import { entriesOf, toGatewayError } from "./refusal.ts";
import { logEnding } from "./stream-response.ts";
import { type Streams, tooMany } from "./streams.ts";
import * as messages from "./websocket-messages.ts";

const { CLOSE } = messages;

export interface ConnectionTools {
  readonly streams: Streams;
  readonly load: Load;
  /** As a POST with this body would be asked. */
  readonly ask: (caller: Caller, body: object) => Promise<Answer>;
  readonly admit: (headers: HeaderReader, channel: Channel) => Promise<void>;
  /** That of the handshake, for as long as the connection lives. */
  readonly channel: Channel;
  readonly locale: Locale;
  readonly log: Log;
}

/** Above this, in bytes not yet taken by the peer, its messages wait. */
const MUCH = 1_048_576;
const EVERYTHING = { events: true, incremental: true };

export class Connection {
  readonly #socket: WebSocket;
  readonly #tools: ConnectionTools;
  readonly #operations = new Map<string, AbortController>();
  readonly #timers: NodeJS.Timeout[];
  /** Null until `connection_init`. */
  #headers: HeaderReader | null = null;
  #isAdmitted = false;
  #isAlive = true;
  /** Operations that run, those included that the peer has taken back and that have not ended yet. */
  #running = 0;

  constructor(socket: WebSocket, tools: ConnectionTools) {
    this.#socket = socket;
    this.#tools = tools;
    const { pingMs, connectionInitMs } = tools.streams.options;
    this.#timers = [
      setTimeout(() => this.#awaitInit(), connectionInitMs),
      setInterval(() => this.#ping(), pingMs),
    ];
    const off = tools.streams.onDrain(() => this.#closeWhenDrained());
    socket.on("message", (data, isBinary) => this.#receive(String(data), isBinary));
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      for (const timer of this.#timers) clearTimeout(timer);
      off();
      for (const operation of this.#operations.values()) operation.abort();
    });
  }

  #receive(text: string, isBinary: boolean): void {
    if (this.#socket.bufferedAmount > MUCH) this.#socket.pause();
    try {
      if (isBinary) throw new messages.BadMessage();
      this.#act(messages.readMessage(text));
    } catch (error) {
      if (!(error instanceof messages.BadMessage)) throw error;
      this.close(CLOSE.badRequest, "Invalid message received");
    }
  }

  #act(message: messages.ClientMessage): void {
    switch (message.type) {
      case "connection_init":
        this.#init(message.payload);
        break;
      case "ping":
        this.#send(messages.PONG).catch(() => {});
        break;
      case "subscribe":
        this.#subscribe(message);
        break;
      case "complete":
        this.#operations.get(message.id)?.abort();
        this.#operations.delete(message.id);
    }
  }

  #init(payload: Readonly<Record<string, unknown>>): void {
    if (this.#headers) this.close(CLOSE.tooManyInits, "Too many initialisation requests");
    else {
      this.#headers = NOBODY;
      void this.#admit(payload);
    }
  }

  async #admit(payload: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      this.#headers = messages.headersIn(payload);
      await this.#tools.admit(this.#headers, this.#tools.channel);
      this.#isAdmitted = true;
      await this.#send(messages.ACK);
    } catch (error) {
      const { code } = toGatewayError(error);
      this.#tools.log.info("websocket.refused", { code });
      this.close(CLOSE.forbidden, code);
    }
  }

  #subscribe({ id, payload }: Extract<messages.ClientMessage, { type: "subscribe" }>): void {
    if (!this.#isAdmitted) this.close(CLOSE.unauthorized, "Unauthorized");
    else if (this.#operations.has(id)) this.close(CLOSE.idTaken, "Subscriber already exists");
    else if (!this.#tools.streams.isDraining) {
      const operation = new AbortController();
      this.#operations.set(id, operation);
      void this.#run(id, payload, operation);
    }
  }

  async #run(id: string, payload: object, operation: AbortController): Promise<void> {
    const began = performance.now();
    const requestId = randomUUID();
    const { locale, channel, log } = this.#tools;
    const caller: Caller = {
      ...{ requestId, locale, channel, headers: this.#headers ?? NOBODY },
      ...{ method: "POST", signal: operation.signal, carries: EVERYTHING },
    };
    let count = 0;
    this.#running += 1;
    const ending = await this.#answer(caller, payload, ({ text }) => {
      count += 1;
      return this.#send(messages.next(id, text));
    });
    logEnding(log, ending, { requestId, count, durationMs: performance.now() - began });
    const isWanted = this.#operations.get(id) === operation;
    if (isWanted) this.#operations.delete(id);
    if (isWanted) await this.#tell(id, ending, requestId).catch(() => {});
    this.#running -= 1;
    if (this.#tools.streams.isDraining) this.#closeWhenDrained();
  }

  async #answer(caller: Caller, payload: object, write: (body: Body) => Promise<void>): Promise<Ending> {
    const { streams, load, ask } = this.#tools;
    try {
      if (this.#running > streams.options.maxStreamsPerConnection) throw tooMany();
      const giveBack = streams.open();
      try {
        const leave = load.enter();
        const answer = await ask(caller, payload).finally(leave);
        return await deliver(inPieces(answer), write, { hangUp: caller.signal, streams });
      } finally {
        giveBack();
      }
    } catch (error) {
      return { kind: "failed", error: toGatewayError(error) };
    }
  }

  async #tell(id: string, ending: Ending, requestId: string): Promise<void> {
    if (ending.kind === "complete") await this.#send(messages.complete(id));
    else if (ending.kind === "too-slow") this.close(CLOSE.tooSlow, "events are not read in time");
    else if (ending.kind === "failed") {
      const { locale } = this.#tools;
      const { error } = ending;
      const told = this.#send(messages.failure(id, entriesOf(error, { locale, requestId })));
      if (error.code === "UNAUTHENTICATED") this.close(CLOSE.forbidden, error.code);
      await told;
    }
  }

  /** Resolves when the peer's side has taken it. */
  #send(text: string): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      socket.send(text, (error) => {
        if (socket.isPaused && socket.bufferedAmount <= MUCH) this.#hear();
        if (error) reject(error);
        else resolve();
      });
    });
  }

  #awaitInit(): void {
    if (this.#headers === null) this.close(CLOSE.initTimeout, "Connection initialisation timeout");
  }

  /** What waited was taken: a sign of life, since a pong was not heard. */
  #hear(): void {
    this.#isAlive = true;
    this.#socket.resume();
  }

  #ping(): void {
    if (!this.#isAlive) this.#socket.terminate();
    else this.#socket.ping();
    this.#isAlive = false;
  }

  #closeWhenDrained(): void {
    if (this.#running === 0) this.close(CLOSE.goingAway, "Going away");
  }

  /** Peers that do not answer the close are cut off after a moment. */
  close(code: number, reason: string): void {
    const socket = this.#socket;
    socket.close(code, reason);
    this.#timers.push(setTimeout(() => socket.terminate(), STREAM_GRACE_MS).unref());
  }
}

const NOBODY: HeaderReader = { get: () => undefined };

function inPieces(answer: Answer): Streaming {
  if (answer.kind !== "whole") return answer;
  return { kind: "incremental", bodies: once(answer.body) };
}

async function* once(body: Body): AsyncGenerator<Body, undefined> {
  yield body;
}
