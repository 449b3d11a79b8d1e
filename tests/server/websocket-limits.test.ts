/** What a WebSocket may ask for and leave unread, and how it ends when the gateway stops. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import {
  closeClientsAfterEach,
  closeOf,
  initialised,
  start,
  subscribeText,
  TICKS,
} from "./socket-clients.ts";
import { tick } from "./streaming-gateway.ts";

closeClientsAfterEach();

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
