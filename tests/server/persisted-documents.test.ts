import { hash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { DocumentStore, type DocumentStoreOptions } from "../../src/operation/document-store.ts";
import { openGateway, serverFor } from "./open-gateway.ts";

const HELLO = "query Hello($n: String) { hello(name: $n) }";
const OTHER = "{ other: hello }";
const idOf = (text: string) => hash("sha256", text);
const byHash = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: idOf(text) } });
const listed = { documents: [{ id: idOf(HELLO), text: HELLO }] };

type Server = Awaited<ReturnType<typeof serverFor>>;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serverWith(options: DocumentStoreOptions) {
  const asked: string[] = [];
  const gateway = {
    ...openGateway,
    answer: (request: Parameters<typeof openGateway.answer>[0]) => {
      asked.push(request.query);
      return openGateway.answer(request);
    },
  };
  const documents = new DocumentStore(options);
  const server = await serverFor(gateway, { documents });
  servers.push(server);
  const outcome = async (response: Response) => {
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors?: { message: string; extensions: { code: string } }[];
    };
    return {
      status: response.status,
      data,
      code: errors?.[0]?.extensions.code,
      message: errors?.[0]?.message,
    };
  };
  return {
    documents,
    asked,
    post: async (body: unknown, headers = {}) => outcome(await server.post(body, headers)),
    get: async (parameters: Record<string, string>) =>
      outcome(
        await fetch(`${server.url}?${new URLSearchParams(parameters)}`, {
          headers: { "x-purpose": "A", accept: "application/graphql-response+json" },
        }),
      ),
  };
}

const ANSWERED = { status: 200, data: { hello: "hello Noor" } };

describe("a persisted document", () => {
  it("is named by its id or its hash, over POST and GET, and runs with the caller's variables", async () => {
    const { post, get } = await serverWith(listed);
    const variables = { n: "Noor" };
    const text = JSON.stringify(variables);
    expect(await post({ documentId: `sha256:${idOf(HELLO)}`, variables })).toMatchObject(ANSWERED);
    expect(await post({ documentId: idOf(HELLO), variables, operationName: "Hello" })).toMatchObject(
      ANSWERED,
    );
    expect(await post({ extensions: byHash(HELLO), variables })).toMatchObject(ANSWERED);
    expect(await get({ documentId: `sha256:${idOf(HELLO)}`, variables: text })).toMatchObject(ANSWERED);
    const extensions = JSON.stringify(byHash(HELLO));
    expect(await get({ extensions, variables: text })).toMatchObject(ANSWERED);
  });

  it("that is not listed is not found, in words that each kind of client understands", async () => {
    const { post, get, asked } = await serverWith(listed);
    const unknown = { status: 404, code: "PERSISTED_DOCUMENT_NOT_FOUND" };
    expect(await post({ documentId: `sha256:${idOf(OTHER)}` })).toMatchObject(unknown);
    expect(await get({ documentId: "Relay0123" })).toMatchObject(unknown);
    const apollo = { code: "PERSISTED_QUERY_NOT_FOUND", message: "PersistedQueryNotFound" };
    const question = { extensions: byHash(OTHER) };
    expect(await post(question)).toMatchObject({ status: 404, ...apollo });
    expect(await post(question, { "accept-language": "ar" })).toMatchObject(apollo);
    expect(await post(question, { accept: "application/json" })).toMatchObject({ status: 200, ...apollo });
    expect(asked).toEqual([]);
  });

  it("is refused by hash where there is none, so that Apollo's clients stop asking so", async () => {
    const { post } = await serverWith({});
    expect(await post({ extensions: byHash(HELLO) })).toMatchObject({
      code: "PERSISTED_QUERY_NOT_SUPPORTED",
      message: "PersistedQueryNotSupported",
    });
    expect((await post({ query: HELLO, extensions: byHash(HELLO) })).status).toBe(200);
    expect((await post({ extensions: byHash(HELLO) })).code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
  });

  it("is another from one list to the next, and gone with it", async () => {
    const { post, documents } = await serverWith(listed);
    const byId = { documentId: "greeting" };
    documents.replace([{ id: "greeting", text: HELLO }]);
    expect(await post(byId)).toMatchObject({ data: { hello: "hello you" } });
    documents.replace([{ id: "greeting", text: OTHER }]);
    expect(await post(byId)).toMatchObject({ data: { other: "hello you" } });
    documents.replace([]);
    expect(await post(byId)).toMatchObject({ status: 404 });
  });

  it("that does not fit the schema is told at the start, and nothing is served", async () => {
    const documents = new DocumentStore({
      documents: [
        { id: "good", text: HELLO },
        { id: "bad", text: "{ nothing }" },
        { id: "worse", text: "{" },
        { id: "later", text: "mutation { act }" },
      ],
    });
    const server = await serverFor(null, { documents });
    servers.push(server);
    await expect(server.serve(openGateway)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      detail: {
        problems: [
          'persisted document `bad`: Cannot query field "nothing" on type "Query".',
          expect.stringMatching(/^persisted document `worse`: Syntax Error/),
        ],
      },
    });
    expect((await fetch(`${server.root}/readyz`)).status).toBe(503);
  });
});

