import { getIntrospectionQuery, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { checkBounds } from "../../src/operation/bounds.ts";

const LIMITS = { maxTokens: 2_000, maxDepth: 4, maxAliases: 3, maxSelections: 20 };

const refusedFor = (text: string): unknown => {
  try {
    checkBounds(parse(text), LIMITS);
    return null;
  } catch (error) {
    return error instanceof GatewayError ? error.detail.params?.["limit"] : error;
  }
};

describe("bounds of a document", () => {
  it.each([
    ["lets a document at the limits pass", "{ a { b { c { d } } } }", null],
    ["counts nesting through fragments", "{ a { ...A } } fragment A on T { b { c { d { e } } } }", "depth"],
    ["counts `__typename` as an alias", "{ x: a y: a __typename z: a }", "aliases"],
    [
      "counts aliases in each spread",
      "{ ...A b { ...A } c { ...A } d { ...A } } fragment A on T { x: a }",
      "aliases",
    ],
    ["counts fields of unused fragments", `{ a } fragment A on T { ${"f ".repeat(21)} }`, "selections"],
    [
      "counts deferred fragments in each spread",
      `{ ${Array.from({ length: 9 }, () => "...A").join(" ")} } fragment A on T { ${"...@defer{a} ".repeat(6)} }`,
      "selections",
    ],
    [
      "counts deferred fragments, those that hold deferred ones included",
      `{ ...@defer{...@defer{a}} ...A } fragment A on T { ...B @defer } fragment B on T { a }`,
      null,
    ],
    ["lets introspection nest further", "{ a __schema { b { c { d { e { f } } } } } }", null],
    [
      "lets fragments of introspection nest further",
      "{ __schema { ...S } } fragment S on __Schema { a { b { c { d { e } } } } }",
      null,
    ],
    ["bounds introspection too", `{ __type(name: "T") ${"{ a ".repeat(21)}${"}".repeat(21)} }`, "depth"],
    [
      "counts no other field for introspection",
      "{ __schema { a } b { ...S } } fragment S on T { a { b { c { d } } } }",
      "depth",
    ],
    ["leaves a cycle to validation", "{ ...A } fragment A on T { a ...B } fragment B on T { ...A }", null],
  ])("%s", (_title, text, limit) => {
    expect(refusedFor(text)).toBe(limit);
  });

  it("lets the question of every tool pass at the bounds that ship, and no deeper one", () => {
    const shipped = { ...LIMITS, maxDepth: 10, maxAliases: 30, maxSelections: 1_000 };
    expect(() =>
      checkBounds(parse(getIntrospectionQuery({ inputValueDeprecation: true })), shipped),
    ).not.toThrow();
    const deep = `{ __schema { types ${"{ ofType ".repeat(20)}{ name }${"}".repeat(20)} } }`;
    expect(() => checkBounds(parse(deep), shipped)).toThrow("`depth`");
  });

  it("refuses a fragment bomb by its expanded size, at the cost of its text", () => {
    const bomb = Array.from({ length: 60 }, (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} a }`);
    expect(refusedFor(`{ ...F0 } ${bomb.join(" ")} fragment F60 on T { a }`)).toBe("selections");
  });
});
