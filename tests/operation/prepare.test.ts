import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import type { ErrorCode, GatewayError } from "../../src/kernel/errors.ts";
import { coerceVariables } from "../../src/operation/coerce.ts";
import { createPrepare } from "../../src/operation/prepare.ts";
import { codeOf } from "../support/errors.ts";

const schema = buildSchema(
  "type Query { case(id: ID, n: String): Case, later: Int } type Case { a: Int b(x: Int): Int } type Mutation { m: Int }",
);
const limits = { maxTokens: 60, maxDepth: 10, maxAliases: 30, maxSelections: 500 };
const prepare = createPrepare(schema, limits, new Set(["later", "mutation"]));

describe("prepare", () => {
  it.each<[string, ErrorCode, string | undefined]>([
    ["{ case {", "GRAPHQL_PARSE_FAILED", undefined],
    ["{ case { nothing } }", "GRAPHQL_VALIDATION_FAILED", undefined],
    ["{ ...F } fragment F on Query { case { a } ...F }", "GRAPHQL_VALIDATION_FAILED", undefined],
    [`{ ${"case { a } ".repeat(20)} }`, "LIMIT_EXCEEDED", undefined],
    ["query A { case { a } } query B { case { a } }", "BAD_USER_INPUT", undefined],
    ["query A { case { a } }", "BAD_USER_INPUT", "B"],
    [
      "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
      "GRAPHQL_VALIDATION_FAILED",
      undefined,
    ],
    ["mutation { m }", "NOT_IMPLEMENTED", undefined],
    ["{ later }", "NOT_IMPLEMENTED", undefined],
  ])("refuses %j with %s", (text, code, name) => {
    expect(codeOf(() => prepare(text, name))).toBe(code);
  });

  it("serves those of an unserved kind that are named, alone and not beside others, in fragments too", () => {
    const both = buildSchema("type Query { q: Int } type Mutation { m: Int own: Int }");
    const some = createPrepare(both, limits, new Set(["mutation"]), new Set(["own"]));
    const refused = (text: string) => codeOf(() => some(text, undefined));
    for (const text of [
      "mutation { m }",
      "mutation { own m }",
      "mutation { own ...F } fragment F on Mutation { m }",
      "mutation { own ... on Mutation { ...F } } fragment F on Mutation { alias: m }",
      "mutation { __typename }",
    ])
      expect([text, refused(text)]).toEqual([text, "NOT_IMPLEMENTED"]);
    for (const text of [
      "mutation { own }",
      "mutation { m: own __typename }",
      "mutation { ...F } fragment F on Mutation { own }",
      "{ q }",
    ])
      expect(some(text, undefined).definition.operation).toBe(text === "{ q }" ? "query" : "mutation");
  });

  it("finds what is not served in fragments too", () => {
    expect(codeOf(() => prepare("{ ...F } fragment F on Query { later }", undefined))).toBe(
      "NOT_IMPLEMENTED",
    );
  });

  it("tells a reader of what is wrong in terms of a view, and of what is valid nothing", () => {
    const view = () => buildSchema("type Query { case(id: ID): Case } type Case { a: Int }");
    const problem = (text: string) => {
      try {
        prepare(text, undefined, view);
        return null;
      } catch (error) {
        return (error as GatewayError).message;
      }
    };
    expect(problem("{ case { bb } }")).toBe('Cannot query field "bb" on type "Case".');
    expect(problem("{ case { b a(x: 1) } }")).toBe(
      'Cannot query field "b" on type "Case". Did you mean "a"?',
    );
    expect(problem("{ case { aa } }")).toBe('Cannot query field "aa" on type "Case". Did you mean "a"?');
    expect(problem("{ case { b } }")).toBeNull();
    // Valid for the view alone: told without a suggestion of what is outside of it.
    const wider = () => buildSchema("type Query { case: Case } type Case { bx: Int }");
    expect(() => prepare("{ case { bx } }", undefined, wider)).toThrow(
      expect.objectContaining({ message: 'Cannot query field "bx" on type "Case".' }),
    );
  });

  it("gives the same object for the same text, and one hash whatever the literals", () => {
    const first = prepare('{ case(n: "a person") { a b(x: 1) } }', undefined);
    expect(prepare('{ case(n: "a person") { a b(x: 1) } }', undefined)).toBe(first);
    expect(prepare('{ case(n: "another") { a b(x: 2) } }', undefined).hash).toBe(first.hash);
    expect(prepare("{ case { a } }", undefined).hash).not.toBe(first.hash);
  });

  it("keeps texts up to a size together: comments and blanks are no tokens", () => {
    const text = (n: number) => `{ case { a } } #${String(n % 10).repeat(1_048_576)}`;
    const [early, late] = [prepare(text(0), undefined), prepare("{ case { b } }", undefined)];
    expect(prepare(text(0), undefined)).toBe(early);
    for (let n = 1; n < 9; n += 1) prepare(text(n), undefined);
    expect(prepare("{ case { b } }", undefined)).toBe(late);
    expect(prepare(text(0), undefined)).toBe(early);
    for (let n = 1; n < 20; n += 1) prepare(`${text(n)}${n}`, undefined);
    expect(prepare(text(0), undefined)).not.toBe(early);
  });

  it("reads conditions off the variables and names a wrong variable without its value", () => {
    const operation = prepare(
      "query($s: Boolean!, $t: Boolean = true) { case { a @skip(if: $s) b @include(if: $t) } }",
      undefined,
    );
    expect(coerceVariables(schema, operation, { s: false }).conditions).toBe("01");
    const wrong = (): unknown => coerceVariables(schema, operation, { s: "secret-value" });
    expect(codeOf(wrong)).toBe("BAD_USER_INPUT");
    expect(wrong).toThrow(/`\$s`/);
    expect(wrong).not.toThrow(/secret-value/);
  });
});
