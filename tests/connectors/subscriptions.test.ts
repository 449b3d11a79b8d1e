import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { Addresses } from "../../src/connectors/addresses.ts";
import { type GraphqlHttpOptions, graphqlHttp, type HttpBackend } from "../../src/connectors/graphql-http.ts";
import { wsSubscriptions } from "../../src/connectors/graphql-ws.ts";
import { inProcessBackend } from "../../src/connectors/in-process.ts";
import type { SubgraphReply, SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { type Handler, httpAgency } from "../support/http-agency.ts";
import { Source } from "../support/source.ts";
import {
  type Subgraph,
  streamingSubgraph,
  subgraphSchema,
  type Tick,
} from "../support/streaming-subgraph.ts";

type Protocol = "sse" | "ws";

const CANARY = "canary-7f3a";
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function backendAt(url: string, options: Partial<GraphqlHttpOptions> = {}): HttpBackend {
  const backend = graphqlHttp({
    agency: "PPO" as AgencyCode,
    subgraph: "ppo" as SubgraphName,
    baseUrl: url,
    maxReplyBytes: 100_000,
    timeoutMs: 1_000,
    tell: async () => ({ identity: "minimal", headers: { authorization: "Bearer t", "x-request-id": "0a" } }),
    keepCodes: new Set(["BAD_CURSOR"] as const),
    ...options,
  });
  closing.push(backend.close);
  return backend;
}

async function start(protocol: Protocol, options: Partial<GraphqlHttpOptions> = {}) {
  const subgraph = await streamingSubgraph();
  closing.push(subgraph.close);
  return { subgraph, backend: backendAt(subgraph.url, { subscriptions: { protocol }, ...options }) };
}

const ask = (signal = new AbortController().signal, query = "subscription ($to: ID) { ticks(to: $to) }") =>
  ({
    query,
    kind: "subscription",
    variables: { to: "uid-1" },
    reader: {
      requestId: "0",
      agency: "NGO",
      member: "m",
      staff: "s",
      role: "r",
      purpose: "p",
      issue: "uid-1",
    },
    signal,
  }) satisfies SubgraphRequest;

/** A WebSocket server that does what it is told with each connection. */
async function wsAgency(act: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", act);
  closing.push(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/s`;
}

async function opened(backend: HttpBackend, subgraph: Subgraph, request = ask()) {
  const events = backend.subscribe(request);
  const first = events.next();
  first.catch(() => {});
  const source = (await subgraph.streams(1)).at(-1) as Source<Tick>;
  return { events, first, source };
}

describe.each<Protocol>(["sse", "ws"])("a subscription at a subgraph over %s", (protocol) => {
  it("brings events as they happen, then is done", async () => {
    const { backend, subgraph } = await start(protocol);
    const { events, first, source } = await opened(backend, subgraph);
    source.push({ ticks: "1" });
    expect(await first).toEqual({ done: false, value: { data: { ticks: "1" }, errors: [] } });
    source.push({ ticks: "2" }, { ticks: "3" });
    const both: SubgraphReply[] = [(await events.next()).value, (await events.next()).value];
    expect(both.map(({ data }) => data)).toEqual([{ ticks: "2" }, { ticks: "3" }]);
    expect(Object.getPrototypeOf(both[0]?.data)).toBeNull();
    source.finish();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it("asks with the agency's own token and the question, and nothing is asked before the first `next`", async () => {
    const { backend, subgraph } = await start(protocol);
    const events = backend.subscribe(ask());
    await sleep(50);
    expect(subgraph.asked).toEqual([]);
    void events.next();
    await subgraph.streams(1);
    const [asked] = subgraph.asked;
    expect(asked?.headers).toMatchObject({ authorization: "Bearer t", "x-request-id": "0a" });
    expect(asked?.variables).toEqual({ to: "uid-1" });
    if (protocol === "ws") expect(asked?.params).toEqual({ authorization: "Bearer t", "x-request-id": "0a" });
    await events.return?.();
  });

  it("keeps where errors are and nothing of what they say", async () => {
    const { backend, subgraph } = await start(protocol);
    const { events, first, source } = await opened(backend, subgraph);
    source.push({ ticks: new Error(CANARY) });
    expect((await first).value).toEqual({
      data: { ticks: null },
      errors: [{ message: "the agency reported an error", path: ["ticks"] }],
    });
    await events.return?.();
  });

  it("that the agency refuses to begin is one reply with masked errors", async () => {
    const { backend } = await start(protocol);
    const events = backend.subscribe(ask(undefined, "subscription { refused }"));
    const { value } = await events.next();
    expect(value).toEqual({
      data: null,
      errors: [expect.objectContaining({ message: "the agency reported an error" })],
    });
    expect(JSON.stringify(value)).not.toContain(CANARY);
    expect((await events.next()).done).toBe(true);
  });

  it.each<[string, (events: AsyncIterator<unknown>, asker: AbortController) => unknown, object]>([
    ["`return`", (events) => events.return?.(), { done: true }],
    ["the request's signal", (_, asker) => asker.abort(), { code: "AGENCY_UNAVAILABLE" }],
  ])("ends at the agency by %s, the pending wait with it", async (_, end, outcome) => {
    const { backend, subgraph } = await start(protocol);
    const asker = new AbortController();
    const { events, first, source } = await opened(backend, subgraph, ask(asker.signal));
    void end(events, asker);
    expect(await first.catch((error: unknown) => error)).toMatchObject(outcome);
    await source.returned;
    expect((await events.next()).done).toBe(true);
  });

  it("ends with AGENCY_UNAVAILABLE and the agency when the agency breaks off, after the events before", async () => {
    const { backend, subgraph } = await start(protocol);
    const { events, first, source } = await opened(backend, subgraph);
    source.push({ ticks: "1" });
    expect((await first).value).toMatchObject({ data: { ticks: "1" } });
    const next = events.next();
    subgraph.breakOff();
    await expect(next).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE", detail: { agency: "PPO" } });
    expect((await events.next()).done).toBe(true);
    expect(subgraph.asked).toHaveLength(1);
  });

  it("does not take an event that is too large, and leaves", async () => {
    const { backend, subgraph } = await start(protocol);
    const { first, source } = await opened(backend, subgraph);
    source.push({ ticks: "x".repeat(200_000) });
    await expect(first).rejects.toMatchObject({ code: "AGENCY_BAD_REPLY", detail: { agency: "PPO" } });
    await source.returned;
  });

  it("is bounded in number, and one that ends makes room", async () => {
    const { subgraph } = await start(protocol);
    const backend = backendAt(subgraph.url, { subscriptions: { protocol }, maxSubscriptions: 1 });
    const { events } = await opened(backend, subgraph);
    await expect(backend.subscribe(ask()).next()).rejects.toThrow("too many subscriptions");
    await events.return?.();
    const again = backend.subscribe(ask());
    void again.next();
    await subgraph.streams(2);
    await again.return?.();
  });

  it("is broken off, and not done, when the backend is closed", async () => {
    const { backend, subgraph } = await start(protocol);
    const { events, first, source } = await opened(backend, subgraph);
    source.push({ ticks: "1" });
    await first;
    const second = events.next();
    closing.pop();
    await Promise.all([
      backend.close(),
      expect(second).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" }),
    ]);
    await source.returned;
  });

  it("times out when the agency takes it and says nothing", async () => {
    const silent = createServer();
    const sockets: Socket[] = [];
    silent.on("connection", (socket) => sockets.push(socket.on("error", () => {}).resume()));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const backend = backendAt(`http://127.0.0.1:${port}/graphql`, {
      subscriptions: { protocol },
      timeoutMs: 100,
      guard: { failures: 2 },
    });
    for (const code of ["AGENCY_TIMEOUT", "AGENCY_TIMEOUT", "AGENCY_UNAVAILABLE"])
      await expect(backend.subscribe(ask()).next()).rejects.toMatchObject({
        code,
        detail: { agency: "PPO" },
      });
    expect(sockets).toHaveLength(2);
    await expect(backend.fetch(ask())).rejects.toThrow("the agency failed too often");
  });

  it("is not blamed on the agency when the asker gives up while it opens", async () => {
    const agency = await httpAgency(() => {});
    closing.push(agency.close);
    const backend = backendAt(agency.url, { subscriptions: { protocol }, guard: { failures: 1 } });
    const asker = new AbortController();
    const next = backend.subscribe(ask(asker.signal)).next();
    setTimeout(() => asker.abort(), 50);
    await expect(next).rejects.toThrow("the question was withdrawn");
    const again = backend.subscribe(ask());
    const second = again.next();
    await sleep(50);
    await again.return?.();
    expect((await second).done).toBe(true);
  });

  it("is unavailable where nobody listens", async () => {
    const agency = await httpAgency(() => {});
    await agency.close();
    const backend = backendAt(agency.url, { subscriptions: { protocol } });
    await expect(backend.subscribe(ask()).next()).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
  });

  it.each([
    [403, "AGENCY_BAD_REPLY"],
    [307, "AGENCY_BAD_REPLY"],
    [503, "AGENCY_UNAVAILABLE"],
    [429, "AGENCY_UNAVAILABLE"],
  ])("is told apart when the agency answers %i: %s", async (status, code) => {
    const agency = await httpAgency((_, response) =>
      response.writeHead(status, { location: "http://127.0.0.1:1/" }).end(CANARY),
    );
    closing.push(agency.close);
    const backend = backendAt(agency.url, { subscriptions: { protocol } });
    const error = await backend
      .subscribe(ask())
      .next()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, detail: { agency: "PPO" } });
    expect(String(error)).not.toContain(CANARY);
    expect(agency.received).toHaveLength(1);
  });
});

