/**
 * A20: what a page of another origin can have a browser send without asking (a form, a plain text, a picture's GET, a WebSocket) asks
 * nobody; no answer lets such a page read it. What a front end sends is answered.
 */
import { once } from "node:events";
import { expect, it } from "vitest";
import WebSocket from "ws";
import { bad, care, HARMLESS, HTTP_AR, headersOf, MEDIA, refuses } from "../support/bad-input.ts";
import { send } from "../support/http.ts";

const MUTATION = JSON.stringify({ query: 'mutation { withdrawConsent(consentId: "x") { __typename } }' });
const FORM = "multipart/form-data; boundary=x";
const PART = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${MUTATION}\r\n--x--\r\n`;

const on = refuses([
  bad(
    "text/plain",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-type": "text/plain" },
      body: HARMLESS,
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a form",
    async (on) => ({
      headers: { ...(await headersOf(on, care)), "content-type": "application/x-www-form-urlencoded" },
      body: "query={agencies{code}}",
    }),
    [415, "UNSUPPORTED_MEDIA_TYPE"],
    ...MEDIA,
  ),
  bad(
    "a GET that any page could send",
    async (_on) => ({ method: "GET", search: "?query=%7Bagencies%7Bcode%7D%7D" }),
    [400, "BAD_REQUEST"],
    /CSRF|cross-site/i,
    HTTP_AR,
  ),
  ...[
    ["a plain text that is JSON", "text/plain;charset=UTF-8", MUTATION],
    ["a plain text that names JSON", "text/plain; application/json", MUTATION],
    ["an upload", FORM, PART],
    ["no type at all", "", MUTATION],
  ].map(([name = "", type = "", body = ""]) =>
    bad(
      name,
      async (at) => ({ headers: { ...(await headersOf(at, care)), "content-type": type }, body }),
      [415, "UNSUPPORTED_MEDIA_TYPE"],
      ...MEDIA,
    ),
  ),
  bad(
    "a GET for a stream that any page could send",
    async () => ({
      method: "GET",
      search: "?query=%7Bagencies%7Bcode%7D%7D",
      headers: { accept: "application/graphql-response+json, text/event-stream" },
    }),
    [400, "BAD_REQUEST"],
    /CSRF|cross-site/i,
    HTTP_AR,
  ),
]);

it("no answer lets another origin read it, asked beforehand or not", async () => {
  const origin = "https://elsewhere.example";
  const headers = { ...(await headersOf(on(), care)), origin };
  const replies = [
    await fetch(`${on().url}/graphql`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    }),
    await fetch(`${on().url}/graphql`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: HARMLESS,
    }),
  ];
  expect(replies.map(({ status }) => status)).toEqual([405, 200]);
  for (const reply of replies)
    expect([...reply.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
});

it.each([
  ["another origin", "https://elsewhere.example", 403],
  ["a sandboxed frame", "null", 403],
])("a WebSocket of a page of %s is not opened", async (_, origin, status) => {
  const socket = new WebSocket(`${on().url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    origin,
  });
  const [, response] = await once(
    socket.on("error", () => {}),
    "unexpected-response",
  );
  expect(response.statusCode).toBe(status);
  socket.terminate();
});

it("a front end's own requests are answered", async () => {
  const headers = await headersOf(on(), care);
  expect((await send(on(), { headers, body: HARMLESS })).codes).toEqual([]);
  const search = "?query=%7Bagencies%7Bcode%7D%7D";
  expect((await send(on(), { method: "GET", search, headers })).codes).toEqual([]);
  const socket = new WebSocket(`${on().url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    origin: on().url,
  });
  await once(socket, "open");
  socket.terminate();
});
