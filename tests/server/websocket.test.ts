/** Operations over WebSocket, and who asks there. */
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { DocumentStore } from "../../src/operation/document-store.ts";
import {
  closeClientsAfterEach,
  closeOf,
  connect,
  initialised,
  raw,
  start,
  subscribeText,
  TICKS,
  WHO,
} from "./socket-clients.ts";
import { tick } from "./streaming-gateway.ts";

closeClientsAfterEach();

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
