import { describe, expect, it } from "vitest";
import { coerceVariables } from "../../src/operation/coerce.ts";
import { createCostOf } from "../../src/operation/cost.ts";
import { createPrepare } from "../../src/operation/prepare.ts";
import { plainSupergraph } from "../../src/supergraph/plain-supergraph.ts";

const LIMITS = { maxTokens: 2_000, maxDepth: 10, maxAliases: 30, maxSelections: 1_000 };

const SDL = `
  schema
    @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
    @link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@cost", as: "@price" }, "@listSize"])
  { query: Query }
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | SCALAR
  directive @join__field(graph: join__Graph) repeatable on FIELD_DEFINITION
  directive @link(url: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
  directive @price(weight: Int!) on FIELD_DEFINITION | OBJECT | ARGUMENT_DEFINITION | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
  scalar link__Import
  scalar join__FieldSet
  enum link__Purpose { SECURITY EXECUTION }
  enum join__Graph { A @join__graph(name: "a", url: "http://a.test") B @join__graph(name: "b", url: "http://b.test") }
  type Query @join__type(graph: A) @join__type(graph: B) {
    one: Item @join__field(graph: A)
    some: [Item!] @join__field(graph: A)
    many(first: Int = 20, last: Int): ItemConnection @join__field(graph: A)
    top(limit: Int): [Item] @join__field(graph: A) @listSize(assumedSize: 7, slicingArguments: ["limit"])
    three: [Item] @join__field(graph: A) @listSize(assumedSize: 3)
    search(text: String @price(weight: 40)): Item @join__field(graph: A)
    heavy: Int @join__field(graph: A) @price(weight: 9)
    free: Int @join__field(graph: A) @price(weight: -5)
    scan: Scan @join__field(graph: A)
  }
  type ItemConnection @join__type(graph: A) { edges: [Edge!]! total: Int }
  type Edge @join__type(graph: A) { node: Item! }
  type Item @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
    id: ID!
    name: String @join__field(graph: A)
    notes(first: Int): [Note!] @join__field(graph: B)
  }
  type Note @join__type(graph: B) { text: String }
  type Scan @join__type(graph: A) @price(weight: 25) { done: Boolean }
`;
const supergraph = plainSupergraph(SDL);
const prepare = createPrepare(supergraph.publicSchema, LIMITS, new Set());
const costOf = createCostOf({ supergraph, assumedListSize: 10, maxPageSize: 100 });

function cost(text: string, variables: Record<string, unknown> = {}) {
  const operation = prepare(text, undefined);
  const { values } = coerceVariables(supergraph.publicSchema, operation, variables);
  const { total, byAgency } = costOf(operation, values);
  return { total, ...Object.fromEntries(byAgency) };
}

describe("the cost of a document", () => {
  it.each<[string, string, Record<string, number>]>([
    ["counts every field once", "{ one { id name } }", { total: 3 }],
    ["counts what is below a list once for each row it may have", "{ some { id name } }", { total: 21 }],
    [
      "takes a connection's rows from `first`",
      "{ many(first: 5) { edges { node { id } } total } }",
      { total: 13 },
    ],
    ["takes the default when it is left out", "{ many { edges { node { id } } } }", { total: 42 }],
    [
      "takes the greater of `first` and `last`",
      "{ many(first: 2, last: 6) { edges { node { id } } } }",
      { total: 14 },
    ],
    ["multiplies lists in lists", "{ some { notes(first: 3) { text } } }", { total: 1 + 10 + 30 }],
    [
      "takes no page to be larger than a page may be",
      "{ many(first: 2147483647) { edges { node { id } } } }",
      { total: 202 },
    ],
    [
      "takes nobody's money for less than nothing",
      "{ many(first: -9) { edges { node { id } } } }",
      { total: 2 },
    ],
    [
      "assumes a size where an argument is null",
      "{ some { notes(first: null) { text } } }",
      { total: 1 + 10 + 100 },
    ],
    ["takes `@listSize` by its argument", "{ top(limit: 4) { id } }", { total: 5 }],
    ["and by what it assumes", "{ top { id } three { id } }", { total: 2 + 7 + 3 }],
    ["takes `@cost` of a field, under another name too", "{ heavy }", { total: 9 }],
    [
      "of an argument that is given",
      '{ a: search(text: "x") { id } b: search { id } }',
      { total: 41 + 1 + 2 },
    ],
    ["of a type", "{ scan { done } }", { total: 26 }],
    ["pays nobody", "{ free }", { total: 0 }],
    [
      "writes fragments out",
      "{ one { ...A } b: one { ...A } } fragment A on Item { id ... { name } }",
      { total: 6 },
    ],
    ["takes what is skipped to be shown", "{ some @skip(if: true) { id } }", { total: 11 }],
    ["counts introspection once", "{ __schema { types { fields { name } } } __typename }", { total: 2 }],
  ])("%s", (_, text, expected) => {
    expect(cost(text)).toMatchObject(expected);
  });

  it("reads variables, and their defaults", () => {
    const text = "query($n: Int = 3) { many(first: $n) { edges { node { id } } } }";
    expect(cost(text).total).toBe(8);
    expect(cost(text, { n: 50 }).total).toBe(102);
    expect(cost(text, { n: null }).total).toBe(22);
    expect(cost("query($n: Int) { many(first: $n) { edges { node { id } } } }").total).toBe(42);
  });

  it("is told of each agency that serves the fields", () => {
    expect(cost("{ many(first: 3) { edges { node { id notes(first: 2) { text } } } } __typename }")).toEqual({
      total: 1 + 1 + 1 + 3 + 3 + 3 + 6,
      a: 1 + 1 + 3 + 3,
      b: 3 + 6,
    });
  });
});
