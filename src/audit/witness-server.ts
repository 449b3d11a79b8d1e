/** A witness over HTTP: `POST /add-checkpoint`, and nothing else. In: what listens where. Bounds: 64 KiB a request, 5 s. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SIZE_TYPE, type Witness } from "./witness.ts";

const MAX_BODY_BYTES = 65_536;
const REQUEST_TIMEOUT_MS = 5_000;
const CONFLICT = 409;

export interface WitnessServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startWitnessServer(
  witness: Witness,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<WitnessServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(witness, request, response).catch(() => response.writeHead(500).end());
  }).listen(port, host);
  await once(server, "listening");
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(":") ? `[${address}]` : address}:${bound}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== "/add-checkpoint") return void response.writeHead(404).end();
  if (request.method !== "POST") return void response.writeHead(405, { allow: "POST" }).end();
  const body = await bodyOf(request);
  if (body === null) return void response.writeHead(413, { connection: "close" }).end();
  const { status, text } = await witness.addCheckpoint(body);
  const type = status === CONFLICT ? SIZE_TYPE : "text/plain; charset=utf-8";
  response.writeHead(status, { "content-type": type }).end(text);
}

/** Null when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
