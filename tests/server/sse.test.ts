import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "graphql-sse";
import { afterEach, describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { serverFor } from "./open-gateway.ts";
import { StreamingGateway, tick } from "./streaming-gateway.ts";

type Server = Awaited<ReturnType<typeof serverFor>>;
type Options = Parameters<typeof serverFor>[1];

let server: Server | undefined;
afterEach(() => server?.stop());

async function start(options: Options = {}) {
  const gateway = new StreamingGateway();
  server = await serverFor(gateway, options);
  return { gateway, server };
}

const TICKS = { query: "subscription { ticks }" };
const EVENTS = { accept: "text/event-stream" };

const subscribe = (at: Server, query = TICKS, headers: Record<string, string> = {}) =>
  createClient({ url: at.url, headers, retryAttempts: 0 }).iterate<{ ticks: number }>(query);

describe("a subscription over SSE", () => {
  it("brings events as they happen, then completes", async () => {
    const { gateway, server } = await start();
    const events = subscribe(server, TICKS, { authorization: "Bearer t", "x-purpose": "A" });
    const first = events.next();
    const { source, request } = await gateway.stream();
    expect(request.carries).toEqual({ events: true, incremental: true });
    expect(["authorization", "x-purpose"].map((name) => request.headers.get(name))).toEqual([
      "Bearer t",
      "A",
    ]);
    source.push(tick(1));
    expect(await first).toEqual({ done: false, value: { data: { ticks: 1 } } });
    source.push(tick(2));
    expect((await events.next()).value).toEqual({ data: { ticks: 2 } });
    source.finish();
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it("is on the wire as the protocol says, with headers that nobody may cache or buffer by", async () => {
    const { gateway, server } = await start();
    const asking = server.post(TICKS, EVENTS);
    const { source } = await gateway.stream();
    source.push(tick(1));
    source.finish();
    const response = await asking;
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(await response.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"ticks":1}}\n\nevent: complete\ndata: \n\n',
    );
  });

  it("ends the source when the caller hangs up, while it waits for an event", async () => {
    const { gateway, server } = await start();
    const caller = new AbortController();
    const asking = fetch(server.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...EVENTS },
      body: JSON.stringify(TICKS),
      signal: caller.signal,
    });
    const { source, request } = await gateway.stream();
    await asking;
    expect(request.signal.aborted).toBe(false);
    caller.abort();
    await source.returned;
    expect(request.signal.aborted).toBe(true);
  });

  it("says that it lives while nothing happens", async () => {
    const { gateway, server } = await start({ pingMs: 20 });
    const asking = server.post(TICKS, EVENTS);
    const { source } = await gateway.stream();
    await sleep(120);
    source.finish();
    const text = await (await asking).text();
    expect(text.split(":\n\n").length).toBeGreaterThan(3);
    expect(text).toMatch(/^(:\n\n)+event: complete\ndata: \n\n$/);
  });

  it("tells a failure as a last event, masked, and completes", async () => {
    const { gateway, server } = await start();
    const events = subscribe(server);
    const first = events.next();
    const { source } = await gateway.stream();
    source.fail(new TypeError("cnr-secret"));
    const { value } = await first;
    expect(value).toMatchObject({ errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
    expect((await events.next()).done).toBe(true);
    const line = server.lines.find((one) => one.includes("stream.failed"));
    expect(line).toContain("TypeError");
    expect(server.lines.join()).not.toContain("cnr-secret");
  });

  it("is ended by the gateway within a second: expiry, revocation (A16)", async () => {
    const { gateway, server } = await start();
    const events = subscribe(server);
    const first = events.next();
    const { source, end } = await gateway.stream();
    const began = performance.now();
    end(new GatewayError("UNAUTHENTICATED", "a valid access token is required"));
    expect((await first).value).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    expect((await events.next()).done).toBe(true);
    await source.returned;
    expect(performance.now() - began).toBeLessThan(1_000);
    source.push(tick(1));
    expect((await events.next()).done).toBe(true);
  });
});

describe("a reader that does not read", () => {
  const BIG = 1_000_000;

  /** A caller who asks and never reads, and the events that the gateway was asked for meanwhile. */
  async function stalled(options: Options) {
    const { gateway, server } = await start(options);
    const socket = connect(Number(new URL(server.root).port), "127.0.0.1");
    socket.pause();
    const body = JSON.stringify(TICKS);
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream`;
    socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const stream = await gateway.stream();
    stream.source.push(...Array.from({ length: 100 }, (_, at) => tick(at, BIG)));
    return { ...stream, server, socket };
  }

  it("is given no more than it takes, and is cut off when it takes nothing", async () => {
    const { source, server, socket } = await stalled({ stallMs: 300 });
    await source.returned;
    expect(source.pulled).toBeLessThan(20);
    socket.resume();
    await new Promise((resolve) => socket.on("close", resolve).on("error", resolve));
    expect(server.lines.some((line) => line.includes('"reason":"too-slow"'))).toBe(true);
  });

  it("cannot hold up the end of its rights", async () => {
    const { source, end, socket } = await stalled({ stallMs: 60_000 });
    await sleep(100);
    const closed = new Promise((resolve) => socket.on("close", resolve).on("error", resolve));
    const began = performance.now();
    end(new GatewayError("UNAUTHENTICATED", "a valid access token is required"));
    await source.returned;
    await sleep(1_100);
    socket.resume();
    await closed;
    expect(performance.now() - began).toBeLessThan(2_500);
  });
});

describe("queries and refusals over SSE", () => {
  async function results(at: Server, query: string): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    for await (const result of subscribe(at, { query })) all.push(result);
    return all;
  }

  it("queries and mutations are one event", async () => {
    const { server } = await start();
    expect(await results(server, "{ hello }")).toEqual([{ data: { hello: "you" } }]);
    expect(await results(server, "mutation { act }")).toEqual([{ data: { act: "done" } }]);
  });

  it("a caller who takes JSON as well gets a whole answer as JSON", async () => {
    const { server } = await start();
    const response = await server.post(
      { query: "{ hello }" },
      { accept: "text/event-stream, application/json" },
    );
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  });

  it.each([
    ["GRAPHQL_PARSE_FAILED", "{"],
    ["GRAPHQL_VALIDATION_FAILED", "{ nothing }"],
    ["LIMIT_EXCEEDED", `subscription { ${Array.from({ length: 31 }, (_, i) => `a${i}: ticks `)} }`],
    ["LIMIT_EXCEEDED", `subscription { ${"ticks ".repeat(2_001)} }`],
  ])("%s of a document is an event on the stream, as the protocol says (A15)", async (code, query) => {
    const { server } = await start();
    const response = await server.post({ query }, EVENTS);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
    const text = await response.text();
    expect(text).toMatch(/^:\n\nevent: next\ndata: \{"errors":.*\}\n\nevent: complete\ndata: \n\n$/);
    expect(text).toContain(`"code":"${code}"`);
  });

  it.each<[string, number, string, Record<string, string>]>([
    ["who asks", 401, "UNAUTHENTICATED", { authorization: "Bearer bad" }],
    ["the transport", 415, "UNSUPPORTED_MEDIA_TYPE", { "content-type": "text/plain" }],
  ])("a refusal of %s keeps its status and is JSON", async (_, status, code, headers) => {
    const { gateway, server } = await start();
    const response = await server.post(TICKS, { ...EVENTS, ...headers });
    expect([response.status, response.headers.get("content-type")]).toEqual([
      status,
      "application/json; charset=utf-8",
    ]);
    expect(await response.text()).toContain(`"code":"${code}"`);
    expect(gateway.asked.length).toBe(status === 401 ? 1 : 0);
  });

  it("a GET that a page of another origin could send is refused, and a subscription or mutation over GET (A20)", async () => {
    const { gateway, server } = await start();
    const get = (query: string, headers: Record<string, string> = {}) =>
      fetch(`${server.url}?query=${encodeURIComponent(query)}`, { headers: { ...EVENTS, ...headers } });
    expect((await get("{ hello }")).status).toBe(400);
    expect((await get(TICKS.query, { "x-purpose": "A" })).status).toBe(405);
    expect((await get("mutation { act }", { "x-purpose": "A" })).status).toBe(405);
    expect(gateway.asked).toEqual([]);
    expect(await (await get("{ hello }", { "x-purpose": "A" })).text()).toContain('"hello":"you"');
  });

  it("a body above the limit is refused (A15)", async () => {
    const { server } = await start();
    const response = await server.post(`{"query":"${" ".repeat(1_048_577)}"}`, EVENTS);
    expect(response.status).toBe(413);
  });

  it("a stream is never compressed, nor is what is whole on one", async () => {
    const { gateway, server } = await start();
    const packed = { ...EVENTS, "accept-encoding": "br, gzip" };
    const asking = server.post(TICKS, packed);
    const { source } = await gateway.stream();
    source.push(tick(1, 5_000));
    source.finish();
    for (const response of [await asking, await server.post({ query: "{ hello }" }, packed)])
      expect(response.headers.get("content-encoding")).toBeNull();
  });

  it("answers of a batch are whole, whatever else the caller takes", async () => {
    const { gateway, server } = await start({ batchSize: 2 });
    const response = await server.post([{ query: "{ hello }" }, TICKS], {
      accept: "text/event-stream, application/json",
    });
    expect(await response.json()).toMatchObject([
      { data: { hello: "you" } },
      { errors: [{ extensions: { code: "BAD_REQUEST" } }] },
    ]);
    expect(gateway.asked.map(({ carries }) => carries?.events)).toEqual([false, false]);
  });

  it("without `text/event-stream` a subscription is refused", async () => {
    const { server } = await start();
    const response = await server.post(TICKS);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("BAD_REQUEST")]);
  });
});

describe("streams in all", () => {
  it("are bounded: one more is refused with when to retry, and one that ends makes room", async () => {
    const { gateway, server } = await start({ maxStreams: 2 });
    const open = [1, 2].map(() => server.post(TICKS, EVENTS));
    const streams = await gateway.streams(2);
    await Promise.all(open);
    const third = await server.post(TICKS, EVENTS);
    expect([third.status, third.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await third.text()).toContain("TOO_MANY_STREAMS");
    await (await gateway.streams(3))[2]?.source.returned;
    streams[0]?.source.finish();
    await (await open[0])?.text();
    const fourth = server.post(TICKS, EVENTS);
    const [, , , last] = await gateway.streams(4);
    last?.source.finish();
    expect((await fourth).status).toBe(200);
  });

  it("end in order when the gateway stops: the event on its way arrives, then the reason, then `complete`", async () => {
    const { gateway, server } = await start();
    const asking = server.post(TICKS, EVENTS);
    const { source } = await gateway.stream();
    source.push(tick(1));
    const response = await asking;
    const began = performance.now();
    const stopped = server.stop();
    const text = await response.text();
    expect(text).toMatch(
      /"ticks":1\}\}\n\nevent: next\ndata: \{"errors".*SHUTTING_DOWN.*\}\n\nevent: complete\n/,
    );
    await source.returned;
    await stopped;
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});
