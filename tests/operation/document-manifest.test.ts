import { hash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GatewayError } from "../../src/kernel/errors.ts";
import { readDocuments } from "../../src/operation/document-manifest.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ihala-documents-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const idOf = (text: string) => hash("sha256", text);
const [A, B] = ["query A { a }", "query B { b }"];
const apollo = (operations: unknown, more: object = {}) =>
  JSON.stringify({ format: "apollo-persisted-query-manifest", version: 1, operations, ...more });

async function fileWith(text: string, name = "manifest.json"): Promise<string> {
  const file = join(await mkdtemp(join(folder, "one-")), name);
  await writeFile(file, text);
  return file;
}

const problemsOf = (path: string): Promise<readonly string[]> =>
  readDocuments(path).then(
    () => expect.fail("the documents were accepted"),
    ({ code, detail }: GatewayError) => {
      expect(code).toBe("CONFIG_INVALID");
      return (detail.problems ?? []).map((problem) => problem.replace(/^server\.persistedDocuments: /, ""));
    },
  );

describe("persisted documents are read", () => {
  it("from Apollo's manifest", async () => {
    const operations = [
      { id: idOf(A), body: A, name: "A", type: "query" },
      { id: idOf(A), body: A, name: "A", type: "query", clientName: "web" },
      { id: "x-app:b", body: B, name: "B", type: "query" },
    ];
    expect(await readDocuments(await fileWith(apollo(operations)))).toEqual([
      { id: idOf(A), text: A },
      { id: "x-app:b", text: B },
    ]);
  });

  it("from a mapping of ids to documents", async () => {
    const map = { [idOf(A)]: A, [`sha256:${idOf(B)}`]: B, "4f3c1d0a": B };
    expect(await readDocuments(await fileWith(JSON.stringify(map)))).toHaveLength(3);
  });

  it("from a folder of both and of documents alone", async () => {
    const place = join(folder, "several");
    await mkdir(place);
    await writeFile(join(place, "a.json"), apollo([{ id: idOf(A), body: A }]));
    await writeFile(join(place, "b.graphql"), B);
    await writeFile(join(place, "README.md"), "not read");
    expect(await readDocuments(place)).toEqual([
      { id: idOf(A), text: A },
      { id: `sha256:${idOf(B)}`, text: B },
    ]);
  });
});

describe("persisted documents are refused", () => {
  it("with every problem at once", async () => {
    const operations = [
      { id: idOf(B), body: A },
      { id: "", body: A },
      { id: "n", body: "  " },
      { id: "md5:0", body: A },
      { id: "twice", body: A },
      { id: "twice", body: B },
      7,
    ];
    expect(await problemsOf(await fileWith(apollo(operations)))).toEqual([
      `\`manifest.json\`: \`${idOf(B)}\` is not its document's SHA-256`,
      "`manifest.json`: an operation has no `id`",
      "`manifest.json`: `n` has no document",
      "`manifest.json`: `md5:0` has a reserved prefix: use `sha256:`, `x-…:` or none",
      "`manifest.json`: an operation has no `id`",
      "`twice` names two documents",
    ]);
  });

  it.each([
    ["broken JSON", "{", "is no JSON object"],
    ["a list", "[]", "is no JSON object"],
    ["another format", '{"format":"other","version":1,"operations":[]}', "`format` is not"],
    ["another version", apollo([], { version: 2 }), "version 1"],
    ["no list of operations", apollo({}), "`operations` is no list"],
    ["a document that is no text", '{"a":{"name":"A"}}', "`a` has no document"],
  ])("when the manifest is %s", async (_, text, problem) => {
    const problems = await problemsOf(await fileWith(text));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it("when there is nothing, or nothing to read", async () => {
    expect((await problemsOf(join(folder, "nowhere")))[0]).toMatch(/cannot be read$/);
    const empty = join(folder, "empty");
    await mkdir(empty);
    expect((await problemsOf(empty))[0]).toMatch(/holds no `\.json` and no `\.graphql` file$/);
  });
});
