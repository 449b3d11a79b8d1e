/** `@defer` over the wire, with the real gateway behind the real server. */
import { createConnection } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { byKey, type Federation, startFederation } from "../support/federation.ts";
import { merged, type Payload } from "../support/pieces.ts";
import { serverFor } from "./open-gateway.ts";

const QUERY = '{ people { name ... @defer(label: "bed") { bed } } }';
const WHOLE = { people: [{ name: "Anu", bed: "b1" }] };
const FIRST =
  '{"data":{"people":[{"name":"Anu"}]},"pending":[{"id":"0","path":["people",0],"label":"bed"}],"hasNext":true}';
const SECOND = '{"incremental":[{"id":"0","data":{"bed":"b1"}}],"completed":[{"id":"0"}],"hasNext":false}';

let federation: Federation;
let server: Awaited<ReturnType<typeof serverFor>>;
beforeAll(async () => {
  federation = await startFederation({
    register: {
      sdl: `type Query { people: [Person!]! } type Person @key(fields: "id") { id: ID! name: String }`,
      query: { people: [{ id: "1", name: "Anu" }] },
    },
    shelter: {
      sdl: `type Person @key(fields: "id") { id: ID! bed: String }`,
      entities: { Person: byKey([{ id: "1", bed: "b1" }], "id") },
    },
  });
  server = await serverFor(federation.gateway.gateway);
});
afterAll(async () => {
  await server?.stop();
  await federation?.close();
});
afterEach(() => federation.intercept("shelter", null));

const post = (accept: string, query = QUERY): Promise<Response> =>
  fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ query }),
  });

const HEAD = "content-type: application/json; charset=utf-8";

describe("a deferred operation", () => {
  it("is answered in parts of `multipart/mixed`", async () => {
    const response = await post("multipart/mixed; incrementalSpec=v0.2, application/json");
    expect(response.headers.get("content-type")).toBe('multipart/mixed; boundary="-"; incrementalSpec=v0.2');
    expect(await response.text()).toBe(
      `\r\n---\r\n${HEAD}\r\n\r\n${FIRST}\r\n---\r\n${HEAD}\r\n\r\n${SECOND}\r\n-----\r\n`,
    );
  });

  it("is answered in events over SSE", async () => {
    const text = await (await post("text/event-stream")).text();
    const payloads = [...text.matchAll(/event: next\ndata: (.*)/g)].map(
      ([, data]) => JSON.parse(data ?? "") as Payload,
    );
    expect(payloads).toHaveLength(2);
    expect(merged(payloads).data).toEqual(WHOLE);
    expect(text).toMatch(/event: complete/);
  });

  it.each([
    "application/json",
    "application/graphql-response+json",
    "multipart/mixed;deferSpec=20220824, application/json",
  ])("is answered whole for %s", async (accept) => {
    const response = await post(accept);
    expect(response.headers.get("content-type")).toMatch(/json/);
    expect(await response.json()).toEqual({ data: WHOLE });
  });

  it("is answered whole when nothing waits, though it might have come in parts", async () => {
    const response = await post("multipart/mixed, application/json", "{ people { ...@defer { name } } }");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await response.json()).toEqual({ data: { people: [{ name: "Anu" }] } });
  });

  it("shows what is there while an agency is still asked, and ends the question when the caller hangs up", async () => {
    const reached = Promise.withResolvers<AbortSignal>();
    federation.intercept("shelter", ({ signal }) => {
      reached.resolve(signal);
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () =>
          reject(new GatewayError("AGENCY_UNAVAILABLE", "hung up", { agency: "shelter" as AgencyCode })),
        ),
      );
    });
    const { hostname, port } = new URL(server.url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    const body = JSON.stringify({ query: QUERY });
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: multipart/mixed\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    const signal = await reached.promise;
    await vi.waitFor(() => expect(received).toContain(FIRST), 10_000);
    expect(received).not.toContain("incremental");
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    socket.destroy();
    await aborted;
  });
});

it("tells clients that it knows `@defer`", async () => {
  const response = await post(
    "application/json",
    "{ people { name } __schema { directives { name locations args { name defaultValue type { kind name ofType { name } } } } } }",
  );
  const { data } = (await response.json()) as {
    data: { __schema: { directives: { name: string }[] } };
  };
  expect(data.__schema.directives.find(({ name }) => name === "defer")).toEqual({
    name: "defer",
    locations: ["FRAGMENT_SPREAD", "INLINE_FRAGMENT"],
    args: [
      {
        name: "if",
        defaultValue: "true",
        type: { kind: "NON_NULL", name: null, ofType: { name: "Boolean" } },
      },
      { name: "label", defaultValue: null, type: { kind: "SCALAR", name: "String", ofType: null } },
    ],
  });
});
