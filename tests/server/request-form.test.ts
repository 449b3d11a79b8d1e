import { describe, expect, it } from "vitest";
import { questionInSearch, questionOf } from "../../src/server/request-form.ts";
import { codeOf } from "../support/errors.ts";

const HASH = "0".repeat(64);
const persisted = (persistedQuery: unknown) => ({ extensions: { persistedQuery } });
const NONE = { query: null, documentId: null, sha256Hash: null, operationName: undefined, variables: {} };

describe("a question", () => {
  it.each([
    [{ query: "{ a }" }, { query: "{ a }" }],
    [{ query: "{ a }", operationName: null, variables: null, extensions: null }, { query: "{ a }" }],
    [{ query: "{ a }", operationName: "" }, { query: "{ a }" }],
    [
      { query: "{ a }", operationName: "A" },
      { query: "{ a }", operationName: "A" },
    ],
    [
      { query: "{ a }", variables: { n: 1 } },
      { query: "{ a }", variables: { n: 1 } },
    ],
    [{ query: "{ a }", extensions: { other: 1 } }, { query: "{ a }" }],
    [{ documentId: `sha256:${HASH}`, query: null }, { documentId: `sha256:${HASH}` }],
    [persisted({ version: 1, sha256Hash: HASH }), { sha256Hash: HASH }],
    [{}, {}],
  ])("is read from %j", (body, question) => {
    expect(questionOf(body)).toEqual({ ...NONE, ...question });
  });

  it.each([
    ["no object", "{ a }"],
    ["nothing", null],
    ["a list", []],
    ["a query that is no text", { query: 1 }],
    ["an empty query", { query: " \n" }],
    ["an id that is no text", { documentId: {} }],
    ["an empty id", { documentId: "" }],
    ["a name that is no text", { query: "{ a }", operationName: ["A"] }],
    ["variables as text", { query: "{ a }", variables: "{}" }],
    ["variables as a list", { query: "{ a }", variables: [] }],
    ["extensions as text", { query: "{ a }", extensions: "{}" }],
    ["another spelling: id", { query: "{ a }", id: null }],
    ["another spelling: queryId", { queryId: "x" }],
    ["another spelling: hash", { hash: HASH }],
    ["another spelling: doc_id", { doc_id: "1" }],
    ["a hash of another version", persisted({ version: 2, sha256Hash: HASH })],
    ["a hash without version", persisted({ sha256Hash: HASH })],
    ["a short hash", persisted({ version: 1, sha256Hash: "0" })],
    ["a hash in capitals", persisted({ version: 1, sha256Hash: "A".repeat(64) })],
    ["no hash", persisted({ version: 1 })],
    ["a persisted query that is a text", persisted(HASH)],
  ])("is refused with %s", (_, body) => {
    expect(codeOf(() => questionOf(body))).toBe("BAD_REQUEST");
  });
});

describe("a question in a URL", () => {
  it.each([
    ["?query=%7Ba%7D", { query: "{a}" }],
    ["?query=%7Ba%7D&operationName=&variables=%7B%22n%22%3A1%7D", { query: "{a}", variables: { n: 1 } }],
    [`?documentId=sha256:${HASH}`, { documentId: `sha256:${HASH}` }],
    [`?extensions={"persistedQuery":{"version":1,"sha256Hash":"${HASH}"}}`, { sha256Hash: HASH }],
    [`?extensions={"persisted%5Cu0051uery":{"version":1,"sha256Hash":"${HASH}"}}`, { sha256Hash: HASH }],
    ["?utm_source=x&query=%7Ba%7D", { query: "{a}" }],
    ["", {}],
  ])("is read from %s", (search, question) => {
    expect(questionInSearch(search)).toEqual({ ...NONE, ...question });
  });

  it.each([
    ["a query twice", "?query={a}&query={b}"],
    ["an id twice", "?documentId=a&documentId=a"],
    ["variables that are no JSON", "?query={a}&variables={"],
    ["empty variables", "?query={a}&variables="],
    ["variables that are a list", "?query={a}&variables=[]"],
    ["extensions that are no JSON", "?query={a}&extensions=persistedQuery"],
    ["another spelling", "?query={a}&id=1"],
  ])("is refused with %s", (_, search) => {
    expect(codeOf(() => questionInSearch(search))).toBe("BAD_REQUEST");
  });
});
