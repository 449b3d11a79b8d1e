/**
 * A18: a short document that is large when its fragments are written out (676 bytes, 1.4 MB) is refused by its text, before it is
 * validated, planned or asked; one of the same shape within bounds is answered. How long the refusal takes: `npm run bench`.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOfAsync } from "../support/errors.ts";
import { byKey, type Federation, startFederation } from "../support/federation.ts";

const CASES = [
  { id: "c1", bed: "b1" },
  { id: "c2", bed: "b2" },
];

describe("documents that are too big", () => {
  let federation: Federation;
  beforeAll(async () => {
    federation = await startFederation({
      ledger: {
        sdl: `
          type Query { cases: [Case!] }
          interface Filed { id: ID! }
          type Case implements Filed @key(fields: "id") { id: ID! }`,
        query: { cases: CASES },
        entities: { Case: byKey(CASES, "id") },
      },
      shelter: {
        sdl: `type Case @key(fields: "id") { id: ID! bed: String }`,
        entities: { Case: byKey(CASES, "id") },
      },
    });
  });
  afterAll(() => federation.close());

  /** Every fragment spreads the next one twice. */
  const bomb = (levels: number): string =>
    Array.from({ length: levels }, (_, i) => `fragment F${i} on Case { ...F${i + 1} ...F${i + 1} }`).join(
      " ",
    );
  const nested = (levels: number): string =>
    `${"... on Filed { ... on Case { ".repeat(levels)}id${" } }".repeat(levels)}`;

  const REFUSED: readonly (readonly [string, string, string])[] = [
    ["2^30 spreads", `{ cases { ...F0 } } ${bomb(30)} fragment F30 on Case { id bed }`, "LIMIT_EXCEEDED"],
    ["2^1000 spreads", `{ cases { ...F0 } } ${bomb(1000)} fragment F1000 on Case { id }`, "LIMIT_EXCEEDED"],
    [
      "a circle of fragments",
      "{ cases { ...A } } fragment A on Case { ...B } fragment B on Case { ...A }",
      "GRAPHQL_VALIDATION_FAILED",
    ],
    [
      "a fragment of itself",
      "{ cases { ...A } } fragment A on Case { id ...A }",
      "GRAPHQL_VALIDATION_FAILED",
    ],
    [
      "too many aliases",
      `{ cases { ${Array.from({ length: 1_100 }, (_, i) => `a${i}: id`).join(" ")} } }`,
      "LIMIT_EXCEEDED",
    ],
    ["too many tokens", `{ cases { ${"id ".repeat(20_000)} } }`, "LIMIT_EXCEEDED"],
    ["inline fragments in each other", `{ cases { ${nested(3_000)} } }`, "LIMIT_EXCEEDED"],
  ];

  it.each(REFUSED)("are refused, before anybody plans or asks: %s", async (_, query, code) => {
    const before = federation.asked.length;
    expect(await codeOfAsync(() => federation.ask(query))).toBe(code);
    expect(federation.asked.length).toBe(before);
  });

  it("are so little work that others hardly wait", async () => {
    const [, query] = REFUSED[1] ?? ["", ""];
    const bombs = Promise.all(Array.from({ length: 200 }, () => codeOfAsync(() => federation.ask(query))));
    const { data } = await federation.ask("{ cases { id } }");
    expect(data).toEqual({ cases: [{ id: "c1" }, { id: "c2" }] });
    expect(new Set(await bombs)).toEqual(new Set(["LIMIT_EXCEEDED"]));
  });

  it("do not keep a document of the same shape within bounds from being answered", async () => {
    const { data } = await federation.ask(`{ cases { ...F0 } } ${bomb(6)} fragment F6 on Case { id bed }`);
    expect(data).toEqual({
      cases: [
        { id: "c1", bed: "b1" },
        { id: "c2", bed: "b2" },
      ],
    });
  });
});
