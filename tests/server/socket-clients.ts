/** Clients over WebSocket, well behaved and raw, at a gateway that streams; closed after each test. */
import { once } from "node:events";
import { type Client, createClient } from "graphql-ws";
import { afterEach } from "vitest";
import WebSocket from "ws";
import { serverFor } from "./open-gateway.ts";
import { StreamingGateway } from "./streaming-gateway.ts";

type Server = Awaited<ReturnType<typeof serverFor>>;
type Options = Parameters<typeof serverFor>[1];

let server: Server | undefined;
const clients: Client[] = [];
export const sockets: WebSocket[] = [];

/** For each file that asks by them. */
export function closeClientsAfterEach(): void {
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    for (const socket of sockets.splice(0)) socket.terminate();
    await server?.stop();
    server = undefined;
  });
}

export async function start(options: Options = {}) {
  const gateway = new StreamingGateway();
  server = await serverFor(gateway, options);
  return { gateway, server };
}

export const addressOf = ({ url }: Server): string => url.replace("http", "ws");

export function connect(at: Server, connectionParams?: Record<string, unknown>): Client {
  const client = createClient({
    url: addressOf(at),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazyCloseTimeout: 10_000,
    ...(connectionParams && { connectionParams }),
  });
  clients.push(client);
  return client;
}

export const TICKS = { query: "subscription { ticks }" };
export const WHO = { authorization: "Bearer t", "x-purpose": "SHELTER_CARE", "x-issue": "sealed" };

/** A socket without a client behind it. */
export function raw(
  at: Server,
  headers: Record<string, string> = {},
  protocol = "graphql-transport-ws",
): WebSocket {
  const socket = new WebSocket(addressOf(at), protocol, { headers });
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}

export async function initialised(at: Server): Promise<WebSocket> {
  const socket = raw(at);
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');
  await once(socket, "message");
  return socket;
}

export const closeOf = async (socket: WebSocket): Promise<readonly [number, string]> => {
  const [code, reason] = await once(socket, "close");
  return [code, String(reason)];
};

export const subscribeText = (id: string, payload: object = TICKS) =>
  JSON.stringify({ id, type: "subscribe", payload });
