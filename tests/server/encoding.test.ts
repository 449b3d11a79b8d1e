import { randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codingFor, encode } from "../../src/server/encoding.ts";
import { answering, serverFor } from "./open-gateway.ts";

describe("the coding of an answer", () => {
  it.each([
    [undefined, null],
    ["", null],
    ["identity", null],
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["br", "br"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip;q=1.0, br;q=0.5", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0, gzip;q=0", null],
    ["*", "br"],
    ["*;q=0", null],
    ["br;q=0, *", "gzip"],
    ["identity, br;q=0.5", null],
    ["identity;q=0.2, br;q=0.5", "br"],
    ["identity;q=0", null],
    ["deflate, zstd", null],
    ["gzip;q=x", null],
  ])("for accept-encoding %j is %s", (header, coding) => {
    expect(codingFor(header)).toBe(coding);
  });

  it("is none for what is short or gains nothing, and made once for bytes that are shared", async () => {
    const short = Buffer.alloc(1_023, "a");
    expect(await encode(short, "br")).toEqual({ bytes: short, coding: null });
    const noise = randomBytes(4_096);
    expect(await encode(noise, "gzip")).toEqual({ bytes: noise, coding: null });
    const shared = Buffer.alloc(4_096, "a");
    const [first, second, other] = await Promise.all(["br", "br", "gzip"].map((c) => encode(shared, c)));
    expect(first!.bytes).toBe(second!.bytes);
    expect(brotliDecompressSync(first!.bytes).equals(shared)).toBe(true);
    expect(gunzipSync(other!.bytes).equals(shared)).toBe(true);
  });
});

describe("over HTTP", () => {
  const long = JSON.stringify({ data: { hello: "سلام ".repeat(1_000) } });
  const gateway = answering(async ({ query }) => (query.includes("long") ? long : '{"data":{"hello":"x"}}'));
  let server: Awaited<ReturnType<typeof serverFor>>;
  beforeAll(async () => {
    server = await serverFor(gateway);
  });
  afterAll(() => server.stop());

  it.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
  ] as const)("a long answer arrives in %s, whole", async (coding, open) => {
    const { headers, bytes } = await post(server.url, "{ long: hello }", coding);
    expect(headers).toMatchObject({
      "content-encoding": coding,
      vary: "accept-encoding",
      "cache-control": "no-store",
      "content-length": String(bytes.length),
    });
    expect(bytes.length).toBeLessThan(long.length / 10);
    expect(open(bytes).toString()).toBe(long);
  });

  it.each([
    ["a short answer", "{ hello }", "br"],
    ["an answer to somebody who does not ask for it", "{ long: hello }", undefined],
    ["an answer to somebody who excludes it", "{ long: hello }", "identity, *;q=0"],
    ["a refusal, however long", `{ ${"nothing ".repeat(900)} }`, "br, gzip"],
  ])("%s stays as it is", async (_, query, accepted) => {
    const { headers, bytes } = await post(server.url, query, accepted);
    expect(headers["content-encoding"]).toBeUndefined();
    expect(() => JSON.parse(bytes.toString())).not.toThrow();
  });

  it("nothing is compressed where the configuration says so", async () => {
    const plain = await serverFor(gateway, { compression: false });
    const { headers, bytes } = await post(plain.url, "{ long: hello }", "br");
    expect([headers["content-encoding"], bytes.toString()]).toEqual([undefined, long]);
    await plain.stop();
  });
});

/** `fetch` opens what is compressed and does not say that it was. */
function post(
  url: string,
  query: string,
  acceptEncoding: string | undefined,
): Promise<{ readonly headers: Record<string, unknown>; readonly bytes: Buffer }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    headers: Record<string, unknown>;
    bytes: Buffer;
  }>();
  const headers = {
    "content-type": "application/json",
    ...(acceptEncoding && { "accept-encoding": acceptEncoding }),
  };
  httpRequest(url, { method: "POST", headers }, (response) => {
    response
      .toArray()
      .then((parts) => resolve({ headers: response.headers, bytes: Buffer.concat(parts) }), reject);
  })
    .on("error", reject)
    .end(JSON.stringify({ query }));
  return promise;
}
