/**
 * An agency's HTTP server as a test wants it to behave: answers with what the handler returns, records what it received.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface HttpAgency {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

export type Handler = (received: Received, response: ServerResponse) => unknown;

export async function httpAgency(handler: Handler): Promise<HttpAgency> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding("utf8").toArray()).join("");
    const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    received.push(one);
    await handler(one, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export function answerJson(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
