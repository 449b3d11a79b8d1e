import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "graphql-ws";
import { afterEach, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { GatewayError } from "../../src/kernel/errors.ts";
import { DocumentStore } from "../../src/operation/document-store.ts";
import { serverFor } from "./open-gateway.ts";
import { StreamingGateway, tick } from "./streaming-gateway.ts";

type Server = Awaited<ReturnType<typeof serverFor>>;
type Options = Parameters<typeof serverFor>[1];

let server: Server | undefined;
const clients: Client[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  for (const socket of sockets.splice(0)) socket.terminate();
  await server?.stop();
});

async function start(options: Options = {}) {
  const gateway = new StreamingGateway();
  server = await serverFor(gateway, options);
  return { gateway, server };
}

const addressOf = ({ url }: Server): string => url.replace("http", "ws");

function connect(at: Server, connectionParams?: Record<string, unknown>): Client {
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

const TICKS = { query: "subscription { ticks }" };
const WHO = { authorization: "Bearer t", "x-purpose": "SHELTER_CARE", "x-issue": "sealed" };

/** A socket without a client behind it. */
function raw(at: Server, headers: Record<string, string> = {}, protocol = "graphql-transport-ws"): WebSocket {
  const socket = new WebSocket(addressOf(at), protocol, { headers });
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}

async function initialised(at: Server): Promise<WebSocket> {
  const socket = raw(at);
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');
  await once(socket, "message");
  return socket;
}

const closeOf = async (socket: WebSocket): Promise<readonly [number, string]> => {
  const [code, reason] = await once(socket, "close");
  return [code, String(reason)];
};

const subscribeText = (id: string, payload: object = TICKS) =>
  JSON.stringify({ id, type: "subscribe", payload });

describe("operations over WebSocket", () => {
  it("bring events as they happen, then complete; queries and mutations bring one", async () => {
    const { gateway, server } = await start();
    const client = connect(server);
    const events = client.iterate(TICKS);
    const first = events.next();
    const { source, request } = await gateway.stream();
    expect(request.carries).toEqual({ events: true, incremental: true });
    source.push(tick(1));
    expect((await first).value).toEqual({ data: { ticks: 1 } });
    const query = client.iterate({ query: "{ hello }" });
    expect((await query.next()).value).toEqual({ data: { hello: "you" } });
    expect((await query.next()).done).toBe(true);
    expect((await client.iterate({ query: "mutation { act }" }).next()).value).toEqual({
      data: { act: "done" },
    });
    source.push(tick(2));
    source.finish();
    expect((await events.next()).value).toEqual({ data: { ticks: 2 } });
    expect((await events.next()).done).toBe(true);
  });

  it("ask as who `connection_init` says, by header names in any case, and as nothing else", async () => {
    const { gateway, server } = await start();
    const { "x-issue": issue, ...rest } = WHO;
    const client = connect(server, { ...rest, "X-Issue": issue, cookie: "a=b", "x-forwarded-for": "1" });
    await client.iterate({ query: "{ hello }" }).next();
    const [asked] = gateway.asked;
    const names = [...Object.keys(WHO), "cookie", "x-forwarded-for", "host"];
    expect(names.map((name) => asked?.headers.get(name))).toEqual([
      ...Object.values(WHO),
      ...[undefined, undefined, undefined],
    ]);
  });

  it("never take who asks from the handshake, nor the first of two", async () => {
    const { gateway, server } = await start();
    const socket = raw(server, { authorization: "Bearer other" });
    await once(socket, "open");
    socket.send(
      '{"type":"connection_init","payload":{"authorization":"Bearer a","Authorization":"Bearer b"}}',
    );
    await once(socket, "message");
    socket.send(subscribeText("1", { query: "{ hello }" }));
    await once(socket, "message");
    expect(gateway.asked[0]?.headers.get("authorization")).toBe("Bearer a, Bearer b");
  });

  it("end their source when they are taken back, while it waits, and when the connection breaks", async () => {
    const { gateway, server } = await start();
    const client = connect(server);
    const events = client.iterate(TICKS);
    void events.next();
    const { source, request } = await gateway.stream();
    await events.return?.();
    await source.returned;
    expect(request.signal.aborted).toBe(true);
    const socket = await initialised(server);
    socket.send(subscribeText("1"));
    const [, second] = await gateway.streams(2);
    socket.terminate();
    await second?.source.returned;
    expect(second?.request.signal.aborted).toBe(true);
  });

  it.each([
    ["GRAPHQL_VALIDATION_FAILED", { query: "{ nothing }" }],
    ["GRAPHQL_PARSE_FAILED", { query: "{" }],
    ["LIMIT_EXCEEDED", { query: `subscription { ${"ticks ".repeat(2_001)} }` }],
    ["LIMIT_EXCEEDED", { query: `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: hello `)} }` }],
    ["BAD_REQUEST", { query: "", documentId: "x" }],
    ["BAD_REQUEST", { query: "{ hello }", extensions: { persistedQuery: { version: 1 } } }],
  ])("%s is told as over HTTP, and the connection goes on (A15)", async (code, payload) => {
    const { server } = await start();
    const socket = await initialised(server);
    socket.send(subscribeText("1", payload));
    const [text] = await once(socket, "message");
    const { id, type, payload: errors } = JSON.parse(String(text));
    expect([id, type, errors.map(({ extensions }: { extensions: object }) => extensions)]).toEqual([
      "1",
      "error",
      [{ code }],
    ]);
    const response = await server.post(payload);
    expect(((await response.json()) as { errors: unknown }).errors).toEqual(errors);
    socket.send(subscribeText("1", { query: "{ hello }" }));
    expect(String((await once(socket, "message"))[0])).toBe(
      '{"id":"1","type":"next","payload":{"data":{"hello":"you"}}}',
    );
  });

  it("may name a persisted document, and where nothing else is answered, must", async () => {
    const documents = new DocumentStore({
      documents: [{ id: "x-app:hello", text: "{ hello }" }],
      only: true,
    });
    const { gateway, server } = await start({ documents });
    const socket = await initialised(server);
    socket.send(subscribeText("1", { documentId: "x-app:hello" }));
    socket.send(subscribeText("2", { query: "mutation { act }" }));
    const texts: string[] = [];
    socket.on("message", (data) => texts.push(String(data)));
    await expect.poll(() => texts.filter((text) => /"type":"(complete|error)"/.test(text)).length).toBe(2);
    expect(texts.join()).toContain('"hello":"you"');
    expect(texts.join()).toContain('"code":"PERSISTED_DOCUMENT_REQUIRED"');
    expect(gateway.asked).toHaveLength(1);
  });

  it("are masked when they fail, and found again by the trace id", async () => {
    const { gateway, server } = await start();
    const events = connect(server).iterate(TICKS);
    const first = events.next();
    const { source } = await gateway.stream();
    source.fail(new TypeError("cnr-secret"));
    const errors = (await first.catch((error: unknown) => error)) as { extensions: { traceId: string } }[];
    expect(errors).toMatchObject([{ extensions: { code: "INTERNAL_SERVER_ERROR" } }]);
    const line = server.lines.find((one) => one.includes(errors[0]?.extensions.traceId ?? "?"));
    expect(line).toContain("TypeError");
    expect(JSON.stringify(errors) + server.lines.join()).not.toContain("cnr-secret");
  });
});

describe("who asks", () => {
  it("nobody is let in: a bad token is refused with the operation, and the connection closed", async () => {
    const { gateway, server } = await start();
    const socket = raw(server);
    await once(socket, "open");
    socket.send('{"type":"connection_init","payload":{"authorization":"Bearer bad"}}');
    await once(socket, "message");
    const closed = closeOf(socket);
    socket.send(subscribeText("1", { query: "{ hello }" }));
    expect(String((await once(socket, "message"))[0])).toContain('"code":"UNAUTHENTICATED"');
    expect(await closed).toEqual([4403, "UNAUTHENTICATED"]);
    expect(gateway.asked).toHaveLength(1);
  });

  it("a gateway that admits at the door closes on whom it does not, before anything is asked", async () => {
    const { gateway, server } = await start();
    const admitted: (string | undefined)[] = [];
    Object.assign(gateway, {
      admit: async ({ get }: { get(name: string): string | undefined }) => {
        admitted.push(get("authorization"));
        if (get("authorization") !== "Bearer t")
          throw new GatewayError("UNAUTHENTICATED", "a valid access token is required");
      },
    });
    const socket = raw(server);
    await once(socket, "open");
    const closed = closeOf(socket);
    socket.send('{"type":"connection_init"}');
    socket.send(subscribeText("1"));
    expect((await closed)[0]).toBeGreaterThanOrEqual(4401);
    const client = connect(server, WHO);
    expect((await client.iterate({ query: "{ hello }" }).next()).value).toEqual({ data: { hello: "you" } });
    expect(admitted).toEqual([undefined, "Bearer t"]);
    expect(gateway.asked).toHaveLength(1);
  });

  it("loses the stream within a second when its rights end: expiry, revocation (A16)", async () => {
    const { gateway, server } = await start();
    const socket = await initialised(server);
    socket.send(subscribeText("1"));
    socket.send(subscribeText("2"));
    const [one, other] = await gateway.streams(2);
    const began = performance.now();
    const closed = closeOf(socket);
    one?.end(new GatewayError("UNAUTHENTICATED", "a valid access token is required"));
    expect(String((await once(socket, "message"))[0])).toContain('"type":"error"');
    expect(await closed).toEqual([4403, "UNAUTHENTICATED"]);
    await Promise.all([one?.source.returned, other?.source.returned]);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("keeps the connection when only one stream is ended, for another reason", async () => {
    const { gateway, server } = await start();
    const socket = await initialised(server);
    socket.send(subscribeText("1"));
    const { end, source } = await gateway.stream();
    end(new GatewayError("OPERATION_FORBIDDEN", "the role may not use this operation"));
    expect(String((await once(socket, "message"))[0])).toContain("OPERATION_FORBIDDEN");
    await source.returned;
    socket.send(subscribeText("2", { query: "{ hello }" }));
    expect(String((await once(socket, "message"))[0])).toContain('"hello":"you"');
  });
});

describe("the handshake", () => {
  const refusalOf = async (socket: WebSocket) => {
    const [, response] = await once(socket, "unexpected-response");
    const text = (await response.setEncoding("utf8").toArray()).join("");
    return [
      response.statusCode,
      response.headers["x-ihala-mode"],
      JSON.parse(text).errors[0].extensions.code,
    ];
  };

  it.each([
    ["of another site", "https://evil.example"],
    ["of a sandboxed page", "null"],
    ["of another port", "http://127.0.0.1:1"],
    ["that is none", "nonsense"],
  ])("is refused to pages of an origin %s", async (_, origin) => {
    const { server } = await start({ allowedOrigins: ["https://portal.example"] });
    expect(await refusalOf(raw(server, { origin }))).toEqual([403, "sandbox", "ORIGIN_FORBIDDEN"]);
  });

  it("is open to the server's own pages, to configured origins, and to what is no page", async () => {
    const { server } = await start({ allowedOrigins: ["https://portal.example"] });
    const own = new URL(server.root).origin;
    for (const headers of [{ origin: own }, { origin: "https://portal.example" }, {}] as Record<
      string,
      string
    >[]) {
      const socket = raw(server, headers);
      const [response] = await once(socket, "upgrade");
      expect([response.statusCode, response.headers["x-ihala-mode"]]).toEqual([101, "sandbox"]);
    }
  });

  it("is refused when too many are open, while the gateway starts, and where nothing is", async () => {
    const { server } = await start({ maxStreams: 1 });
    await once(raw(server), "open");
    expect(await refusalOf(raw(server))).toEqual([503, "sandbox", "TOO_MANY_STREAMS"]);
    const elsewhere = new WebSocket(`${addressOf(server)}/other`, "graphql-transport-ws");
    elsewhere.on("error", () => {});
    expect((await once(elsewhere, "unexpected-response"))[1].statusCode).toBe(404);
    const early = await serverFor(null);
    expect(await refusalOf(raw(early))).toEqual([503, "sandbox", "NOT_READY"]);
    await early.stop();
  });

  it("of another subprotocol is closed as the protocol says, and nothing is compressed", async () => {
    const { server } = await start();
    const [error] = await once(new WebSocket(addressOf(server), "graphql-ws"), "error");
    expect(error.message).toBe("Server sent no subprotocol");
    const plain = new WebSocket(addressOf(server));
    sockets.push(plain);
    expect(await closeOf(plain)).toEqual([4406, "Subprotocol not acceptable"]);
    const packed = raw(server);
    await once(packed, "open");
    expect(packed.extensions).toBe("");
  });

  it("that is none is refused, and an offer of another protocol is passed over", async () => {
    const { server } = await start();
    const ask = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { method: "POST", headers: { "content-type": "application/json", ...headers } };
        httpRequest(server.url, options, (response) => resolve(response.resume().statusCode))
          .on("error", reject)
          .end('{"query":"{ hello }"}');
      });
    expect(await ask({ connection: "upgrade", upgrade: "websocket" })).toBe(400);
    expect(await ask({ connection: "upgrade, http2-settings", upgrade: "h2c" })).toBe(200);
  });
});

describe("a peer that breaks the protocol", () => {
  it.each<[string, readonly (string | Buffer)[], number]>([
    ["no JSON", ["{"], 4400],
    ["a list", ["[]"], 4400],
    ["an unknown message", ['{"type":"start","id":"1","payload":{}}'], 4400],
    ["bytes", [Buffer.from('{"type":"connection_init"}')], 4400],
    ["an operation without an id", ['{"type":"connection_init"}', '{"type":"subscribe","payload":{}}'], 4400],
    ["an id without end", ['{"type":"connection_init"}', subscribeText("x".repeat(129))], 4400],
    ["an operation before `connection_init`", [subscribeText("1")], 4401],
    ["two `connection_init`s", ['{"type":"connection_init"}', '{"type":"connection_init"}'], 4429],
    ["headers that are no text", ['{"type":"connection_init","payload":{"authorization":{}}}'], 4403],
    [
      "more than a body may hold",
      [JSON.stringify({ type: "ping", payload: { x: "x".repeat(1_048_576) } })],
      1009,
    ],
  ])("is closed: %s", async (_, texts, code) => {
    const { gateway, server } = await start();
    const socket = raw(server);
    await once(socket, "open");
    const closed = closeOf(socket);
    for (const text of texts) socket.send(text);
    expect((await closed)[0]).toBe(code);
    expect(gateway.asked).toEqual([]);
  });

  it("is closed when it uses an id twice", async () => {
    const { server } = await start();
    const socket = await initialised(server);
    const closed = closeOf(socket);
    socket.send(subscribeText("1"));
    socket.send(subscribeText("1"));
    expect((await closed)[0]).toBe(4409);
  });

  it("is closed when it does not say who it is in time", async () => {
    const { server } = await start({ connectionInitMs: 50 });
    expect(await closeOf(raw(server))).toEqual([4408, "Connection initialisation timeout"]);
  });

  it("is answered when it asks whether we live, and cut off when it does not answer", async () => {
    const { gateway, server } = await start({ pingMs: 50 });
    const socket = await initialised(server);
    socket.send('{"type":"ping"}');
    expect(String((await once(socket, "message"))[0])).toBe('{"type":"pong"}');
    await sleep(200);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const silent = new WebSocket(addressOf(server), "graphql-transport-ws", { autoPong: false });
    sockets.push(silent);
    await once(silent, "open");
    silent.send('{"type":"connection_init"}');
    await once(silent, "message");
    silent.send(subscribeText("1"));
    const { source } = await gateway.stream();
    await Promise.all([source.returned, once(silent, "close")]);
  });
});

describe("limits", () => {
  it("of operations at a time over one connection: one more is refused, one that ends makes room", async () => {
    const { gateway, server } = await start({ maxStreamsPerConnection: 2 });
    const socket = await initialised(server);
    for (const id of ["1", "2"]) socket.send(subscribeText(id));
    const [first] = await gateway.streams(2);
    socket.send(subscribeText("3"));
    const refused = JSON.parse(String((await once(socket, "message"))[0]));
    expect(refused).toMatchObject({
      id: "3",
      type: "error",
      payload: [{ extensions: { code: "TOO_MANY_STREAMS" } }],
    });
    expect(gateway.asked).toHaveLength(2);
    socket.send('{"id":"1","type":"complete"}');
    await first?.source.returned;
    await sleep(20);
    socket.send(subscribeText("4", { query: "{ hello }" }));
    expect(String((await once(socket, "message"))[0])).toContain('"id":"4","type":"next"');
  });

  it("of streams in all count those of every transport", async () => {
    const { gateway, server } = await start({ maxStreams: 1 });
    const socket = await initialised(server);
    socket.send(subscribeText("1"));
    await gateway.stream();
    const response = await server.post(TICKS, { accept: "text/event-stream" });
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining("TOO_MANY_STREAMS"),
    ]);
  });

  const BIG = 1_000_000;

  it("of what waits for a slow reader: no more than it takes, then the end", async () => {
    const { gateway, server } = await start({ stallMs: 300 });
    const socket = await initialised(server);
    socket.send(subscribeText("1"));
    const { source } = await gateway.stream();
    socket.pause();
    source.push(...Array.from({ length: 100 }, (_, at) => tick(at, BIG)));
    await source.returned;
    expect(source.pulled).toBeLessThan(20);
    const closed = closeOf(socket);
    socket.resume();
    expect([1006, 1008]).toContain((await closed)[0]);
    expect(server.lines.some((line) => line.includes('"reason":"too-slow"'))).toBe(true);
  });

  it("of what is read from a peer that does not read: its messages wait too", async () => {
    const { gateway, server } = await start({ stallMs: 60_000, maxStreamsPerConnection: 10 });
    const socket = await initialised(server);
    socket.send(subscribeText("1"));
    const { source, end } = await gateway.stream();
    socket.pause();
    source.push(...Array.from({ length: 100 }, (_, at) => tick(at, 10 * BIG)));
    await sleep(200);
    const query = { query: `{ ${"hello ".repeat(1_000)} }` };
    for (let id = 2; id < 2_000; id += 1) socket.send(subscribeText(String(id), query));
    await sleep(500);
    expect(gateway.asked.length).toBeLessThan(500);
    end(new GatewayError("UNAUTHENTICATED", "a valid access token is required"));
    await source.returned;
  });
});

it("a peer that asks and asks, and never reads, is cut off, whatever it asks", async () => {
  const { server } = await start({ pingMs: 100, maxStreamsPerConnection: 1 });
  const socket = await initialised(server);
  socket.pause();
  const closed = closeOf(socket);
  for (let id = 1; id < 30_000; id += 1) socket.send(subscribeText(String(id), { query: "{ nothing }" }));
  await sleep(1_500);
  socket.resume();
  expect((await closed)[0]).toBe(1006);
});

describe("a stop of the gateway", () => {
  it("ends streams between two events with 1001, so that clients go on elsewhere", async () => {
    const { gateway, server } = await start();
    const socket = await initialised(server);
    const texts: string[] = [];
    socket.on("message", (data) => texts.push(String(data)));
    socket.send(subscribeText("1"));
    const { source } = await gateway.stream();
    source.push(tick(1));
    await once(socket, "message");
    const began = performance.now();
    const closed = closeOf(socket);
    const stopped = server.stop();
    expect(await closed).toEqual([1001, "Going away"]);
    await source.returned;
    expect(texts).toEqual(['{"id":"1","type":"next","payload":{"data":{"ticks":1}}}']);
    await stopped;
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it("lets what was asked be answered first, and begins nothing new", async () => {
    const { gateway, server } = await start();
    const socket = await initialised(server);
    const texts: string[] = [];
    socket.on("message", (data) => texts.push(String(data)));
    socket.send(subscribeText("1", { query: "{ hello ... @defer { later } }" }));
    const { source } = await gateway.stream();
    const closed = closeOf(socket);
    const stopped = server.stop();
    socket.send(subscribeText("2", { query: "{ hello }" }));
    await sleep(100);
    source.push(tick(1));
    source.finish();
    expect((await closed)[0]).toBe(1001);
    expect(texts.map((text) => JSON.parse(text).type)).toEqual(["next", "complete"]);
    expect(gateway.asked).toHaveLength(1);
    await stopped;
  });

  it("cuts off what does not end in time", async () => {
    const { gateway, server } = await start({ drainMs: 100 });
    const socket = await initialised(server);
    socket.send(subscribeText("1", { query: "{ hello ... @defer { later } }" }));
    const { source } = await gateway.stream();
    const closed = closeOf(socket);
    await server.stop();
    expect((await closed)[0]).toBe(1006);
    await source.returned;
  });
});
