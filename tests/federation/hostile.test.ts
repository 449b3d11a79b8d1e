/** Names, values and documents that are meant to break a gateway: aliases over keys, `__proto__`. Documents that are too big: A18. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SubgraphReply } from "../../src/execute/backend.ts";
import { byKey, type Federation, type Representation, startFederation } from "../support/federation.ts";

const CASES = [
  { id: "c1", reference: "TIP-1", bed: "b1", json: { a: 1 } },
  { id: "c2", reference: "TIP-2", bed: "b2", json: null },
];

const PARTS = {
  ledger: {
    sdl: `
      scalar Json
      type Query { cases: [Case!] echo(value: Json): Json }
      interface Filed { reference: String }
      type Case implements Filed @key(fields: "id") { id: ID! reference: String json: Json }`,
    query: { cases: CASES, echo: ({ value }: { readonly value: unknown }) => value },
    entities: { Case: byKey(CASES, "id") },
  },
  shelter: {
    sdl: `
      type Case @key(fields: "id") { id: ID! bed: String reference: String @external label: String @requires(fields: "reference") }`,
    entities: {
      Case: ({ id, reference }: Representation) => ({
        ...CASES.find((one) => one.id === id),
        reference,
        label: `label of ${reference}`,
      }),
    },
  },
};

const polluted = () => Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).length;

describe("hostile names", () => {
  let federation: Federation;
  const before = polluted();
  beforeAll(async () => {
    federation = await startFederation(PARTS);
  });
  afterAll(() => federation.close());

  const sent = (asked: Awaited<ReturnType<Federation["ask"]>>["asked"]): unknown =>
    asked.flatMap(({ variables }) => Object.values(variables)).flat();

  it("never stand for a key", async () => {
    const { data, asked } = await federation.ask("{ cases { id: reference bed } }");
    expect(data).toEqual({
      cases: [
        { id: "TIP-1", bed: "b1" },
        { id: "TIP-2", bed: "b2" },
      ],
    });
    expect(sent(asked)).toEqual([
      { __typename: "Case", id: "c1" },
      { __typename: "Case", id: "c2" },
    ]);
  });

  it("never stand for a type's name", async () => {
    const { text, asked } = await federation.ask("{ cases { __typename: reference bed } }");
    expect(text).toBe(
      '{"data":{"cases":[{"__typename":"TIP-1","bed":"b1"},{"__typename":"TIP-2","bed":"b2"}]}}',
    );
    expect(sent(asked)).toContainEqual({ __typename: "Case", id: "c1" });
  });

  it("never stand for what a field requires", async () => {
    const { data, asked } = await federation.ask("{ cases { reference: id label } }");
    expect(data).toMatchObject({
      cases: [{ reference: "c1", label: "label of TIP-1" }, { reference: "c2" }],
    });
    expect(sent(asked)).toContainEqual({ __typename: "Case", id: "c1", reference: "TIP-1" });
  });

  it.each([
    "_a0",
    "_0",
    "_v0",
    "_p_access",
    "_p_own",
    "_entities",
    "representations",
    "r0",
    "e0",
    "data",
    "errors",
  ])("collide with no name of ours: %s", async (name) => {
    const query = `query($${name}: Json, $other: Json) { one: echo(value: $other) ${name}: echo(value: $${name})
        cases { ${name}: bed other: reference label } }`;
    const { data, errors } = await federation.ask({ query, variables: { [name]: "x", other: "y" } });
    expect({ data, errors }).toEqual({
      data: {
        one: "y",
        [name]: "x",
        cases: [
          { [name]: "b1", other: "TIP-1", label: "label of TIP-1" },
          { [name]: "b2", other: "TIP-2", label: "label of TIP-2" },
        ],
      },
      errors: [],
    });
  });

  it.each([
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "then",
    "length",
  ])("are ordinary response keys: %s", async (name) => {
    const { text, errors } = await federation.ask(`{ ${name}: cases { ${name}: bed a: reference } }`);
    expect(errors).toEqual([]);
    expect(text).toBe(`{"data":{"${name}":[{"${name}":"b1","a":"TIP-1"},{"${name}":"b2","a":"TIP-2"}]}}`);
    expect(polluted()).toBe(before);
  });

  it("reach no prototype from variables", async () => {
    const variables = JSON.parse(
      '{"__proto__": {"x": 1}, "v": {"__proto__": {"x": 1}, "constructor": {"x": 2}}}',
    );
    const { errors } = await federation.ask({ query: "query($v: Json) { echo(value: $v) }", variables });
    expect(errors).toEqual([]);
    expect([polluted(), ({} as Record<string, unknown>)["x"]]).toEqual([before, undefined]);
  });

  it("reach no prototype as a variable's own name", async () => {
    const variables = JSON.parse('{"__proto__": {"x": 1}}');
    const query = "query($__proto__: Json) { echo(value: $__proto__) cases { bed } }";
    const { data } = await federation.ask({ query, variables });
    expect(data).toMatchObject({ cases: [{ bed: "b1" }, { bed: "b2" }] });
    expect([polluted(), ({} as Record<string, unknown>)["x"]]).toEqual([before, undefined]);
  });

  it("reach no prototype from an agency's answer", async () => {
    const row =
      '{"__typename": "Case", "bed": "b", "__proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}}';
    federation.intercept("shelter", async ({ variables }) => {
      const count = Object.values(variables).flat().length;
      const rows = Array(count).fill(row).join();
      return {
        errors: [],
        data: JSON.parse(`{"_entities": [${rows}], "e0": [${rows}], "__proto__": {"x": 1}}`),
      };
    });
    const { data } = await federation.ask("{ cases { bed id } }");
    federation.intercept("shelter", null);
    expect(data).toMatchObject({ cases: [{ id: "c1" }, { id: "c2" }] });
    expect([polluted(), ({} as Record<string, unknown>)["x"]]).toEqual([before, undefined]);
  });

  it("change no scalar that looks like a row", async () => {
    const value = JSON.parse(
      '{"__typename": "Case", "id": "c2", "_entities": [{"__typename": "Case"}], "constructor": [[]], "toString": null}',
    );
    const { data } = await federation.ask({
      query: "query($v: Json) { echo(value: $v) again: echo(value: [[$v]]) cases { json bed } }",
      variables: { v: value },
    });
    expect(data).toEqual({
      echo: value,
      again: [[value]],
      cases: [
        { json: { a: 1 }, bed: "b1" },
        { json: null, bed: "b2" },
      ],
    });
  });
});

describe("hostile answers", () => {
  let federation: Federation;
  beforeAll(async () => {
    federation = await startFederation(PARTS);
  });
  afterAll(() => federation.close());

  const BAD: readonly (readonly [string, unknown])[] = [
    ["a row where a list belongs", { __typename: "Case", bed: "x" }],
    ["too few rows", [{ __typename: "Case", bed: "x" }]],
    ["more rows than asked for", Array(5).fill({ __typename: "Case", bed: "x" })],
    ["texts where rows belong", ["x", "y"]],
    ["lists where rows belong", [[{ bed: "x" }], [[]]]],
    ["a number", 7],
    ["nothing", undefined],
  ];

  it.each(BAD)("keep the other agency's data: %s", async (_, rows) => {
    federation.intercept("shelter", async (): Promise<SubgraphReply> => {
      return { data: { _entities: rows, e0: rows, _e0: rows }, errors: [] };
    });
    const { data } = await federation.ask("{ cases { reference bed } }");
    federation.intercept("shelter", null);
    const cases = (data as { cases: { reference: string; bed: unknown }[] }).cases;
    expect(cases.map(({ reference }) => reference)).toEqual(["TIP-1", "TIP-2"]);
    for (const { bed } of cases) expect(["x", null]).toContain(bed);
  });
});
