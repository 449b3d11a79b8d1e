/**
 * A14: which document runs is never a guess. A question that names one in two ways, or under a hash or an id that is not
 * its own, is refused before anybody is asked; so is a mutation over GET, whichever way it is named.
 */
import { hash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type BadInput, bad, care, headersOf, refuses } from "../support/bad-input.ts";
import { type RawRequest, send } from "../support/http.ts";

const AGENCIES = "{ agencies { code } }";
const CASES = "query Cases { cases { pageInfo { hasNextPage } } }";
const MUTATION = 'mutation { withdrawConsent(consentId: "x") { __typename } }';

const sha256 = (text: string) => hash("sha256", text);
const idOf = (text: string) => `sha256:${sha256(text)}`;
const byHash = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(text) } });

const posted =
  (body: object): BadInput["request"] =>
  async (on) => ({
    headers: await headersOf(on, care),
    body: JSON.stringify(body),
  });
const got =
  (search: string): BadInput["request"] =>
  async (on) => ({
    method: "GET",
    headers: await headersOf(on, care),
    search: `?${search}`,
  });
const inUrl = (parameters: Record<string, string>) => got(String(new URLSearchParams(parameters)));

const HTTP_AR = /^الطلب لا يوافق بروتوكول GraphQL عبر HTTP: /;
const refused = (name: string, request: BadInput["request"], english: RegExp): BadInput =>
  bad(name, request, [400, "BAD_REQUEST"], english, HTTP_AR);
const forbidden = (name: string, request: BadInput["request"]): BadInput =>
  bad(name, request, [405, "METHOD_NOT_ALLOWED"], /use POST, or GET for queries/, /استخدم POST/);
const unknownId = (name: string, request: BadInput["request"]): BadInput =>
  bad(name, request, [404, "PERSISTED_DOCUMENT_NOT_FOUND"], /no persisted document/, /لا يوجد مستند محفوظ/);
const unknownHash = (name: string, request: BadInput["request"]): BadInput =>
  bad(
    name,
    request,
    [404, "PERSISTED_QUERY_NOT_FOUND"],
    /^PersistedQueryNotFound$/,
    /^PersistedQueryNotFound$/,
  );

const ALONE = /`documentId` names the whole document/;
const OTHER_SPELLING = /is not read: name a persisted document by `documentId`/;

const on = refuses(
  [
    refused("a text and an id", posted({ query: AGENCIES, documentId: idOf(CASES) }), ALONE),
    refused("a text and its own id", posted({ query: AGENCIES, documentId: idOf(AGENCIES) }), ALONE),
    refused("an id and a hash", posted({ documentId: idOf(CASES), extensions: byHash(AGENCIES) }), ALONE),
    refused("a text and an id over GET", inUrl({ query: AGENCIES, documentId: idOf(CASES) }), ALONE),
    refused("two ids over GET", got(`documentId=${idOf(CASES)}&documentId=${idOf(AGENCIES)}`), /given twice/),
    refused("two texts over GET", got("query=%7Ba%7D&query=%7Bb%7D"), /given twice/),
    refused(
      "a text under another's hash",
      posted({ query: AGENCIES, extensions: byHash(CASES) }),
      /is not the SHA-256 of `query`/,
    ),
    refused(
      "a text under another's hash over GET",
      inUrl({ query: AGENCIES, extensions: JSON.stringify(byHash(CASES)) }),
      /is not the SHA-256 of `query`/,
    ),
    refused(
      "a hash of another version",
      posted({ extensions: { persistedQuery: { version: 2, sha256Hash: sha256(AGENCIES) } } }),
      /`\{version: 1, sha256Hash\}`/,
    ),
    refused("an id that is no SHA-256", posted({ documentId: "sha256:abc" }), /takes 64 hexadecimal digits/),
    refused("an id that is no text", posted({ documentId: [idOf(AGENCIES)] }), /must be a text/),
    ...["id", "queryId", "hash", "doc_id"].map((name) =>
      refused(`a text and \`${name}\``, posted({ query: AGENCIES, [name]: "x" }), OTHER_SPELLING),
    ),
    unknownId("an id of none", posted({ documentId: idOf("{ a }") })),
    unknownId("an id of none over GET", inUrl({ documentId: "__proto__" })),
    unknownHash("a hash of none", posted({ extensions: byHash("{ a }") })),
    unknownHash("a hash of none over GET", inUrl({ extensions: JSON.stringify(byHash("{ a }")) })),
    forbidden(
      "a mutation over GET, as text and without a name",
      inUrl({ query: MUTATION, operationName: "" }),
    ),
    forbidden("a mutation over GET by id", inUrl({ documentId: idOf(MUTATION) })),
    forbidden("a mutation over GET by hash", inUrl({ extensions: JSON.stringify(byHash(MUTATION)) })),
  ],
  async () => {
    const path = join(await mkdtemp(join(tmpdir(), "ihala-documents-")), "documents.json");
    const documents = [AGENCIES, CASES, MUTATION].map((text) => [sha256(text), text]);
    await writeFile(path, JSON.stringify(Object.fromEntries(documents)));
    return { env: { IHALA_SERVER_PERSISTED_DOCUMENTS_PATH: path } };
  },
);

it.each<[string, BadInput["request"]]>([
  ["by its id", posted({ documentId: idOf(AGENCIES) })],
  ["by its id over GET", inUrl({ documentId: idOf(AGENCIES) })],
  ["by its hash", posted({ extensions: byHash(AGENCIES) })],
  ["as text beside its own hash", posted({ query: AGENCIES, extensions: byHash(AGENCIES) })],
  ["as text", posted({ query: AGENCIES, documentId: null })],
])("a document named %s is answered as the text is", async (_, request) => {
  const ask = async (raw: Promise<RawRequest>) => send(on(), await raw);
  const [named, inFull] = [await ask(request(on())), await ask(posted({ query: AGENCIES })(on()))];
  expect(inFull.body.data?.["agencies"]).toHaveLength(16);
  // Public data over GET may be kept by whoever asked: that alone is told beside.
  const { headers: _headers, ...answer } = inFull;
  expect(named).toMatchObject(answer);
});
