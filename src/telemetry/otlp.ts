/**
 * Sends spans to a collector: OTLP over HTTP, JSON encoding, `/v1/traces` (docs/decisions/0013-traces-by-hand.md).
 *
 * Bounds   sent each second, 512 at most in one request; 4,096 wait at most, those beyond are dropped and counted. A request has 5 s.
 *          No request of a caller waits for a collector, and none fails by it; what it refused is not sent again.
 * Source   opentelemetry-proto 1.x, `ExportTraceServiceRequest`: ids in hexadecimal, 64-bit integers as strings.
 */
import type { FinishedSpan, SpanAttributes, SpanSink } from "./trace.ts";

export interface OtlpOptions {
  /** Of the collector, without `/v1/traces`. */
  readonly url: string;
  /** `service.name`. */
  readonly service: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly intervalMs?: number;
  /** How it is asked; by the global `fetch` when left out. */
  readonly ask?: typeof fetch;
  /** Spans that were not delivered: too many, or refused. */
  readonly onLost?: (count: number) => void;
}

export interface Otlp {
  readonly sink: SpanSink;
  /** Sends what waits, once. */
  close(): Promise<void>;
}

const INTERVAL_MS = 1_000;
const MAX_WAITING = 4_096;
const MAX_BATCH = 512;
const DEADLINE_MS = 5_000;

export function createOtlp(options: OtlpOptions): Otlp {
  const { url, service, headers = {}, intervalMs = INTERVAL_MS, onLost = () => {}, ask = fetch } = options;
  const target = `${url.replace(/\/$/, "")}/v1/traces`;
  let waiting: FinishedSpan[] = [];
  let sending: Promise<void> | null = null;

  const send = async (spans: readonly FinishedSpan[]): Promise<void> => {
    const isTaken = await ask(target, {
      ...{ method: "POST", body: JSON.stringify(exportOf(service, spans)), redirect: "error" },
      headers: { ...headers, "content-type": "application/json" },
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
    if (!isTaken) onLost(spans.length);
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH);
      waiting = waiting.slice(MAX_BATCH);
      await send(batch);
    }
  };
  const flushOnce = (): Promise<void> => {
    sending ??= flush().finally(() => {
      sending = null;
    });
    return sending;
  };
  const timer = setInterval(() => void flushOnce(), intervalMs).unref();
  return {
    sink(span) {
      if (waiting.length >= MAX_WAITING) onLost(1);
      else waiting.push(span);
    },
    async close() {
      clearInterval(timer);
      await flushOnce();
    },
  };
}

const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;
const STATUS_ERROR = 2;
const KINDS: Readonly<Record<string, number>> = { question: SERVER, fetch: CLIENT };

const exportOf = (service: string, spans: readonly FinishedSpan[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [text("service.name", service)] },
      scopeSpans: [{ scope: { name: "ihala" }, spans: spans.map(spanFor) }],
    },
  ],
});

const spanFor = ({ name, traceId, spanId, parentId, attributes, links, ...span }: FinishedSpan) => ({
  ...{ traceId, spanId, ...(parentId !== null && { parentSpanId: parentId }) },
  ...{ name, kind: KINDS[name] ?? INTERNAL },
  ...{ startTimeUnixNano: nanoseconds(span.startMs), endTimeUnixNano: nanoseconds(span.endMs) },
  attributes: attributesOf(attributes),
  links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
  status: attributes.code === undefined ? {} : { code: STATUS_ERROR },
});

const attributesOf = ({ subgraph, code, requestId, method }: SpanAttributes) =>
  Object.entries({
    ...{ "ihala.subgraph": subgraph, "error.type": code },
    ...{ "ihala.request_id": requestId, "http.request.method": method },
  }).flatMap(([key, value]) => (value === undefined ? [] : [text(key, value)]));

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);
