/**
 * The trace of one question: a span for all of it, one for each stage, one for each fetch.
 *
 * In      `traceparent` of the caller (W3C Trace Context, version 00), if it has one: the question is then part of the caller's trace.
 *         `tracestate` and baggage are never read.
 * Out     spans, to a sink. No personal data, by construction: a span has a name out of a fixed set and the attributes below, none
 *         of which can hold a value, a variable, a header, or an id of a person; a fault is a code.
 * Told    agencies hear of none of these ids: each is given a trace of its own (`outbound-token.ts`), to which the question's links.
 * Cost    nothing while it is off; a question that is not drawn costs one random number.
 */
import { randomBytes } from "node:crypto";
import { GatewayError } from "../kernel/errors.ts";

export const STAGES = ["identity", "operation", "policy", "plan", "execute", "audit", "respond"] as const;
export type Stage = (typeof STAGES)[number];

export interface SpanAttributes {
  /** Of a fetch. */
  readonly subgraph?: string;
  /** How it ended, when it did not end well. */
  readonly code?: string;
  /** Also in the log and in masked errors. */
  readonly requestId?: string;
  readonly method?: string;
}

export interface SpanContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16. */
  readonly spanId: string;
}

export interface FinishedSpan extends SpanContext {
  readonly parentId: string | null;
  readonly name: Stage | "question" | "fetch";
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  readonly links: readonly SpanContext[];
}

export type SpanSink = (span: FinishedSpan) => void;

/** Of one question under way. */
export interface Trace {
  /** Does the work within a span; what it throws or rejects with ends the span with its code. */
  readonly span: <Result>(name: Stage | "fetch", work: () => Result, attributes?: SpanAttributes) => Result;
  /** An agency was given this trace. */
  link(context: SpanContext): void;
  end(attributes: SpanAttributes): void;
}

export interface Tracing {
  /** Null when this question is not drawn. */
  begin(traceparent: string | undefined): Trace | null;
}

const PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
/** Milliseconds since 1970, finer than a millisecond. */
const now = (): number => performance.timeOrigin + performance.now();

/** `ratio`: of questions, whatever the caller wants. */
export function createTracing(sink: SpanSink, ratio: number): Tracing {
  return {
    begin(traceparent) {
      if (Math.random() >= ratio) return null;
      const [, traceId = hex(16), parentId = null] = PARENT.exec(traceparent ?? "") ?? [];
      return new QuestionTrace(sink, traceId, parentId);
    },
  };
}

class QuestionTrace implements Trace {
  readonly #sink: SpanSink;
  readonly #traceId: string;
  readonly #parentId: string | null;
  readonly #spanId = hex(8);
  readonly #startMs = now();
  readonly #links: SpanContext[] = [];

  constructor(sink: SpanSink, traceId: string, parentId: string | null) {
    this.#sink = sink;
    this.#traceId = traceId;
    this.#parentId = parentId;
  }

  readonly span: Trace["span"] = (name, work, attributes = {}) => {
    const startMs = now();
    const finish = (error?: unknown): void =>
      this.#sink({
        ...{ name, startMs, endMs: now(), links: [] },
        ...{ traceId: this.#traceId, spanId: hex(8), parentId: this.#spanId },
        attributes: error === undefined ? attributes : { ...attributes, code: codeOf(error) },
      });
    try {
      const result = work();
      if (result instanceof Promise) result.then(() => finish(), finish);
      else finish();
      return result;
    } catch (error) {
      finish(error);
      throw error;
    }
  };

  link(context: SpanContext): void {
    this.#links.push(context);
  }

  end(attributes: SpanAttributes): void {
    this.#sink({
      ...{ name: "question", startMs: this.#startMs, endMs: now(), attributes },
      ...{ traceId: this.#traceId, spanId: this.#spanId, parentId: this.#parentId },
      links: this.#links,
    });
  }
}

/** Never a message. */
export const codeOf = (error: unknown): string =>
  error instanceof GatewayError ? error.code : "INTERNAL_SERVER_ERROR";

/** The span of a trace, or none. */
export const spanOf = (trace: Trace | undefined): Trace["span"] => trace?.span ?? ((_, work) => work());