describe("an agency that sends faster than events are asked for", () => {
  const EVENTS = 4_000;
  const text = (at: number) => JSON.stringify({ data: { ticks: String(at).padEnd(50_000) } });

  it.each<Protocol>(["sse", "ws"])("is slowed down over %s, and loses no event", async (protocol) => {
    let sent = 0;
    const agency = await httpAgency(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      while (sent < EVENTS && !response.destroyed)
        if (!response.write(`event: next\ndata: ${text(sent++)}\n\n`)) await once(response, "drain");
    });
    closing.push(agency.close);
    const wsUrl = await wsAgency(async (socket) => {
      await once(socket, "message");
      socket.send('{"type":"connection_ack"}');
      await once(socket, "message");
      while (sent < EVENTS && socket.readyState === socket.OPEN)
        await new Promise((resolve) => {
          socket.send(`{"id":"1","type":"next","payload":${text(sent++)}}`, resolve);
        });
    });
    const url = protocol === "ws" ? wsUrl : undefined;
    const events = backendAt(agency.url, { subscriptions: { protocol, url } }).subscribe(ask());
    await events.next();
    await sleep(500);
    const ahead = sent;
    expect(ahead).toBeLessThan(EVENTS / 4);
    for (let at = 1; at < 2 * ahead; at += 1) {
      const { value } = await events.next();
      expect(String(value?.data?.["ticks"]).trimEnd()).toBe(String(at));
    }
    await events.return?.();
  });
});

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

