import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { graphqlHttp, type HttpBackend } from "../../src/connectors/graphql-http.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { answerJson, type Handler, type HttpAgency, httpAgency } from "../support/http-agency.ts";

const CANARY = "canary-7f3a";
let agency: HttpAgency | undefined;
let backend: HttpBackend | undefined;
afterEach(async () => {
  await backend?.close();
  await agency?.close();
});

async function ppo(handler: Handler, options: { readonly timeoutMs?: number } = {}): Promise<HttpBackend> {
  agency = await httpAgency(handler);
  backend = graphqlHttp({
    ...options,
    agency: "PPO" as AgencyCode,
    subgraph: "ppo" as SubgraphName,
    baseUrl: `${agency.url}/graphql`,
    maxReplyBytes: 100_000,
    tell: async () => ({ identity: "minimal", headers: { authorization: "Bearer t", "x-request-id": "0a" } }),
    keepCodes: new Set(["BAD_CURSOR"] as const),
  });
  return backend;
}

const ask = (signal = new AbortController().signal): SubgraphRequest => ({
  query: "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Case { uid } } }",
  kind: "query",
  variables: { r: [{ __typename: "Case", ref: "TIP-2025-0001" }] },
  reader: { requestId: "0", agency: "NGO", member: "m", staff: "s", role: "r", purpose: "p", issue: "uid-1" },
  signal,
});

describe("a subgraph over HTTP", () => {
  it("is asked by POST with the question, what it may be told, and nothing else", async () => {
    const { fetch } = await ppo((_, response) => answerJson(response, { data: { _entities: [null] } }));
    expect(await fetch(ask())).toEqual({ data: { _entities: [null] }, errors: [] });
    const { query, variables } = ask();
    const [received] = agency?.received ?? [];
    expect(received).toMatchObject({
      method: "POST",
      url: "/graphql",
      body: JSON.stringify({ query, variables }),
    });
    const { host: _, connection: __, "content-length": ___, ...headers } = received?.headers ?? {};
    expect(headers).toEqual({
      authorization: "Bearer t",
      "x-request-id": "0a",
      accept: "application/graphql-response+json, application/json",
      "content-type": "application/json",
    });
  });

  it("keeps where errors are and nothing of what they say, but for codes of our own", async () => {
    const errors = [
      { message: CANARY, path: ["_entities", 0, "stage"], extensions: { code: "BAD_CURSOR", stack: CANARY } },
      {
        message: CANARY,
        path: [{ evil: CANARY }],
        extensions: { code: "UNAUTHENTICATED" },
        locations: CANARY,
      },
      CANARY,
    ];
    const { fetch } = await ppo((_, response) => answerJson(response, { data: { _entities: [{}] }, errors }));
    const reply = await fetch(ask());
    const message = "the agency reported an error";
    expect(reply.errors).toEqual([
      { message, path: ["_entities", 0, "stage"], code: "BAD_CURSOR" },
      { message },
      { message },
    ]);
    expect(JSON.stringify(reply)).not.toContain(CANARY);
  });

  it("gives objects without a prototype and drops `__proto__`, however it is written", async () => {
    const row = String.raw`{"__proto__": {"x": 1}, "\u005f_proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}, "n": [[{"toString": "t"}]]}`;
    const { fetch } = await ppo((_, response) => answerJson(response, `{"data": {"_entities": [${row}]}}`));
    const { data } = await fetch(ask());
    const [entity] = (data?.["_entities"] ?? []) as Record<string, unknown>[];
    expect(Object.getPrototypeOf(data)).toBeNull();
    expect(Object.getPrototypeOf(entity)).toBeNull();
    expect(Object.keys(entity ?? {})).toEqual(["constructor", "n"]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it.each<[string, Handler]>([
    ["no JSON", (_, response) => answerJson(response, `<html>${CANARY}`)],
    ["half of an answer", (_, response) => answerJson(response, '{"data": {"_entities": [')],
    ["a list", (_, response) => answerJson(response, [])],
    ["no GraphQL response", (_, response) => answerJson(response, { message: CANARY })],
    ["data of another shape", (_, response) => answerJson(response, { data: [CANARY] })],
    [
      "another media type",
      (_, response) => answerJson(response, { data: {} }, { "content-type": "text/html" }),
    ],
    ["a redirect", (_, response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(CANARY)],
    ["a refusal", (_, response) => response.writeHead(403).end(CANARY)],
    ["10 MB", (_, response) => answerJson(response, { data: { x: "x".repeat(10_000_000) } })],
    [
      "something packed",
      (_, response) =>
        response
          .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
          .end(gzipSync('{"data":{}}')),
    ],
  ])("does not take %s for an answer", async (_, handler) => {
    const { fetch } = await ppo(handler);
    const error = await fetch(ask()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "AGENCY_BAD_REPLY", detail: { agency: "PPO" } });
    expect((error as Error).message).not.toContain(CANARY);
    expect(agency?.received).toHaveLength(1);
  });

  it.each<[string, string, Handler]>([
    ["is out of order", "AGENCY_UNAVAILABLE", (_, response) => response.writeHead(503).end(CANARY)],
    ["asks for patience", "AGENCY_UNAVAILABLE", (_, response) => response.writeHead(429).end()],
    ["hangs up", "AGENCY_UNAVAILABLE", (_, response) => response.destroy()],
    ["says nothing", "AGENCY_TIMEOUT", () => {}],
    ["never ends", "AGENCY_TIMEOUT", (_, response) => response.writeHead(200).write('{"data":')],
  ])("is told apart when it %s: %s", async (_, code, handler) => {
    const { fetch } = await ppo(handler, { timeoutMs: 150 });
    await expect(fetch(ask())).rejects.toMatchObject({ code, detail: { agency: "PPO" } });
  });

  it("is left alone when nobody listens there", async () => {
    const { fetch } = await ppo(() => {});
    await agency?.close();
    agency = undefined;
    await expect(fetch(ask())).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
  });

  it("is not blamed when the asker gives up", async () => {
    const asker = new AbortController();
    const { fetch } = await ppo(() => asker.abort());
    await expect(fetch(ask(asker.signal))).rejects.toThrow("the question was withdrawn");
  });
});
