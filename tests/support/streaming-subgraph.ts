/**
 * An agency's subgraph whose subscriptions a test feeds, over both protocols at one URL, by their reference servers:
 * graphql-sse for `Accept: text/event-stream`, graphql-ws for WebSockets.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSchema, type GraphQLSchema } from "graphql";
import { createHandler } from "graphql-sse/lib/use/http";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { Source } from "./source.ts";

export interface Asked {
  readonly headers: IncomingMessage["headers"];
  /** Payload of `connection_init`. */
  readonly params: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Subgraph {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** The streams that were opened, when there are as many. */
  streams(count: number): Promise<readonly Source<Tick>[]>;
  /** Breaks every connection off, with no word. */
  breakOff(): void;
  close(): Promise<void>;
}

/** What the test pushes: the event's payload, or an error of a field. */
export interface Tick {
  readonly ticks: number | Error | string;
}

export const subgraphSchema = (ticks: (to: unknown) => AsyncIterable<Tick>): GraphQLSchema => {
  const schema = buildSchema(
    "type Query { x: Int } type Subscription { ticks(to: ID): String refused: String }",
  );
  const fields = schema.getSubscriptionType()?.getFields();
  Object.assign(fields?.["ticks"] ?? {}, {
    subscribe: (_: unknown, { to }: { to: unknown }) => ticks(to),
    resolve: (tick: Tick) => tick.ticks,
  });
  Object.assign(fields?.["refused"] ?? {}, {
    subscribe: () => {
      throw new Error("canary-7f3a");
    },
  });
  return schema;
};

export async function streamingSubgraph(options: { readonly keepAlive?: number } = {}): Promise<Subgraph> {
  const asked: Asked[] = [];
  const sources: Source<Tick>[] = [];
  let arrived = (): void => {};
  const schema = subgraphSchema(() => {
    const source = new Source<Tick>();
    sources.push(source);
    arrived();
    return source;
  });
  const sse = createHandler({
    schema,
    onSubscribe: ({ raw }, { variables }) => {
      asked.push({ headers: raw.headers, params: null, variables: variables ?? {} });
    },
  });
  const server = createServer((request, response) => void sse(request, response).catch(() => {}));
  const sockets = new WebSocketServer({ server, path: "/graphql" });
  useServer<Record<string, unknown>, { request: IncomingMessage }>(
    {
      schema,
      onSubscribe: ({ connectionParams, extra }, _, { variables }) => {
        asked.push({ headers: extra.request.headers, params: connectionParams, variables: variables ?? {} });
      },
    },
    sockets,
    options.keepAlive,
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const breakOff = () => {
    server.closeAllConnections();
    for (const socket of sockets.clients) socket.terminate();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    asked,
    breakOff,
    async streams(count) {
      while (sources.length < count) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      return sources;
    },
    async close() {
      breakOff();
      server.close();
      await once(server, "close");
    },
  };
}
