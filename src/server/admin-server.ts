/**
 * What operators read, at an address of its own: `/metrics`, as text for Prometheus. Never at the address of callers.
 *
 * Errors  PORT_IN_USE; CONFIG_INVALID for an address that cannot be listened on.
 */
import { createServer, type ServerResponse } from "node:http";
import { type Address, listen } from "./listen.ts";

export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface AdminServer {
  /** `http://127.0.0.1:9400`, with the port that was bound. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startAdminServer(address: Address, metrics: Exposition): Promise<AdminServer> {
  const server = createServer(async ({ method, url = "/" }, response) => {
    const isMetrics = url.split("?", 1)[0] === "/metrics";
    if (!isMetrics)
      reply(response, 404, "text/plain; charset=utf-8", "nothing here: metrics are at /metrics\n");
    else if (method !== "GET" && method !== "HEAD")
      reply(response, 405, "text/plain; charset=utf-8", "use GET\n");
    else reply(response, 200, metrics.contentType, await metrics.text());
  });
  const url = await listen(server, address, "server.admin");
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function reply(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" });
  response.end(text);
}