describe("a subscription in this process", () => {
  function start(timeoutMs = 1_000) {
    const sources: Source<Tick>[] = [];
    const contexts: SubgraphRequest[] = [];
    const faults: unknown[] = [];
    const backend = inProcessBackend({
      subgraph: "lmra" as SubgraphName,
      agency: "LMRA" as AgencyCode,
      schema: subgraphSchema(() => {
        const source = new Source<Tick>();
        sources.push(source);
        return source;
      }),
      context: (request) => contexts.push(request),
      timeoutMs,
      onFault: (error) => faults.push(error),
    });
    const subscribe = (request: SubgraphRequest) =>
      backend.subscribe?.(request) as AsyncIterableIterator<SubgraphReply>;
    return { sources, contexts, faults, subscribe };
  }

  it("brings events, each with a context of its own, and ends its source by `return`", async () => {
    const { sources, contexts, subscribe } = start();
    const events = subscribe(ask());
    const first = events.next();
    await sleep(0);
    sources[0]?.push({ ticks: "1" });
    expect((await first).value).toEqual({ data: { ticks: "1" }, errors: [] });
    const second = events.next();
    await events.return?.();
    expect((await second).done).toBe(true);
    await sources[0]?.returned;
    expect(contexts).toHaveLength(2);
    expect(contexts[0]?.signal.aborted).toBe(true);
  });

  it("ends by the request's signal, masks what a resolver throws, and what a source throws ends it", async () => {
    const { sources, faults, subscribe } = start();
    const asker = new AbortController();
    const events = subscribe(ask(asker.signal));
    const first = events.next();
    await sleep(0);
    sources[0]?.push({ ticks: new TypeError(CANARY) });
    expect((await first).value).toEqual({
      data: { ticks: null },
      errors: [{ message: "the agency's resolver failed", path: ["ticks"] }],
    });
    const second = events.next();
    sources[0]?.fail(new TypeError(CANARY));
    await expect(second).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE", detail: { agency: "LMRA" } });
    expect(faults).toHaveLength(2);
    const others = subscribe(ask(asker.signal));
    const third = others.next();
    await sleep(0);
    asker.abort();
    await expect(third).rejects.toThrow("the question was withdrawn");
    await sources[1]?.returned;
  });

  it("that cannot begin is one reply", async () => {
    const { subscribe } = start();
    const events = subscribe(ask(undefined, "subscription { refused }"));
    expect((await events.next()).value).toEqual({
      data: null,
      errors: [{ message: "the agency's resolver failed", path: ["refused"] }],
    });
    expect((await events.next()).done).toBe(true);
  });

  it("is an answer of ours when a `GatewayError` is thrown", async () => {
    const { sources, subscribe } = start();
    const events = subscribe(ask());
    const first = events.next();
    await sleep(0);
    sources[0]?.push({ ticks: new GatewayError("AGENCY_UNAVAILABLE", "the agency cannot be reached") });
    expect((await first).value?.errors).toEqual([
      { message: "the agency cannot be reached", path: ["ticks"], code: "AGENCY_UNAVAILABLE" },
    ]);
    await events.return?.();
  });
});
