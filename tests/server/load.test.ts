/** More than can be worked on is refused at once and costs next to nothing; what is being worked on is answered. */
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { createClient } from "graphql-ws";
import { afterEach, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { answering, serverFor } from "./open-gateway.ts";
import { StreamingGateway } from "./streaming-gateway.ts";

type Server = Awaited<ReturnType<typeof serverFor>>;

let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.stop();
});

const HELLO = { query: "{ hello }" };

/** Answers nobody until it is let go. */
async function busy(options: Parameters<typeof serverFor>[1]) {
  const { promise: free, resolve: letGo } = Promise.withResolvers<void>();
  let asked = 0;
  const gateway = answering(async () => {
    asked += 1;
    await free;
    return '{"data":{"hello":"you"}}';
  });
  server = await serverFor(gateway, { maxRequests: 3, ...options });
  const held = [1, 2, 3].map(() => server!.post(HELLO));
  await expect.poll(() => asked).toBe(3);
  return { server, held, letGo, asked: () => asked };
}

async function expectBusy(response: Response): Promise<void> {
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await response.json()).toMatchObject({
    errors: [{ message: "the gateway is busy", extensions: { code: "OVERLOADED" } }],
  });
}

describe("more requests than there are places", () => {
  it("are refused with 503 and `Retry-After`, by whatever way, and the gateway is not asked", async () => {
    const { server: at, held, letGo, asked } = await busy({});
    await expectBusy(await at.post(HELLO));
    await expectBusy(await fetch(`${at.url}?query=%7Bhello%7D`, { headers: { "x-purpose": "A" } }));
    await expectBusy(await at.post(HELLO, { accept: "text/event-stream" }));
    const client = createClient({
      url: at.url.replace("http", "ws"),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    await expect(client.iterate(HELLO).next()).rejects.toMatchObject([
      { extensions: { code: "OVERLOADED" } },
    ]);
    await client.dispose();
    expect(asked()).toBe(3);
    expect((await fetch(`${at.root}/livez`)).status).toBe(200);
    expect((await fetch(`${at.root}/readyz`)).status).toBe(200);
    letGo();
    for (const answer of held) expect((await answer).status).toBe(200);
    expect((await at.post(HELLO)).status).toBe(200);
  });

  it("are counted from their headers on: who does not send a body holds a place, and gives it back", async () => {
    server = await serverFor(
      answering(async () => '{"data":{}}'),
      { maxRequests: 1 },
    );
    const socket = connect(Number(new URL(server.root).port), "127.0.0.1");
    sockets.push(socket);
    socket.write(
      "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{",
    );
    await expect.poll(async () => (await server!.post(HELLO)).status).toBe(503);
    socket.destroy();
    await expect.poll(async () => (await server!.post(HELLO)).status).toBe(200);
  });

  it("do not count streams, which have a bound of their own", async () => {
    const gateway = new StreamingGateway();
    server = await serverFor(gateway, { maxRequests: 1 });
    const controller = new AbortController();
    const headers = { accept: "text/event-stream", "content-type": "application/json" };
    const body = '{"query":"subscription { ticks }"}';
    const opened = fetch(server.url, { method: "POST", headers, body, signal: controller.signal });
    await gateway.stream();
    await opened;
    expect((await server.post(HELLO)).status).toBe(200);
    controller.abort();
  });

  it("leave memory as it is", async () => {
    const { server: at, held, letGo } = await busy({});
    const agent = new Agent({ keepAlive: true, maxSockets: 40 });
    const body = Buffer.alloc(256 * 1_024, " ");
    const storm = async (requests: number): Promise<readonly number[]> =>
      Promise.all(
        Array.from({ length: requests }, async () => {
          const asking = httpRequest(at.url, {
            ...{ agent, method: "POST" },
            headers: { "content-type": "application/json", "content-length": body.length },
          });
          asking.end(body);
          const [response] = (await once(asking, "response")) as [IncomingMessage];
          response.resume();
          await once(response, "end");
          return response.statusCode ?? 0;
        }),
      );
    await storm(100);
    const before = process.memoryUsage().rss;
    expect(new Set(await storm(600))).toEqual(new Set([503]));
    // Of 150 MB that were sent.
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1_048_576);
    agent.destroy();
    letGo();
    await Promise.all(held);
  });
});

describe("more connections than there may be", () => {
  it("are closed as they come; those before are served, and one that ends makes room", async () => {
    server = await serverFor(
      answering(async () => '{"data":{}}'),
      { maxConnections: 2 },
    );
    const port = Number(new URL(server.root).port);
    const open = async (): Promise<Socket> => {
      const socket = connect(port, "127.0.0.1");
      sockets.push(socket.on("error", () => {}));
      await once(socket, "connect");
      return socket;
    };
    const ask = async (socket: Socket): Promise<string> => {
      const heard = Promise.race([once(socket, "data"), once(socket, "close")]);
      socket.write("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n");
      const [said] = await heard;
      return Buffer.isBuffer(said) ? said.toString().slice(0, 15) : "closed";
    };
    const [first, second] = [await open(), await open()];
    expect(await ask(first)).toBe("HTTP/1.1 200 OK");
    expect(await ask(second)).toBe("HTTP/1.1 200 OK");
    expect(await ask(await open())).toBe("closed");
    expect(await ask(first)).toBe("HTTP/1.1 200 OK");
    second.destroy();
    await expect.poll(async () => ask(await open())).toBe("HTTP/1.1 200 OK");
  });
});
