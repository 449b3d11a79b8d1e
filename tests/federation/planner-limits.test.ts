/**
 * What the planner (`@graphql-hive/router-query-planner` 0.0.38) cannot plan, in the smallest schemas that show it. Each is refused: a plan
 * that asks for less than is wanted, or more than a subgraph answers, is never run. The differential test counts them.
 */
import { afterEach, describe, expect, it } from "vitest";
import { byKey, type Double, type Federation, startFederation } from "../support/federation.ts";

interface Limit {
  readonly it: string;
  readonly doubles: Readonly<Record<string, Double>>;
  readonly query: string;
  readonly data: unknown;
}

const E = { __typename: "E", id: "1", a: 1, b: 2, x: 3, r: "r", f: 4 };
const V = { es: [{ ...E, f: { v: 5, es: [] } }], v: 6 };

const LIMITS: readonly Limit[] = [
  {
    it: "a field with inputs below itself",
    doubles: {
      a: {
        sdl: 'type Query { q: E } type E @key(fields: "id") { id: ID! x: Int }',
        query: { q: E },
        entities: { E: byKey([E], "id") },
      },
      c: {
        sdl: `
          type E @key(fields: "id") { id: ID! x: Int @external f: V @requires(fields: "x") }
          type V { es: [E] v: Int }`,
        entities: { E: ({ id }) => ({ id, f: V }) },
      },
    },
    query: "{ q { f { es { f { v } } } } }",
    data: { q: { f: { es: [{ f: { v: 6 } }] } } },
  },
  {
    it: "a field with inputs right below itself",
    doubles: {
      a: {
        sdl: `
          type Query { q: E }
          type E @key(fields: "id") { id: ID! x: Int @external e: E @requires(fields: "x") }`,
        query: { q: { id: "1" } },
        entities: { E: ({ id }) => ({ id, e: { id: "1" } }) },
      },
      owner: {
        sdl: 'type E @key(fields: "id") { id: ID! x: Int }',
        entities: { E: byKey([E], "id") },
      },
    },
    query: "{ q { e { e { id } } } }",
    data: { q: { e: { e: { id: "1" } } } },
  },
  {
    it: "a key that comes with an input, for a subgraph that has no other",
    doubles: {
      a: {
        sdl: 'type E @key(fields: "id") @key(fields: "r") { id: ID! r: ID! x: Int }',
        entities: { E: byKey([E], "id") },
      },
      c: {
        sdl: 'type E @key(fields: "r") { r: ID! x: Int @external f: Int @requires(fields: "x") }',
        entities: { E: byKey([E], "r") },
      },
      d: {
        sdl: 'type Query { q: E } type E @key(fields: "id", resolvable: false) { id: ID! }',
        query: { q: E },
      },
    },
    query: "{ q { f } }",
    data: { q: { f: 4 } },
  },
  {
    it: "a shared root that returns an interface whose fields lie elsewhere",
    doubles: {
      ...Object.fromEntries(
        ["b", "c"].map((name) => [
          name,
          {
            sdl: `
              type Query { q: J @shareable }
              interface J { id: ID! }
              type E implements J @key(fields: "id", resolvable: false) { id: ID! }
              type G implements J @key(fields: "id", resolvable: false) { id: ID! }`,
            query: { q: E },
          },
        ]),
      ),
      owner: {
        sdl: `
          interface J { id: ID! x: Int }
          type E implements J @key(fields: "id") { id: ID! x: Int }
          type G implements J @key(fields: "id") { id: ID! x: Int }`,
        entities: { E: byKey([E], "id"), G: byKey([], "id") },
      },
    },
    query: "{ q { x } }",
    data: { q: { x: 3 } },
  },
];

describe("the planner", () => {
  let federation: Federation;
  afterEach(() => federation.close());

  // One that is answered is mended: give it its place in the suite of its topic.
  it.each(LIMITS.map((limit) => [limit.it, limit] as const))(
    "does not know %s yet, and nobody is asked",
    async (_, limit) => {
      federation = await startFederation(limit.doubles);
      await expect(federation.ask(limit.query)).rejects.toMatchObject({ code: "PLANNER_UNAVAILABLE" });
    },
  );
});
