/**
 * What operators read, at an address of its own: `/metrics`, as text for Prometheus, and `/status`, as JSON. Never at the address
 * of callers.
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

export interface AdminPages {
  readonly metrics: Exposition;
  /** What runs now, without personal data. */
  readonly status: () => object;
}

export async function startAdminServer(address: Address, pages: AdminPages): Promise<AdminServer> {
  const server = createServer(async ({ method, url = "/" }, response) => {
    const page = url.split("?", 1)[0];
    if (page !== "/metrics" && page !== "/status")
      reply(response, 404, TEXT, "nothing here: see /metrics and /status\n");
    else if (method !== "GET" && method !== "HEAD") reply(response, 405, TEXT, "use GET\n");
    else if (page === "/metrics") reply(response, 200, pages.metrics.contentType, await pages.metrics.text());
    else reply(response, 200, "application/json; charset=utf-8", `${JSON.stringify(pages.status())}\n`);
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

const TEXT = "text/plain; charset=utf-8";

function reply(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" });
  response.end(text);
}
