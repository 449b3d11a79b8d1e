/**
 * A19: a body that would unpack to something large, or read otherwise than as UTF-8, is refused by its headers and never opened; one
 * that is too large, whatever it says of its size, is not read to its end.
 */
import { request as httpRequest } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { type BadInput, bad, care, HARMLESS, headersOf, json, MEDIA, refuses } from "../support/bad-input.ts";
import { send } from "../support/http.ts";

const LARGE = Buffer.alloc(64 * 1_048_576);
const coded =
  (coding: string, body: Uint8Array): BadInput["request"] =>
  async (on) => ({
    headers: { ...(await headersOf(on, care)), "content-encoding": coding },
    body,
  });

const on = refuses([
  bad(
    "an exotic charset",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-type": "application/json; charset=utf-7" },
      body: HARMLESS,
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a gzip bomb",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-encoding": "gzip" },
      body: gzipSync(Buffer.alloc(64 * 1_048_576)),
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a Brotli bomb",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-encoding": "br" },
      body: brotliCompressSync(Buffer.alloc(64 * 1_048_576)),
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a body in two codings",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-encoding": "identity, gzip" },
      body: gzipSync(HARMLESS),
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a body above a megabyte",
    async (on) => ({
      headers: await headersOf(on, care),
      body: json("{ agencies { code } }", { x: "x".repeat(1_048_576) }),
    }),
    [413, "PAYLOAD_TOO_LARGE"],
    /larger than 1048576 bytes/,
    /أكبر من 1048576 بايت/,
  ),
  bad("a deflate bomb", coded("deflate", deflateSync(LARGE)), [415, "UNSUPPORTED_MEDIA_TYPE"], ...MEDIA),
  bad("a Zstandard bomb", coded("zstd", zstdCompressSync(LARGE)), [415, "UNSUPPORTED_MEDIA_TYPE"], ...MEDIA),
  bad(
    "a coding that is not known",
    coded("x-own", gzipSync(HARMLESS)),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "UTF-16 by its header",
    async (at) => ({
      headers: { ...(await headersOf(at, care)), "content-type": "application/json; charset=utf-16le" },
      body: Buffer.from(HARMLESS, "utf16le"),
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
]);

it("a body without a length is read to the bound and no further", async () => {
  const asking = httpRequest(`${on().url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(await headersOf(on(), care)) },
  });
  const answered = new Promise<number>((resolve, reject) => {
    asking.on("response", ({ statusCode = 0 }) => resolve(statusCode)).on("error", reject);
  });
  asking.write('{"query":"');
  const chunk = " ".repeat(65_536);
  for (let n = 0; n < 20; n += 1) asking.write(chunk);
  asking.end('"}');
  expect(await answered).toBe(413);
});

it.each([
  ["application/json", HARMLESS],
  ["application/json; charset=UTF-8", HARMLESS],
  ['application/json; charset="utf-8"', HARMLESS],
])("%s is answered", async (type, body) => {
  const headers = { ...(await headersOf(on(), care)), "content-type": type, "content-encoding": "identity" };
  const reply = await send(on(), { headers, body });
  expect([reply.status, reply.codes]).toEqual([200, []]);
});