describe("a closed list", () => {
  it("answers its documents, by id, hash or word for word, and nothing else", async () => {
    const { post, get, asked } = await serverWith({ ...listed, only: true, automatic: true });
    const closed = { status: 403, code: "PERSISTED_DOCUMENT_REQUIRED" };
    expect(await post({ query: OTHER })).toMatchObject(closed);
    expect(await post({ query: `${HELLO} ` })).toMatchObject(closed);
    expect(await get({ query: OTHER })).toMatchObject(closed);
    expect(await post({ query: OTHER, extensions: byHash(OTHER) })).toMatchObject(closed);
    expect(await post({ extensions: byHash(OTHER) })).toMatchObject({ code: "PERSISTED_QUERY_NOT_FOUND" });
    expect(await post({ query: "{ __schema { types { name } } }" })).toMatchObject(closed);
    expect(asked).toEqual([]);
    for (const naming of [{ documentId: idOf(HELLO) }, { extensions: byHash(HELLO) }, { query: HELLO }])
      expect(await post({ ...naming, variables: { n: "Noor" } })).toMatchObject(ANSWERED);
  });
});

describe("an automatic persisted query", () => {
  const by = (reader: string) => ({ authorization: `Bearer ${reader}` });

  it("is registered by whoever asks it in full, and is theirs alone", async () => {
    const { post } = await serverWith({ automatic: true });
    const alone = { extensions: byHash(HELLO), variables: { n: "Noor" } };
    const unknown = { status: 404, code: "PERSISTED_QUERY_NOT_FOUND" };
    expect(await post(alone, by("one"))).toMatchObject(unknown);
    expect(await post({ ...alone, query: HELLO }, by("one"))).toMatchObject(ANSWERED);
    expect(await post(alone, by("one"))).toMatchObject(ANSWERED);
    expect(await post(alone, by("two"))).toMatchObject(unknown);
  });

  it("is not registered when it was refused, nor under a hash that is not its own", async () => {
    const { post, asked } = await serverWith({ automatic: true });
    const invalid = "{ nothing }";
    expect(await post({ query: invalid, extensions: byHash(invalid) })).toMatchObject({ status: 400 });
    expect((await post({ extensions: byHash(invalid) })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    asked.splice(0);
    expect(await post({ query: OTHER, extensions: byHash(HELLO) })).toMatchObject({
      status: 400,
      code: "BAD_REQUEST",
    });
    expect((await post({ extensions: byHash(HELLO) })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect(asked).toEqual([]);
  });

  it("is forgotten when many others were registered since", async () => {
    const store = new DocumentStore({ automatic: true });
    const naming = (query: string | null, text: string) => ({
      query,
      documentId: null,
      sha256Hash: idOf(text),
    });
    const register = (text: string) => store.register(naming(text, text), "");
    register(HELLO);
    expect(store.textOf(naming(null, HELLO), "")).toBe(HELLO);
    for (let i = 0; i < 1_000; i += 1) register(`{ a${i}: hello }`);
    expect(() => store.textOf(naming(null, HELLO), "")).toThrow("PersistedQueryNotFound");
    register(HELLO);
    for (let i = 0; i < 5; i += 1) register(`{ hello } #${String(i).repeat(1_048_576)}`);
    expect(() => store.textOf(naming(null, HELLO), "")).toThrow("PersistedQueryNotFound");
  });
});
