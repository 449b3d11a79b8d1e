/** Bad input on the way, before anything is read as GraphQL: see `support/bad-input.ts` for what is expected of each. */
import { type BadInput, bad, care, HARMLESS, HTTP_AR, headersOf, limited } from "../support/bad-input.ts";

const deep = `{ ${"workers { edges { node { person {".repeat(3)} id ${"} } } }".repeat(3)} }`;
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
    "an answer in a form that there is not",
    async (on) => ({ headers: { ...(await headersOf(on, care)), accept: "text/html" }, body: HARMLESS }),
    [406, "NOT_ACCEPTABLE"],
    /`accept` must allow `application\/graphql-response\+json`/,
    /`accept`/,
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
