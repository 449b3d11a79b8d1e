import { parse } from "graphql";
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
    ["leaves a cycle to validation", "{ ...A } fragment A on T { a ...B } fragment B on T { ...A }", null],
  ])("%s", (_title, text, limit) => {
    expect(refusedFor(text)).toBe(limit);
  });

  it("refuses a fragment bomb by its expanded size, at the cost of its text", () => {
    const bomb = Array.from({ length: 60 }, (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} a }`);
    expect(refusedFor(`{ ...F0 } ${bomb.join(" ")} fragment F60 on T { a }`)).toBe("selections");
  });
});
