import { parse, Source } from "graphql";
import { describe, expect, it } from "vitest";
import { compose } from "../../src/supergraph/compose.ts";
import { compositionHints } from "../../src/supergraph/hints.ts";
import { describeSupergraphProblems, loadSchema } from "../../src/supergraph/load.ts";
import { SCHEMA_DIR, schemaCopy } from "./schema-copy.ts";

const HEADER = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])`;

/** Documents of subgraphs `a`, `b` …; the header is their first line. */
const documents = (...texts: readonly string[]) =>
  texts.map((text, at) => {
    const name = String.fromCharCode("a".charCodeAt(0) + at);
    return { name, complete: parse(new Source(`${HEADER}\n${text}`, `${name}.graphql`)) };
  });

describe("what the composer refuses", () => {
  it.each([
    [
      "where its own node is",
      ['type Query { user: User }\ntype User\n  @key(fields: "id shoe") { id: ID! }'],
      /^a\.graphql:4:3: composition: \[a\] On type "User", for @key\(fields: "id shoe"\)/,
    ],
    [
      "where the coordinate of its message is, in every document that it names",
      [
        'type Query { user: User }\ntype User @key(fields: "id") {\n  id: ID!\n  "Its name."\n  name: String\n}',
        'type User @key(fields: "id") {\n  id: ID! name: String\n}',
        'type User @key(fields: "id") { id: ID! }',
      ],
      /^a\.graphql:6:3: composition: Non-shareable field "User\.name" .* \(also b\.graphql:3:11\)$/,
    ],
    [
      "at an argument",
      [
        "type Query { users(first: Int): Int @shareable }",
        "type Query { users(first: String): Int @shareable }",
      ],
      /^a\.graphql:2:20: composition: .*"Query\.users\(first:\)".* \(also b\.graphql:2:20\)$/,
    ],
    [
      "where an interface is not kept, which the message names without quotes",
      ["type Query { a: Int }\ninterface I { a: Int }\ntype B implements I { b: Int }"],
      /^a\.graphql:3:15: composition: \[a\] Interface field I\.a expected but B does not provide it\.$/,
    ],
    [
      "where a union is empty",
      ["type Query { a: A }\nunion A"],
      /^a\.graphql:3:7: composition: \[a\] Union type A must define/,
    ],
    [
      "also when the composer gives up",
      ["scalar Query\ntype Query { a: Int }"],
      /^composition: Expected Query to be a/,
    ],
  ])("is told %s", (_, texts, problem) => {
    const { sdl, problems } = compose(documents(...texts));
    expect(sdl).toBeNull();
    expect(problems.join("\n")).toMatch(problem);
  });

  it("is told all at once", () => {
    const { problems } = compose(
      documents(
        'type Query { user: User }\ntype User @key(fields: "id") { id: ID! a: Int b: Int }',
        'type User @key(fields: "id") { id: ID! a: Int b: Int }',
      ),
    );
    expect(problems).toHaveLength(2);
  });

  it("is told without a place when nothing that it names is written anywhere", () => {
    const { problems } = compose(documents("type User { id: ID! }"));
    expect(problems).toEqual([expect.stringMatching(/^composition: /)]);
  });
});

describe("what composition changes without an error", () => {
  const hintsOf = (...texts: readonly string[]) => {
    const parts = documents(...texts);
    const { sdl, problems } = compose(parts);
    expect(problems).toEqual([]);
    return compositionHints(parts, parse(sdl ?? ""));
  };

  it("is an argument that not all declare", () => {
    expect(
      hintsOf(
        "type Query {\n  users(first: Int, sort: String): Int @shareable\n}",
        "type Query { users(first: Int): Int @shareable }",
      ),
    ).toEqual([
      "a.graphql:3:21: `Query.users(sort:)` is not in the supergraph, because `Query.users` is without it in b",
    ]);
  });

  it("is a field of an input, and a code of a list that is an input, that not all declare", () => {
    expect(
      hintsOf(
        "type Query { a(by: By): Int }\ninput By { name: String age: Int way: Way }\nenum Way { UP DOWN }",
        "type Query { b(by: By): Int }\ninput By { name: String way: Way }\nenum Way { UP }",
      ),
    ).toEqual([
      expect.stringMatching(
        /^a\.graphql:3:25: `By\.age` is not in the supergraph, because `\w+` is without it in b/,
      ),
      expect.stringMatching(
        /^a\.graphql:4:15: `Way\.DOWN` is not in the supergraph, because `\w+` is without it in b/,
      ),
    ]);
  });

  it("is a type that came out wider", () => {
    expect(
      hintsOf(
        "type Query { user: User }\ntype User @shareable { name: String! }",
        "type Query { other: User }\ntype User @shareable { name: String }",
      ),
    ).toEqual(["a.graphql:3:24: `User.name` is `String!` here and `String` in the supergraph"]);
  });

  it("is a description that lost to another", () => {
    const [hint, ...others] = hintsOf(
      'type Query { user: User }\n"A person." type User @shareable { name: String }',
      'type Query { other: User }\n"A client." type User @shareable { name: String }',
    );
    expect(others).toEqual([]);
    expect(hint).toMatch(/^b\.graphql:3:18: `User` is described otherwise in the supergraph/);
  });

  it("is nothing when all say the same", () => {
    expect(
      hintsOf(
        'type Query { user: User }\ntype User @key(fields: "id") { id: ID! name(first: Int): String }',
        'type User @key(fields: "id") { id: ID! age: Int }',
      ),
    ).toEqual([]);
  });

  it("is nothing in the schema that ships, and told of one that is changed", async () => {
    expect((await loadSchema(SCHEMA_DIR)).hints).toEqual([]);
    await using schema = await schemaCopy();
    await schema.replace(
      "crt.graphql",
      /"""[^"]*"""\n(\s*role: PartyRole)/,
      '"The role before the court."\n$1',
    );
    expect(await describeSupergraphProblems(schema.dir)).toEqual([]);
    const { hints } = await loadSchema(schema.dir);
    expect(hints.join("\n")).toMatch(/^\w+\.graphql:\d+:\d+: `Suspect\.role` is described otherwise/m);
  });
});
