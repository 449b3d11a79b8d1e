/** The handshake of a WebSocket, and peers that break the protocol. */
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import WebSocket from "ws";
import { serverFor } from "./open-gateway.ts";
import {
  addressOf,
  closeClientsAfterEach,
  closeOf,
  initialised,
  raw,
  sockets,
  start,
  subscribeText,
} from "./socket-clients.ts";

closeClientsAfterEach();

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
