/** A collector of traces: takes OTLP over HTTP as JSON, keeps what it was sent, and may be told to refuse. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number };
}

export interface Collector {
  readonly url: string;
  /** Every request as it came: headers and body. */
  readonly texts: readonly string[];
  readonly spans: readonly CollectedSpan[];
  /** Status of answers from now on. */
  answer(status: number): void;
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const texts: string[] = [];
  const spans: CollectedSpan[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const text = (await request.setEncoding("utf8").toArray()).join("");
    texts.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}\n${text}`);
    const { resourceSpans } = JSON.parse(text) as {
      resourceSpans: { scopeSpans: { spans: CollectedSpan[] }[] }[];
    };
    if (status === 200)
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.writeHead(status, { "content-type": "application/json" }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ texts, spans },
    answer(next) {
      status = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
