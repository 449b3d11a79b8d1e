/**
 * What the planner (`@graphql-hive/router-query-planner` 0.0.38) gets wrong, in the smallest schemas that show it. Each
 * case asserts the right answer and is expected to fail: one that passes is mended, and moves to the suite of its topic.
 * The differential test leaves these out: by its schemas where a plan is silently wrong, by count where it is refused.
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
    it: "two parent types that provide something of one type in one subgraph",
    doubles: {
      d: {
        sdl: `
          type Query { q: E @provides(fields: "a") h: H }
          type E @key(fields: "id") { id: ID! a: Int @external b: Int @external }
          type H @key(fields: "id") { id: ID! e: E @provides(fields: "b") }`,
        query: { q: { id: "1", a: 1 }, h: null },
        entities: { E: byKey([{ id: "1" }], "id"), H: byKey([], "id") },
      },
      owner: {
        sdl: 'type E @key(fields: "id") { id: ID! a: Int b: Int }',
        entities: { E: byKey([E], "id") },
      },
    },
    query: "{ q { b } }",
    data: { q: { b: 2 } },
  },
  {
    it: "one type at two depths of what is provided",
    doubles: {
      d: {
        sdl: `
          type Query { q: E @provides(fields: "e { a }") }
          type E @key(fields: "id") { id: ID! a: Int @external e: E @external }`,
        query: { q: { id: "1", e: { id: "1", a: 1 } } },
        entities: { E: byKey([{ id: "1" }], "id") },
      },
      owner: {
        sdl: 'type E @key(fields: "id") { id: ID! a: Int e: E }',
        entities: { E: byKey([E], "id") },
      },
    },
    query: "{ q { a } }",
    data: { q: { a: 1 } },
  },
  {
    it: "an interface object in a subgraph whose name comes before its home's",
    doubles: {
      a: {
        sdl: `
          type Query { top: F }
          type F @key(fields: "id") @interfaceObject { id: ID! a: Int }`,
        query: { top: E },
        entities: { F: byKey([E], "id") },
      },
      home: {
        sdl: `
          interface F @key(fields: "id") { id: ID! }
          type E implements F @key(fields: "id") { id: ID! b: Int }`,
        entities: { F: byKey([E], "id"), E: byKey([E], "id") },
      },
    },
    query: "{ top { ... on E { b } } }",
    data: { top: { b: 2 } },
  },
  {
    it: "an input whose owner is known by a key that the first subgraph does not have",
    doubles: {
      a: {
        sdl: `
          type E @key(fields: "id") @key(fields: "r") {
            id: ID! r: ID! x: Int @external f: Int @requires(fields: "x") }`,
        entities: { E: byKey([E], "id") },
      },
      d: {
        sdl: 'type E @key(fields: "r") @key(fields: "id") { id: ID! r: ID! x: Int }',
        entities: { E: byKey([E], "id") },
      },
      e: {
        sdl: 'type Query { q: E } type E @key(fields: "id", resolvable: false) { id: ID! }',
        query: { q: E },
      },
    },
    query: "{ q { f } }",
    data: { q: { f: 4 } },
  },
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

  // When one of these fails, the planner has learned it: move it to the suite of its kind.
  it.each(LIMITS.map((limit) => [limit.it, limit] as const))("does not know %s yet", async (_, limit) => {
    federation = await startFederation(limit.doubles);
    const { data, errors } = await federation
      .ask(limit.query)
      .catch((error: unknown) => ({ data: null, errors: [error] }));
    expect({ data, errors }).not.toEqual({ data: limit.data, errors: [] });
  });
});
