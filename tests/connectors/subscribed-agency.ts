/** An agency to subscribe at, over SSE and WebSocket, and how it is asked; closed after each test. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { type GraphqlHttpOptions, graphqlHttp, type HttpBackend } from "../../src/connectors/graphql-http.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import type { Source } from "../support/source.ts";
import { type Subgraph, streamingSubgraph, type Tick } from "../support/streaming-subgraph.ts";

export type Protocol = "sse" | "ws";

export const CANARY = "canary-7f3a";
export const closing: (() => Promise<unknown>)[] = [];

/** For each file that opens something here. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
}

export function backendAt(url: string, options: Partial<GraphqlHttpOptions> = {}): HttpBackend {
  const backend = graphqlHttp({
    agency: "PPO" as AgencyCode,
    subgraph: "ppo" as SubgraphName,
    baseUrl: url,
    maxReplyBytes: 100_000,
    timeoutMs: 1_000,
    tell: async () => ({ identity: "minimal", headers: { authorization: "Bearer t", "x-request-id": "0a" } }),
    keepCodes: new Set(["BAD_CURSOR"] as const),
    ...options,
  });
  closing.push(backend.close);
  return backend;
}

export async function start(protocol: Protocol, options: Partial<GraphqlHttpOptions> = {}) {
  const subgraph = await streamingSubgraph();
  closing.push(subgraph.close);
  return { subgraph, backend: backendAt(subgraph.url, { subscriptions: { protocol }, ...options }) };
}

export const ask = (
  signal = new AbortController().signal,
  query = "subscription ($to: ID) { ticks(to: $to) }",
) =>
  ({
    query,
    kind: "subscription",
    variables: { to: "uid-1" },
    reader: {
      requestId: "0",
      agency: "NGO",
      member: "m",
      staff: "s",
      role: "r",
      purpose: "p",
      issue: "uid-1",
    },
    signal,
  }) satisfies SubgraphRequest;

/** A WebSocket server that does what it is told with each connection. */
export async function wsAgency(act: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", act);
  closing.push(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/s`;
}

export async function opened(backend: HttpBackend, subgraph: Subgraph, request = ask()) {
  const events = backend.subscribe(request);
  const first = events.next();
  first.catch(() => {});
  const source = (await subgraph.streams(1)).at(-1) as Source<Tick>;
  return { events, first, source };
}
