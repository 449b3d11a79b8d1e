/** What the HTTP server refuses, hands to the gateway, and tells of its faults. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { codesOf, rawPost, type Server } from "./http-callers.ts";
import { answering, openGateway, serverFor } from "./open-gateway.ts";

describe("bad input over HTTP", () => {
  let server: Server;
  beforeAll(async () => {
    server = await serverFor(openGateway);
  });
  afterAll(() => server.stop());

  it.each([
    ["broken JSON", "{", {}, 400, "BAD_REQUEST"],
    ["broken UTF-8", Buffer.from([0x22, 0xff, 0x22]), {}, 400, "BAD_REQUEST"],
    ["an empty body", "", {}, 400, "BAD_REQUEST"],
    ["a list, which would be a batch", "[]", {}, 400, "BAD_REQUEST"],
    ["a batch", '[{"query":"{hello}"}]', {}, 400, "BAD_REQUEST"],
    ["a text", '"{hello}"', {}, 400, "BAD_REQUEST"],
    ["no query", '{"variables":{}}', {}, 400, "BAD_REQUEST"],
    [
      "a persisted query of another form",
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}',
      {},
      400,
      "BAD_REQUEST",
    ],
    ["text/plain", '{"query":"{hello}"}', { "content-type": "text/plain" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    [
      "a form",
      "query={hello}",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    [
      "a multipart form",
      "x",
      { "content-type": "multipart/form-data; boundary=x" },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    ["json of another kind", "{}", { "content-type": "application/json5" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["utf-7", "{}", { "content-type": "application/json; charset=utf-7" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["utf-16", "{}", { "content-type": 'application/json; charset="utf-16"' }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["a compressed body", "x", { "content-encoding": "gzip" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["an answer in a picture", '{"query":"{hello}"}', { accept: "image/png" }, 406, "NOT_ACCEPTABLE"],
    ["a syntax error", '{"query":"{"}', {}, 400, "GRAPHQL_PARSE_FAILED"],
    ["an unknown field", '{"query":"{ nothing }"}', {}, 400, "GRAPHQL_VALIDATION_FAILED"],
    ["too many tokens", JSON.stringify({ query: `{${"hello ".repeat(2_001)}}` }), {}, 400, "LIMIT_EXCEEDED"],
    [
      "too many aliases",
      JSON.stringify({ query: `{${Array.from({ length: 31 }, (_, i) => `a${i}:hello `).join("")}}` }),
      {},
      400,
      "LIMIT_EXCEEDED",
    ],
    [
      "an unknown operation name",
      '{"query":"query A { hello }","operationName":"B"}',
      {},
      400,
      "BAD_USER_INPUT",
    ],
    [
      "a variable of the wrong type",
      '{"query":"query($n: String){hello(name:$n)}","variables":{"n":1}}',
      {},
      400,
      "BAD_USER_INPUT",
    ],
    ["a mutation, not served yet", '{"query":"mutation { act }"}', {}, 501, "NOT_IMPLEMENTED"],
  ])("%s is refused", async (_, body, headers, status, code) => {
    const response = await fetch(server.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        ...headers,
      },
      body: body as string,
    });
    expect(response.status).toBe(status);
    expect(response.headers.get("x-ihala-mode")).toBe("sandbox");
    expect(await codesOf(response)).toEqual([code]);
  });

  it.each([
    ["declared", {}],
    ["streamed", { duplex: "half" }],
  ])("a body above a megabyte is refused, %s", async (_, init) => {
    const bytes = Buffer.alloc(1_048_577, " ");
    const body = "duplex" in init ? ReadableStream.from([bytes.subarray(0, 9), bytes]) : bytes;
    const response = await fetch(server.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      ...init,
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await codesOf(response)).toEqual(["PAYLOAD_TOO_LARGE"]);
  });

  it.each(["PUT", "DELETE", "OPTIONS", "PATCH"])("%s is refused with what is allowed", async (method) => {
    const response = await fetch(server.url, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST"]);
    expect(await codesOf(response)).toEqual(["METHOD_NOT_ALLOWED"]);
  });

  it("a GET that a page of another origin could send is refused, and a mutation over GET (A20)", async () => {
    const query = encodeURIComponent("{ hello }");
    const simple = await fetch(`${server.url}?query=${query}`);
    expect([simple.status, await codesOf(simple)]).toEqual([400, ["BAD_REQUEST"]]);
    const headers = { "x-purpose": "SHELTER_CARE" };
    expect((await fetch(`${server.url}?query=${query}`, { headers })).status).toBe(200);
    const mutation = await fetch(`${server.url}?query=${encodeURIComponent("mutation { act }")}`, {
      headers,
    });
    expect([mutation.status, await codesOf(mutation)]).toEqual([405, ["METHOD_NOT_ALLOWED"]]);
    const unnamed = await fetch(
      `${server.url}?operationName=&query=${encodeURIComponent("mutation { act }")}`,
      {
        headers,
      },
    );
    expect([unnamed.status, await codesOf(unnamed)]).toEqual([405, ["METHOD_NOT_ALLOWED"]]);
  });

  it("an answer that the caller does not take is refused before anything is asked", async () => {
    let asked = 0;
    const counting = await serverFor(
      answering(async () => {
        asked += 1;
        return '{"data":{"hello":"x"}}';
      }),
    );
    const refused = await counting.post({ query: "{ hello }" }, { accept: "text/html, image/*" });
    expect([refused.status, await codesOf(refused), asked]).toEqual([406, ["NOT_ACCEPTABLE"], 0]);
    await (await counting.post({ query: "{ hello }" })).text();
    expect(asked).toBe(1);
    await counting.stop();
  });

  it("a document that was accepted is asked again without Apollo, and refused as before when it is wrong", async () => {
    const good = { query: "query A($n: String) { hello(name: $n) }", variables: { n: "Noor" } };
    for (const _ of [1, 2, 3])
      expect(await (await server.post(good)).json()).toEqual({ data: { hello: "hello Noor" } });
    const wrong = await server.post({ ...good, variables: { n: 1 } });
    expect([wrong.status, await codesOf(wrong)]).toEqual([400, ["BAD_USER_INPUT"]]);
    const unknown = await server.post({ ...good, operationName: "B" });
    expect([unknown.status, await codesOf(unknown)]).toEqual([400, ["BAD_USER_INPUT"]]);
    const simple = await fetch(`${server.url}?query=${encodeURIComponent(good.query)}`);
    expect([simple.status, await codesOf(simple)]).toEqual([400, ["BAD_REQUEST"]]);
  });

  it("errors of a document carry their place, and are Arabic for those who ask", async () => {
    const english = await (await server.post({ query: "{ nothing }" })).json();
    expect(english).toEqual({
      errors: [
        {
          message: 'Cannot query field "nothing" on type "Query".',
          locations: [{ line: 1, column: 3 }],
          extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
        },
      ],
    });
    const response = await server.post(
      { query: "{ nothing }" },
      { "accept-language": "fr, ar-BH;q=0.9, en;q=0.5" },
    );
    expect(response.headers.get("content-language")).toBe("ar");
    expect(await response.text()).toContain("المستند لا يوافق المخطط");
  });

  it("bytes that are no HTTP are refused, in the sandbox's name too", async () => {
    const socket = connect(Number(new URL(server.root).port), "127.0.0.1");
    socket.write("what is this\r\n\r\n");
    const text = (await socket.toArray()).join("");
    expect(text).toMatch(/^HTTP\/1\.1 400 .*\r\nx-ihala-mode: sandbox/);
  });

  it("other paths lead nowhere", async () => {
    expect((await fetch(`${server.root}/../etc/passwd`)).status).toBe(404);
    expect(
      (await fetch(`${server.root}/`, { headers: { accept: "text/html" } })).headers.get("content-type"),
    ).toMatch(/^text\/plain/);
  });
});

describe("refusals of the gateway", () => {
  const failing = async (error: unknown, headers = {}) => {
    const server = await serverFor(
      answering(async () => {
        throw error;
      }),
    );
    const response = await server.post({ query: "{ hello }" }, headers);
    const body = (await response.json()) as {
      errors: { message: string; extensions: Record<string, string> }[];
    };
    await server.stop();
    return { response, error: body.errors[0], lines: server.lines };
  };

  it("are masked when they are faults, and found again by the trace id", async () => {
    const { response, error, lines } = await failing(new TypeError("cnr-secret of P-1"));
    expect(response.status).toBe(500);
    expect(error).toEqual({
      message: "the gateway failed",
      extensions: { code: "INTERNAL_SERVER_ERROR", traceId: response.headers.get("x-request-id") },
    });
    const line = lines.find((one) => one.includes(String(response.headers.get("x-request-id"))));
    expect(line).toContain("TypeError");
    expect(lines.join()).not.toContain("cnr-secret");
  });

  it("say when to retry while the log or the policies are unavailable", async () => {
    const { response, error } = await failing(
      new GatewayError("AUDIT_UNAVAILABLE", "disk at /secret/path is full"),
    );
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(error?.message).toBe("the disclosure cannot be recorded, so nothing is disclosed");
  });

  it("keep their status under the older media type when they are about who asks", async () => {
    const headers = { accept: "application/json", "accept-language": "ar" };
    const { response, error } = await failing(
      new GatewayError("UNAUTHENTICATED", "a valid access token is required"),
      headers,
    );
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(error?.message).toBe("يلزم رمز دخول صالح");
  });

  it("hand the gateway headers as sent, doubles visible, and a trace id of our own", async () => {
    const server = await serverFor(
      answering(async ({ headers }) => JSON.stringify({ data: { hello: headers.get("x-purpose") ?? null } })),
    );
    const [first, second] = await Promise.all(
      ["a", "b"].map(() => server.post({ query: "{ hello }" }, { "x-request-id": "mine" })),
    );
    expect(first?.headers.get("x-request-id")).not.toBe("mine");
    expect(first?.headers.get("x-request-id")).not.toBe(second?.headers.get("x-request-id"));
    const doubled = await rawPost(server.url, { "x-purpose": ["A", "B"] });
    expect(doubled).toBe('{"data":{"hello":"A, B"}}');
    await server.stop();
  });

  it("take neither of two tokens for the caller's: the gateway reads both", async () => {
    const server = await serverFor(
      answering(async ({ headers }) => JSON.stringify({ data: { hello: headers.get("authorization") } })),
    );
    const doubled = await rawPost(server.url, { authorization: ["Bearer a", "Bearer b"] });
    expect(doubled).toBe('{"data":{"hello":"Bearer a, Bearer b"}}');
    await server.stop();
  });
});

it("tells the gateway when a caller hangs up, and not when it has answered", async () => {
  const signals: AbortSignal[] = [];
  const asked = Promise.withResolvers<AbortSignal>();
  const server = await serverFor(
    answering(async ({ query, signal }) => {
      signals.push(signal);
      if (query === "{ hello }") return '{"data":{"hello":"x"}}';
      asked.resolve(signal);
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    }),
  );
  await (await server.post({ query: "{ hello }" })).text();
  const caller = new AbortController();
  const gone = fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"query":"{ again: hello }"}',
    signal: caller.signal,
  }).catch(() => "gone");
  const signal = await asked.promise;
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
  caller.abort();
  await Promise.all([gone, aborted]);
  expect(signals.map((one) => one.aborted)).toEqual([false, true]);
  await server.stop();
});
