import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { answering, openGateway, serverFor } from "./open-gateway.ts";

describe("a batch", () => {
  let server: Awaited<ReturnType<typeof serverFor>>;
  beforeAll(async () => {
    server = await serverFor(openGateway, { batchSize: 3 });
  });
  afterAll(() => server.stop());

  it("is answered in its order, each question by itself", async () => {
    const response = await server.post([
      { query: "query A($n: String) { hello(name: $n) }", variables: { n: "Noor" } },
      { query: "{ nothing }" },
      { query: "{ hello }" },
    ]);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const [first, second, third] = (await response.json()) as Record<string, unknown>[];
    expect([first, third]).toEqual([{ data: { hello: "hello Noor" } }, { data: { hello: "hello you" } }]);
    expect(second).toMatchObject({ errors: [{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }] });
  });

  it.each([
    ["none", []],
    ["too many", Array.from({ length: 4 }, () => ({ query: "{ hello }" }))],
  ])("of %s is refused whole", async (_, batch) => {
    const response = await server.post(batch);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("a batch holds 1 to 3 questions");
  });

  it("holds questions, and what is none is refused in its place", async () => {
    const response = await server.post([null, [{ query: "{ hello }" }], { query: "{ hello }" }]);
    const replies = (await response.json()) as { errors?: { extensions: { code: string } }[] }[];
    expect(replies.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
      "BAD_REQUEST",
      "BAD_REQUEST",
      undefined,
    ]);
  });

  it("that is refused throughout has that status, and each fault its line in the log", async () => {
    const failing = await serverFor(
      answering(async ({ query }) => {
        if (query.includes("fault")) throw new TypeError("cnr-secret");
        throw new GatewayError("UNAUTHENTICATED", "a valid access token is required");
      }),
      { batchSize: 3 },
    );
    const refused = await failing.post([{ query: "{ hello }" }, { query: "{ a: hello }" }]);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    const mixed = await failing.post([{ query: "{ hello }" }, { query: "{ fault: hello }" }]);
    expect(mixed.status).toBe(200);
    const text = await mixed.text();
    expect(text).toContain("INTERNAL_SERVER_ERROR");
    expect(text + failing.lines.join()).not.toContain("cnr-secret");
    expect(failing.lines.filter((line) => line.includes("request.failed"))).toHaveLength(1);
    await failing.stop();
  });
});
