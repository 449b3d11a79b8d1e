/** Interfaces, unions, roots and directives of a schema of which parts are left out. */
import { buildSchema, parse, printSchema, validateSchema } from "graphql";
import { expect, it } from "vitest";
import { restrictSchema } from "../../src/view/restrict-schema.ts";

const SDL = `
schema { query: Root mutation: Change }
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
type Root { one: Named two(by: Order = B, where: Where): Pair three: Other }
type Change { change: Pair }
interface Named { name: String secret: String }
type Paper implements Named { name: String secret: String }
type Book implements Named { name: String secret: String pages: Int }
type Other { x: Int }
union Pair = Paper | Book | Other
enum Order { A B }
input Where { a: Int b: Int }`;

const restricted = (names: string) => {
  const schema = restrictSchema(parse(SDL), new Set(names.split(" ")));
  expect(validateSchema(schema)).toEqual([]);
  expect(printSchema(buildSchema(printSchema(schema)))).toBe(printSchema(schema));
  return printSchema(schema);
};

it("keeps what is named, and the roots that are left", () => {
  const text = restricted(
    "Root Root.two Root.two(by:) Root.two(where:) Pair Paper Paper.name Order Order.B Where Where.a",
  );
  expect(text).toContain("schema {\n  query: Root\n}");
  expect(text).toContain("two(by: Order = B, where: Where): Pair");
  expect(text).toContain("union Pair = Paper\n");
  expect(text).toContain("enum Order {\n  B\n}");
  expect(text).toContain("input Where {\n  a: Int\n}");
  expect(text).not.toMatch(/Change|Book|Other|secret|Named/);
});

it("leaves an interface the fields that some type has, to the types that have them all", () => {
  const both = restricted("Root Root.one Named Paper Paper.name Book Book.name Book.pages");
  expect(both).toContain("interface Named {\n  name: String\n}");
  expect(both).toContain("type Paper implements Named");
  const one = restricted("Root Root.one Named Paper Paper.name Book Book.name Book.secret");
  expect(one).toContain("interface Named {\n  name: String\n  secret: String\n}");
  expect(one).toContain("type Paper {");
  expect(one).toContain("type Book implements Named");
});
