/**
 * What the planner would get wrong if it were given the supergraph as it is: silently null, or not planned at all
 * (`src/plan/planner-supergraph.ts`).
 */
import { byKey, federationSuite } from "../support/federation.ts";

const E = { __typename: "E", id: "1", a: 1, b: 2, x: 3, r: "r", f: 4 };

federationSuite(
  "two parent types that provide something of one type in one subgraph",
  {
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
  [
    {
      it: "is answered in full",
      query: "{ q { b } }",
      data: { q: { b: 2 } },
      calls: ["d E.id Query.q", "owner[1] E.b"],
    },
  ],
);

federationSuite(
  "one type at two depths of what is provided",
  {
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
  [
    {
      it: "is answered in full",
      query: "{ q { a } }",
      data: { q: { a: 1 } },
      calls: ["d E.id Query.q", "owner[1] E.a"],
    },
  ],
);

federationSuite(
  "an interface object in a subgraph whose name comes before its home's",
  {
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
  [
    {
      it: "is answered in full",
      query: "{ top { ... on E { b } } }",
      data: { top: { b: 2 } },
      calls: ["a F.id Query.top", "home[1] E.b"],
    },
  ],
);

federationSuite(
  "an input whose owner is known by a key that the first subgraph does not have",
  {
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
  [
    {
      it: "is answered in full",
      query: "{ q { f } }",
      data: { q: { f: 4 } },
      calls: ["a[1] E.f", "a[1] E.id E.r", "d[1] E.x", "e E.id Query.q"],
    },
  ],
);
