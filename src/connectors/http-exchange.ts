/**
 * One question to one agency's HTTP server and its whole answer as text. Used by `graphql-http.ts` and `rest.ts`.
 *
 * Origin   from configuration only, reached as `addresses.ts` says; paths are appended to it. Redirects are not followed: a 3xx is
 *          an answer like any other.
 * Bounds   deadline (2 s, queueing included), 2 MB of answer, connections per agency; breaker and bulkhead of `resilience.ts`.
 * Refused  answers with a content encoding: none was asked for, and a small one may unpack to a large one.
 * Errors   AGENCY_TIMEOUT, AGENCY_UNAVAILABLE (no connection, 429, 5xx), AGENCY_BAD_REPLY (too large, encoded).
 */
import { type Dispatcher, Pool } from "undici";
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { DEFAULT_AGENCY_MAX_BYTES, DEFAULT_AGENCY_TIMEOUT_MS } from "../kernel/limits.ts";
import { Addresses } from "./addresses.ts";
import { withDeadline } from "./deadline.ts";
import { createGuard, type Guard, type GuardOptions } from "./resilience.ts";

export interface ExchangeOptions {
  readonly agency: AgencyCode;
  /** `http://host:port`, or with a path that every request starts with. */
  readonly baseUrl: string;
  readonly timeoutMs?: number;
  readonly maxReplyBytes?: number;
  readonly connections?: number;
  /** Shared by all that one deployment asks; its own when left out. */
  readonly addresses?: Addresses;
  readonly guard?: Omit<GuardOptions, "agency">;
}

export interface Question {
  readonly method: "GET" | "POST" | "PUT";
  /** Appended to the base URL; empty or starting with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly text: string;
}

export interface Exchange {
  ask(question: Question): Promise<Answer>;
  /** Its breaker and bulkhead, for what is asked over other connections. */
  readonly guard: Guard;
  close(): Promise<void>;
}

const DEFAULT_CONNECTIONS = 32;

export function createExchange(options: ExchangeOptions): Exchange {
  const { agency, timeoutMs = DEFAULT_AGENCY_TIMEOUT_MS, maxReplyBytes = DEFAULT_AGENCY_MAX_BYTES } = options;
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, "");
  const { addresses = new Addresses() } = options;
  const guard = createGuard({ ...options.guard, agency });
  const pool = new Pool(base.origin, {
    connections: options.connections ?? DEFAULT_CONNECTIONS,
    maxResponseSize: maxReplyBytes,
    connect: addresses.connector(timeoutMs),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  const send = ({ method, path, headers, body }: Question, signal: AbortSignal): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const reader = new AnswerReader(agency, maxReplyBytes, resolve, reject);
      signal.addEventListener("abort", () => reader.abort(signal.reason), { once: true });
      pool.dispatch({ method, path: `${prefix}${path}` || "/", headers, body: body ?? null }, reader);
    });

  return {
    guard,
    ask: (question) =>
      withDeadline(agency, { signal: question.signal, timeoutMs }, (signal) =>
        guard.run(() => send(question, signal).catch((error: unknown) => failed(agency, signal, error))),
      ),
    close: () => pool.close(),
  };
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Takes an answer from undici as it arrives: half of the cost of a stream that is read to its end. */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #agency: AgencyCode;
  readonly #maxBytes: number;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #controller: Dispatcher.DispatchController | null = null;
  #aborted: unknown = null;

  constructor(
    agency: AgencyCode,
    maxBytes: number,
    resolve: (answer: Answer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#agency = agency;
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  abort(reason: unknown): void {
    this.#aborted = reason;
    this.#controller?.abort(reason instanceof Error ? reason : new Error("aborted"));
    this.#reject(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted !== null) this.abort(this.#aborted);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const encoding = this.#header("content-encoding") ?? "identity";
    if (encoding !== "identity") this.#refuse(controller, badReply(this.#agency, "an encoded answer"));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes)
      this.#refuse(controller, badReply(this.#agency, "an answer that is too large"));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first = EMPTY, ...more] = this.#chunks;
    const bytes = more.length === 0 ? first : Buffer.concat(this.#chunks);
    if (this.#status >= 500 || this.#status === 429) {
      this.#reject(unavailable(this.#agency, this.#status));
      return;
    }
    this.#resolve({
      status: this.#status,
      header: (name) => this.#header(name),
      text: bytes.toString("utf8"),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#reject(error);
  }

  #refuse(controller: Dispatcher.DispatchController, error: GatewayError): void {
    this.#reject(error);
    controller.abort(error);
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value[0] : value;
  }
}

const EMPTY = Buffer.alloc(0);

export const badReply = (agency: AgencyCode, message: string, cause?: unknown): GatewayError =>
  new GatewayError("AGENCY_BAD_REPLY", message, { agency, cause });

export const unavailable = (agency: AgencyCode, cause: unknown) =>
  new GatewayError("AGENCY_UNAVAILABLE", "the agency cannot be reached", { agency, cause });

/** An aborted call fails with the reason that `deadline.ts` gave. */
export function failed(agency: AgencyCode, signal: AbortSignal, error: unknown): never {
  if (signal.aborted) throw signal.reason;
  if (error instanceof GatewayError) throw error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") throw badReply(agency, "an answer that is too large", error);
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT")
    throw new GatewayError("AGENCY_TIMEOUT", "the agency did not answer in time", { agency, cause: error });
  throw unavailable(agency, error);
}
