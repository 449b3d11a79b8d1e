/**
 * An answer in pieces over HTTP, in the form of `sse.ts` or `multipart.ts`.
 *
 * In      the gateway's answer. An incremental one whose first payload fails is refused like any other request.
 * Ends    as `deliver.ts` says. A stream that fails or is stopped says so in its last body, then closes in its form; a reader that
 *         is too slow, or does not take the last words within `STREAM_GRACE_MS`, is cut off.
 * Errors  TOO_MANY_STREAMS, SHUTTING_DOWN and what the first incremental payload throws; nothing has been written by then.
 */
import type { ServerResponse } from "node:http";
import { STREAM_GRACE_MS } from "../kernel/limits.ts";
import type { Body } from "../respond/answer.ts";
import type { Log } from "../telemetry/log.ts";
import { deliver, type Ending, type Streaming } from "./deliver.ts";
import type { Exchange } from "./exchange.ts";
import { refuse } from "./refusal.ts";
import { type Streams, stopping } from "./streams.ts";

/** How bodies look on the wire. */
export interface Framing {
  readonly contentType: string;
  readonly opening: string;
  body(text: string): string;
  /** The body of a refusal that ends the stream. */
  failure(text: string): string;
  readonly closing: string;
  readonly ping: string | null;
}

export interface StreamTools {
  /** Of every reply. */
  readonly headers: Readonly<Record<string, string>>;
  readonly streams: Streams;
  readonly log: Log;
}

export async function streamResponse(
  response: ServerResponse,
  exchange: Exchange,
  answer: Streaming,
  { headers, streams, log }: StreamTools,
): Promise<void> {
  const { framing } = exchange.stream ?? uncarried(answer);
  const { close, started } = await begin(answer, streams);
  const began = performance.now();
  let count = 0;
  let pinging: NodeJS.Timeout | undefined;
  try {
    response.writeHead(200, {
      ...headers,
      ...answer.headers,
      "content-type": framing.contentType,
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
      "x-request-id": exchange.requestId,
    });
    response.write(framing.opening);
    if (framing.ping !== null) pinging = setInterval(ping, streams.options.pingMs, response, framing.ping);
    const write = ({ text }: Body): Promise<void> => {
      count += 1;
      return written(response, framing.body(text));
    };
    const ending = await deliver(started, write, { hangUp: exchange.signal, streams });
    finish(response, lastWords(ending, exchange, framing));
    logEnding(log, ending, { requestId: exchange.requestId, count, durationMs: performance.now() - began });
  } finally {
    clearInterval(pinging);
    close();
  }
}

function uncarried({ bodies }: Streaming): never {
  void bodies.return?.().catch(() => {});
  throw new Error("an answer in pieces was not asked for");
}

async function begin(answer: Streaming, streams: Streams) {
  try {
    const close = streams.open();
    try {
      return { close, started: answer.kind === "incremental" ? await primed(answer) : answer };
    } catch (error) {
      close();
      throw error;
    }
  } catch (error) {
    void answer.bodies.return?.().catch(() => {});
    throw error;
  }
}

/** The same answer, its first payload made already. */
async function primed(answer: Streaming): Promise<Streaming> {
  const { bodies } = answer;
  let first: Promise<IteratorResult<Body>> | null = Promise.resolve(await bodies.next());
  const replayed: AsyncIterableIterator<Body> = {
    next() {
      const result = first ?? bodies.next();
      first = null;
      return result;
    },
    return: async () => (await bodies.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => replayed,
  };
  return { kind: "incremental", bodies: replayed };
}

const written = (response: ServerResponse, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    response.write(text, (error) => (error ? reject(error) : resolve()));
  });

function ping(response: ServerResponse, text: string): void {
  if (!response.writableNeedDrain && !response.writableEnded) response.write(text);
}

/** Null: nobody reads them. */
function lastWords(
  ending: Ending,
  { locale, requestId }: Exchange,
  { failure, closing }: Framing,
): string | null {
  if (ending.kind === "hung-up" || ending.kind === "too-slow") return null;
  if (ending.kind === "complete") return closing;
  const error = ending.kind === "failed" ? ending.error : stopping();
  return failure(refuse(error, { locale, requestId, mediaType: "" }).body) + closing;
}

function finish(response: ServerResponse, words: string | null): void {
  if (words === null) response.destroy();
  if (response.destroyed) return;
  const cut = setTimeout(() => response.destroy(), STREAM_GRACE_MS);
  response.on("close", () => clearTimeout(cut));
  response.end(words);
}

/** `count`: bodies that were sent. */
export function logEnding(
  log: Log,
  ending: Ending,
  about: { readonly requestId: string; readonly count: number; readonly durationMs: number },
): void {
  const fields = { ...about, durationMs: Math.round(about.durationMs), reason: ending.kind };
  const error = ending.kind === "failed" ? ending.error : null;
  if (error?.family === "gateway") log.error("stream.failed", { ...fields, code: error.code, fault: error });
  else log.info("stream", { ...fields, ...(error && { code: error.code }) });
}
