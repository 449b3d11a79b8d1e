/** Agencies that speak SSE or WebSocket badly, or go silent. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { Addresses } from "../../src/connectors/addresses.ts";
import type { HttpBackend } from "../../src/connectors/graphql-http.ts";
import { wsSubscriptions } from "../../src/connectors/graphql-ws.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type Handler, httpAgency } from "../support/http-agency.ts";
import { ask, backendAt, CANARY, closeAfterEach, closing, wsAgency } from "./subscribed-agency.ts";

closeAfterEach();

describe("an agency that speaks SSE badly", () => {
  const stream =
    (text: string): Handler =>
    (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(text);
    };

  it.each<[string, string, Handler]>([
    ["no event stream", "AGENCY_BAD_REPLY", (_, response) => response.end(CANARY)],
    ["an event that is no JSON", "AGENCY_BAD_REPLY", stream(`event: next\ndata: ${CANARY}\n\n`)],
    ["an event that is no response", "AGENCY_BAD_REPLY", stream('event: next\ndata: {"data":[1]}\n\n')],
    ["an end without `complete`", "AGENCY_UNAVAILABLE", stream('event: next\ndata: {"data"')],
    [
      "something packed",
      "AGENCY_BAD_REPLY",
      (_, response) =>
        response
          .writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" })
          .end(CANARY),
    ],
    ["a line without end", "AGENCY_BAD_REPLY", stream("x".repeat(10_000_000))],
    ["comments without end", "AGENCY_BAD_REPLY", stream(`${":x\n".repeat(100_000)}`)],
  ])("is not understood: %s is %s", async (_, code, handler) => {
    const agency = await httpAgency(handler);
    closing.push(agency.close);
    const error = await backendAt(agency.url)
      .subscribe(ask())
      .next()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, detail: { agency: "PPO" } });
    expect(String(error)).not.toContain(CANARY);
  });

  it("is understood however it writes: line ends, pieces, several data lines, pings, other events", async () => {
    const text =
      '\uFEFF: hello\r\n\r\nevent:next\r\ndata: {"data":\r\ndata: {"ticks":"ü"}}\r\n\r\n:\n\nevent: other\ndata: x\n\nid: 1\nevent: next\ndata:{"data":{"ticks":"2"}}\n\nevent: complete\n\n';
    const bytes = Buffer.from(text);
    const agency = await httpAgency(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream;charset=utf-8" });
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    closing.push(agency.close);
    const ticks: unknown[] = [];
    for await (const { data } of backendAt(agency.url).subscribe(ask())) ticks.push(data?.["ticks"]);
    expect(ticks).toEqual(["ü", "2"]);
    expect(agency.received[0]?.headers.accept).toBe("text/event-stream");
  });
});

describe("an agency that speaks WebSocket badly", () => {
  const agencyThat = async (act: (socket: WebSocket) => void): Promise<HttpBackend> =>
    backendAt("http://127.0.0.1:1/graphql", { subscriptions: { protocol: "ws", url: await wsAgency(act) } });

  it.each<[string, string, (socket: WebSocket) => void]>([
    ["no JSON", "AGENCY_BAD_REPLY", (socket) => socket.send(CANARY)],
    ["a message of another protocol", "AGENCY_BAD_REPLY", (socket) => socket.send('{"type":"ka"}')],
    [
      "two `connection_ack`s",
      "AGENCY_BAD_REPLY",
      (socket) => {
        socket.send('{"type":"connection_ack"}');
        socket.send('{"type":"connection_ack"}');
      },
    ],
    ["a refusal", "AGENCY_BAD_REPLY", (socket) => socket.close(4403, CANARY)],
    ["an end", "AGENCY_UNAVAILABLE", (socket) => socket.close(1000, CANARY)],
    ["a failure", "AGENCY_UNAVAILABLE", (socket) => socket.close(4500, CANARY)],
  ])("is not understood: %s is %s", async (_, code, act) => {
    const backend = await agencyThat(act);
    const error = await backend
      .subscribe(ask())
      .next()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, detail: { agency: "PPO" } });
    expect(String(error)).not.toContain(CANARY);
  });

  it("is answered when it asks whether we live", async () => {
    const answered = Promise.withResolvers<string>();
    const backend = await agencyThat((socket) => {
      socket.on("message", (data) => {
        const { type } = JSON.parse(String(data));
        if (type === "connection_init") socket.send('{"type":"connection_ack"}');
        if (type === "subscribe") socket.send('{"type":"ping"}');
        if (type === "pong") answered.resolve(type);
      });
    });
    const events = backend.subscribe(ask());
    void events.next();
    expect(await answered.promise).toBe("pong");
    await events.return?.();
  });
});

it("an agency that goes silent on a WebSocket has broken off", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", autoPong: false });
  await once(server, "listening");
  closing.push(async () => server.close());
  server.on("connection", (socket) => socket.send('{"type":"connection_ack"}'));
  const { open } = wsSubscriptions({
    agency: "PPO" as AgencyCode,
    url: new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    tell: async () => ({ identity: "", headers: {} }),
    keepCodes: new Set(),
    ...{ timeoutMs: 1_000, maxEventBytes: 1_000, pingMs: 30, addresses: new Addresses() },
  });
  const events = await open(ask(), new AbortController().signal);
  await expect(events.next()).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
});
