/** The development issuer's public keys over loopback HTTP: `/jwks.json` and nothing else. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { JSONWebKeySet } from "jose";

export interface IssuerServer {
  readonly jwksUrl: string;
  stop(): Promise<void>;
}

export async function startIssuerServer(jwks: JSONWebKeySet, port = 0): Promise<IssuerServer> {
  const body = JSON.stringify(jwks);
  const server: Server = createServer((request, response) => {
    const found = request.method === "GET" && request.url === "/jwks.json";
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(found ? body : "{}");
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { jwksUrl: `http://127.0.0.1:${bound}/jwks.json`, stop };
}
