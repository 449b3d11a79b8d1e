import { afterEach, describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { Body } from "../../src/respond/answer.ts";
import { serverFor } from "./open-gateway.ts";
import { StreamingGateway } from "./streaming-gateway.ts";

let server: Awaited<ReturnType<typeof serverFor>> | undefined;
afterEach(() => server?.stop());

const DEFERRED = { query: "{ hello ... @defer { later } }" };
const FIRST = '{"data":{"hello":"you"},"pending":[{"id":"0","path":[]}],"hasNext":true}';
const SECOND =
  '{"incremental":[{"id":"0","data":{"later":"then"}}],"completed":[{"id":"0"}],"hasNext":false}';

async function start(options: Parameters<typeof serverFor>[1] = {}) {
  const gateway = new StreamingGateway();
  server = await serverFor(gateway, options);
  const ask = (accept: string, body: object = DEFERRED) => fetch(server?.url ?? "", init(accept, body));
  return { gateway, server, ask };
}

const init = (accept: string, body: object): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", accept },
  body: JSON.stringify(body),
});

/** The parts of a body as they arrive: what stands between two boundaries. */
async function* partsOf(
  response: Response,
): AsyncGenerator<{ readonly head: string; readonly body: string }> {
  let buffer = "";
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(
    new TextDecoderStream(),
  )) {
    buffer += chunk;
    for (let at = buffer.indexOf("\r\n---"); at >= 0; at = buffer.indexOf("\r\n---")) {
      const [head = "", body] = buffer.slice(0, at).split("\r\n\r\n");
      buffer = buffer.slice(at + 5);
      if (body !== undefined) yield { head: head.trim(), body };
    }
  }
  expect(buffer).toBe("--\r\n");
}

const PART_HEAD = "content-type: application/json; charset=utf-8";

describe("a deferred answer", () => {
  it("comes in parts, each as soon as it is ready", async () => {
    const { gateway, ask } = await start();
    const asking = ask("multipart/mixed, application/json");
    const { source, request } = await gateway.stream();
    expect(request.carries).toEqual({ events: false, incremental: true });
    source.push(new Body(FIRST));
    const response = await asking;
    expect(response.headers.get("content-type")).toBe('multipart/mixed; boundary="-"');
    const parts = partsOf(response);
    expect((await parts.next()).value).toEqual({ head: PART_HEAD, body: FIRST });
    source.push(new Body(SECOND));
    expect((await parts.next()).value).toEqual({ head: PART_HEAD, body: SECOND });
    source.finish();
    expect((await parts.next()).done).toBe(true);
  });

  it("is on the wire as the specification's example", async () => {
    const { gateway, ask } = await start();
    const asking = ask("multipart/mixed; incrementalSpec=v0.2");
    const { source } = await gateway.stream();
    source.push(new Body(FIRST), new Body(SECOND));
    source.finish();
    const response = await asking;
    expect(response.headers.get("content-type")).toBe('multipart/mixed; boundary="-"; incrementalSpec=v0.2');
    expect(await response.text()).toBe(
      `\r\n---\r\n${PART_HEAD}\r\n\r\n${FIRST}\r\n---\r\n${PART_HEAD}\r\n\r\n${SECOND}\r\n-----\r\n`,
    );
  });

  it.each([
    ["the older form", "multipart/mixed;deferSpec=20220824, application/json"],
    ["a form of the future", "multipart/mixed;incrementalSpec=v9, application/json"],
    ["a form for subscriptions", 'multipart/mixed;subscriptionSpec="1.0", application/json'],
    ["none", "application/json"],
    ["none, expressly", "multipart/mixed;q=0, application/json"],
  ])("is whole for a caller who understands %s", async (_, accept) => {
    const { ask } = await start();
    const response = await ask(accept);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toEqual({ data: { hello: "you", later: "then" } });
  });

  it("goes over SSE to those who ask for that", async () => {
    const { gateway, ask } = await start();
    const asking = ask("text/event-stream");
    const { source } = await gateway.stream();
    source.push(new Body(FIRST), new Body(SECOND));
    source.finish();
    const text = await (await asking).text();
    expect(text).toBe(
      `:\n\nevent: next\ndata: ${FIRST}\n\nevent: next\ndata: ${SECOND}\n\nevent: complete\ndata: \n\n`,
    );
  });

  it("is refused like any other when its first part fails", async () => {
    const { gateway, ask } = await start();
    const asking = ask("multipart/mixed, application/json");
    const { source } = await gateway.stream();
    source.fail(new GatewayError("AUDIT_UNAVAILABLE", "the disk is full"));
    const response = await asking;
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.text()).toContain("AUDIT_UNAVAILABLE");
    await source.returned;
  });

  it("says so in a last part when a later one fails", async () => {
    const { gateway, ask } = await start();
    const asking = ask("multipart/mixed");
    const { source } = await gateway.stream();
    source.push(new Body(FIRST));
    source.fail(new TypeError("cnr-secret"));
    const bodies: unknown[] = [];
    for await (const { body } of partsOf(await asking)) bodies.push(JSON.parse(body));
    expect(bodies[1]).toMatchObject({
      errors: [{ message: "the gateway failed", extensions: { code: "INTERNAL_SERVER_ERROR" } }],
      hasNext: false,
    });
    expect(JSON.stringify(bodies)).not.toContain("cnr-secret");
  });

  it("ends its source when the caller hangs up", async () => {
    const { gateway, server } = await start();
    const caller = new AbortController();
    const asking = fetch(server.url, { ...init("multipart/mixed", DEFERRED), signal: caller.signal });
    const { source } = await gateway.stream();
    source.push(new Body(FIRST));
    await asking;
    caller.abort();
    await source.returned;
  });

  it("is finished before the gateway stops", async () => {
    const { gateway, server, ask } = await start();
    const asking = ask("multipart/mixed");
    const { source } = await gateway.stream();
    source.push(new Body(FIRST));
    const response = await asking;
    const stopped = server.stop();
    setTimeout(() => {
      source.push(new Body(SECOND));
      source.finish();
    }, 100);
    const bodies: string[] = [];
    for await (const { body } of partsOf(response)) bodies.push(body);
    expect(bodies).toEqual([FIRST, SECOND]);
    await stopped;
  });
});

describe("a whole answer or refusal for a caller who takes nothing but parts", () => {
  it.each([
    ["{ hello }", { data: { hello: "you" } }],
    ["{ nothing }", { errors: [{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }] }],
  ])("is one part: %s", async (query, body) => {
    const { ask } = await start();
    const response = await ask("multipart/mixed", { query });
    expect(response.status).toBe(200);
    const parts: unknown[] = [];
    for await (const part of partsOf(response)) parts.push(JSON.parse(part.body));
    expect(parts).toMatchObject([body]);
  });
});
