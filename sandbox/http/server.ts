/**
 * A REST server of one sandbox agency, on loopback.
 *
 * Order     night window → faults → token of the gateway → rate limit → body → route → answer with ETag.
 * Token     `verify` is given the `authorization` header; null is 401. Nobody is answered without one.
 * Journal   every request that arrived, also those that were cut (status 0).
 * Port      0 (any) unless given. `close` ends open connections too.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, Refusal } from "./answer.ts";
import { parseBody, readBody } from "./body.ts";
import { createFaults, type FaultState, type Faults } from "./faults.ts";
import { createJournal, type Journal } from "./journal.ts";
import { rateLimit } from "./rate-limit.ts";
import { dispatch, type Route } from "./route.ts";

/** Claims of the gateway's token, or null; `createOutboundVerifier` makes one. */
export type Verify = (authorization: string | undefined) => Promise<object | null>;

export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface RestServerOptions {
  readonly routes: readonly Route[];
  readonly verify: Verify;
  readonly port?: number;
  readonly latency?: Latency;
  /** Requests a second; unlimited unless given. */
  readonly perSecond?: number;
  /** False while the agency is off for the night. */
  readonly isOpen?: () => boolean;
}

export interface RestServer {
  readonly url: string;
  readonly journal: Journal;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** The connection is cut instead of an answer. */
const CUT = Symbol("cut");

export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const journal = createJournal();
  const { state, faults } = createFaults();
  const answer = answerer(options, state);

  const server = createServer(async (request, response) => {
    const read = await readBody(request).catch((error: unknown) => error);
    const body = typeof read === "string" ? read : "";
    const given = typeof read === "string" ? await answer(request, body) : failed(read);
    const sent = given === CUT ? cut(request) : send(request, response, given, state.garbage);
    const { method = "", url = "", headers } = request;
    journal.write({ method, path: url, headers, body, ...sent });
  }).listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    journal,
    faults,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function answerer({ routes, verify, latency, perSecond, isOpen }: RestServerOptions, state: FaultState) {
  const limit = perSecond === undefined ? null : rateLimit(perSecond);
  let requests = 0;

  const decide = async (request: IncomingMessage, body: string): Promise<Answer | typeof CUT> => {
    requests += 1;
    await pause(latency, state.slowMs);
    if (state.down || (state.flakyEvery > 0 && requests % state.flakyEvery === 0)) return CUT;
    if (isOpen?.() === false) throw new Refusal(503, "closed for the night", { "retry-after": "3600" });
    if (state.status !== null) throw new Refusal(state.status, "fault");
    if (!(await verify(request.headers.authorization))) throw new Refusal(401, "no token of the gateway");
    const wait = limit?.take() ?? 0;
    if (wait > 0) throw new Refusal(429, "too many requests", { "retry-after": String(wait) });
    const url = new URL(request.url ?? "/", "http://agency");
    return dispatch(routes, request.method ?? "", url, { body: parseBody(request, body), faults: state });
  };
  return (request: IncomingMessage, body: string) => decide(request, body).catch(failed);
}

const failed = (error: unknown): Answer =>
  error instanceof Refusal ? error.answer : { status: 500, body: { error: "fault" } };

async function pause(latency: Latency | undefined, slowMs: number): Promise<void> {
  const { minMs, maxMs } = latency ?? { minMs: 0, maxMs: 0 };
  const ms = slowMs + minMs + Math.random() * (maxMs - minMs);
  if (ms > 0) await sleep(ms);
}

interface Sent {
  readonly status: number;
  readonly responseBytes: number;
}

function cut(request: IncomingMessage): Sent {
  request.socket.destroy();
  return { status: 0, responseBytes: 0 };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: Answer,
  garbage: boolean,
): Sent {
  const whole = JSON.stringify(body);
  const text = garbage ? whole.slice(0, whole.length / 2) : whole;
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  if (status === 200 && request.method === "GET" && request.headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return { status: 304, responseBytes: 0 };
  }
  const responseBytes = Buffer.byteLength(text);
  response
    .writeHead(status, {
      "content-type": "application/json; charset=utf-8",
      "content-length": responseBytes,
      ...(status === 200 && request.method === "GET" ? { etag } : {}),
      ...headers,
    })
    .end(text);
  return { status, responseBytes };
}
