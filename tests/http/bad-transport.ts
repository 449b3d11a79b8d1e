/** Bad input on the way, before anything is read as GraphQL: see `support/bad-input.ts` for what is expected of each. */
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type BadInput, bad, care, HARMLESS, headersOf, json, limited } from "../support/bad-input.ts";

const deep = `{ ${"workers { edges { node { person {".repeat(3)} id ${"} } } }".repeat(3)} }`;
const HTTP_AR = /^الطلب لا يوافق بروتوكول GraphQL عبر HTTP: /;
const MEDIA = [
  /must be `application\/json` in UTF-8, uncompressed/,
  /يجب أن يكون متن الطلب بصيغة `application\/json`/,
] as const;

export const BAD_TRANSPORT: readonly BadInput[] = [
  bad(
    "broken JSON",
    async (on) => ({ headers: await headersOf(on, care), body: '{"query":' }),
    [400, "BAD_REQUEST"],
    /the body is not JSON in UTF-8/,
    HTTP_AR,
  ),
  bad(
    "broken UTF-8",
    async (on) => ({ headers: await headersOf(on, care), body: Buffer.from([0x7b, 0xff, 0x7d]) }),
    [400, "BAD_REQUEST"],
    /the body is not JSON in UTF-8/,
    HTTP_AR,
  ),
  bad(
    "a batch",
    async (on) => ({ headers: await headersOf(on, care), body: `[${HARMLESS},${HARMLESS}]` }),
    [400, "BAD_REQUEST"],
    /a batch is not served: send one question at a time/,
    HTTP_AR,
  ),
  bad(
    "no query",
    async (on) => ({ headers: await headersOf(on, care), body: "{}" }),
    [400, "BAD_REQUEST"],
    /`query` is missing/,
    HTTP_AR,
  ),
  bad(
    "text/plain (A20)",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-type": "text/plain" },
      body: HARMLESS,
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a form (A20)",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-type": "application/x-www-form-urlencoded" },
      body: "query={agencies{code}}",
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "an exotic charset (A19)",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-type": "application/json; charset=utf-7" },
      body: HARMLESS,
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a gzip bomb (A19)",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-encoding": "gzip" },
      body: gzipSync(Buffer.alloc(64 * 1_048_576)),
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a Brotli bomb (A19)",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-encoding": "br" },
      body: brotliCompressSync(Buffer.alloc(64 * 1_048_576)),
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a body in two codings (A19)",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-encoding": "identity, gzip" },
      body: gzipSync(HARMLESS),
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "an answer in a form that there is not",
    async (on) => ({ headers: { ...(await headersOf(on, care)), accept: "text/html" }, body: HARMLESS }),
    [406, "NOT_ACCEPTABLE"],
    /`accept` must allow `application\/graphql-response\+json`/,
    /`accept`/,
  ),
  bad(
    "a body above a megabyte (A19)",
    async (on) => ({
      headers: await headersOf(on, care),
      body: json("{ agencies { code } }", { x: "x".repeat(1_048_576) }),
    }),
    [413, "PAYLOAD_TOO_LARGE"],
    /larger than 1048576 bytes/,
    /أكبر من 1048576 بايت/,
  ),
  bad(
    "a GET that any page could send (A20)",
    async (_on) => ({ method: "GET", search: "?query=%7Bagencies%7Bcode%7D%7D" }),
    [400, "BAD_REQUEST"],
    /CSRF|cross-site/i,
    HTTP_AR,
  ),
  bad(
    "a mutation over GET (A14)",
    async (on) => ({
      method: "GET",
      headers: await headersOf(on, care),
      search: `?query=${encodeURIComponent('mutation { withdrawConsent(consentId: "x") { __typename } }')}`,
    }),
    [405, "METHOD_NOT_ALLOWED"],
    /use POST, or GET for queries/,
    /استخدم POST/,
  ),
  bad(
    "a limit over GET (A15)",
    async (on) => ({
      method: "GET",
      headers: await headersOf(on, care),
      search: `?query=${encodeURIComponent(deep)}`,
    }),
    [400, "LIMIT_EXCEEDED"],
    ...limited(10, "depth"),
  ),
  bad(
    "another method",
    async (on) => ({ method: "PUT", headers: await headersOf(on, care), body: HARMLESS }),
    [405, "METHOD_NOT_ALLOWED"],
    /use POST, or GET for queries/,
    /استخدم POST/,
  ),
];
