/** Subscriptions at an agency that speaks the protocol, over SSE and WebSocket. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { SubgraphReply } from "../../src/execute/backend.ts";
import { httpAgency } from "../support/http-agency.ts";
import {
  ask,
  backendAt,
  CANARY,
  closeAfterEach,
  closing,
  opened,
  type Protocol,
  start,
  wsAgency,
} from "./subscribed-agency.ts";

closeAfterEach();

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
