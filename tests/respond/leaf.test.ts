import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { MissingValues } from "../../src/execute/missing.ts";
import { leafWriter } from "../../src/respond/leaf.ts";
import { Troubles } from "../../src/respond/sheet.ts";

const schema = buildSchema(
  "scalar Date enum E { A } type Query { i: Int f: Float b: Boolean s: String id: ID e: E d: Date n: Int! l: [Int!] m: [[E]]! }",
);
const fields = schema.getQueryType()?.getFields() ?? {};

describe("leaves", () => {
  it.each([
    ["i", 5, "5", 0],
    ["i", 2_147_483_648, "null", 1],
    ["i", "5", "null", 1],
    ["f", 1.5, "1.5", 0],
    ["f", Number.NaN, "null", 1],
    ["b", "true", "null", 1],
    ["s", 'a"\u2028', JSON.stringify('a"\u2028'), 0],
    ["id", 7, '"7"', 0],
    ["e", "A", '"A"', 0],
    ["e", "B", "null", 1],
    ["d", "2025-01-01", '"2025-01-01"', 0],
    ["n", null, undefined, 1],
    ["n", "x", undefined, 1],
    ["l", [1, 2], "[1,2]", 0],
    ["l", [1, null], "null", 1],
    ["m", [["A", null], null], '[["A",null],null]', 0],
    ["m", undefined, undefined, 1],
  ])("%s of %j is %j", (name, value, text, bad) => {
    const troubles = new Troubles(new MissingValues());
    const field = fields[name];
    expect(field && leafWriter(field.type)(value, troubles)).toBe(text);
    expect(troubles.count).toBe(bad);
  });
});
