/** The part of an operation that leads to one field, and what a link holds of it. */
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { checkLength, digestOf, readLink, writeLink } from "../../src/files/file-link.ts";
import { narrow } from "../../src/files/narrow.ts";
import type { Coordinate } from "../../src/kernel/brands.ts";
import { FILE_LINK_MS } from "../../src/kernel/limits.ts";
import { createPrepare } from "../../src/operation/prepare.ts";

const schema = buildSchema(`
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { case(id: ID, n: Int): Case cases(first: Int): [Thing] }
  union Thing = Case | Person
  type Case { id: ID statements(of: String): [Statement] person: Person }
  type Statement { text: String file: String }
  type Person { name: String file: String }`);
const prepare = createPrepare(
  schema,
  { maxTokens: 1_000, maxDepth: 10, maxAliases: 30, maxSelections: 500 },
  new Set(),
);

const narrowed = (text: string, ...path: readonly string[]) => {
  const { query, variables } = narrow(prepare(text, undefined), path);
  // What is narrowed is an operation that the gateway takes.
  prepare(query, undefined);
  return { query, variables: [...variables] };
};

describe("an operation narrowed to a field", () => {
  it("loses what does not lead there, its name and the variables that it does not use", () => {
    expect(
      narrowed(
        "query Q($id: ID, $n: Int, $of: String) { case(id: $id) { id statements(of: $of) { text file } } cases(first: $n) { __typename } }",
        ...["case", "statements", "file"],
      ),
    ).toEqual({
      query: "query($id:ID$of:String){case(id:$id){statements(of:$of){file}}}",
      variables: ["id", "of"],
    });
  });

  it("goes by the names that the client gave, and by one of two", () => {
    expect(
      narrowed(
        "{ a: case(n: 1) { s: statements { f: file } } b: case(n: 2) { s: statements { f: file } } }",
        "b",
        "s",
        "f",
      ).query,
    ).toBe("{b:case(n:2){s:statements{f:file}}}");
  });

  it("has its fragments written out, with their conditions, and nothing deferred", () => {
    expect(
      narrowed(
        `query($yes: Boolean!) { cases { ...c @include(if: $yes) ... on Person @defer(label: "p") { name file } } }
         fragment c on Case { ...s @defer id } fragment s on Case { person @skip(if: false) { file } }`,
        ...["cases", "file"],
      ).query,
    ).toBe("{cases{...on Person{file}}}");
    expect(
      narrowed(
        `query($yes: Boolean!) { cases { ...c @include(if: $yes) } }
         fragment c on Case { ...s @defer id } fragment s on Case { person @skip(if: false) { file } }`,
        ...["cases", "person", "file"],
      ),
    ).toEqual({
      query:
        "query($yes:Boolean!){cases{...on Case@include(if:$yes){...on Case{person@skip(if:false){file}}}}}",
      variables: ["yes"],
    });
  });

  it("keeps every way that has the same names", () => {
    expect(
      narrowed(
        "{ case { statements { file } } case { id statements { text f: file } } case { statements { file } } }",
        "case",
        "statements",
        "file",
      ).query,
    ).toBe("{case{statements{file}}case{statements{file}}}");
  });
});

describe("a link", () => {
  const question = { query: "{a}", variables: { id: "x" } };
  const digest = digestOf({ coordinate: "A.b" as Coordinate, reference: "secret-ref" });

  it("says its question, for 60 seconds, and holds no reference", () => {
    const text = writeLink(question, digest, 1_000);
    expect(text).not.toContain("secret-ref");
    expect(readLink(text, 1_000 + FILE_LINK_MS - 1)).toMatchObject({ ...question, digest });
    expect(readLink(text, 1_000 + FILE_LINK_MS)).toBeNull();
    expect(FILE_LINK_MS).toBe(60_000);
  });

  it("is never equal to another", () => {
    expect(writeLink(question, digest, 0)).not.toBe(writeLink(question, digest, 0));
  });

  it("tells fields and references apart", () => {
    const other = (coordinate: string, reference: string) =>
      digestOf({ coordinate: coordinate as Coordinate, reference });
    expect(
      new Set([digest, other("A.c", "secret-ref"), other("A.b", "secret-re"), other("A.bs", "ecret-ref")])
        .size,
    ).toBe(4);
  });

  it("is refused before anything is asked when its question is too long to be sealed", () => {
    const of = (characters: number) => ({ query: "{a}", variables: { id: "ي".repeat(characters) } });
    expect(() => checkLength(of(1_900))).not.toThrow();
    expect(() => checkLength(of(2_050))).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
  });
});
