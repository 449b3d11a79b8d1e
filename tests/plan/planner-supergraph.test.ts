/** What is changed of a supergraph before the planner sees it, and that nothing else is. */
import { expect, it } from "vitest";
import { plannerSupergraph } from "../../src/plan/planner-supergraph.ts";
import { composedSupergraph } from "../support/composed.ts";

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@external", "@requires", "@provides", "@override", "@interfaceObject"])`;
const supergraph = (subgraphs: Readonly<Record<string, string>>): string =>
  composedSupergraph(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      url: `subgraph:${name}`,
      sdl: `${LINK} ${sdl}`,
    })),
  );

it("gives an ordinary one as it is", () => {
  const sdl = supergraph({
    a: 'type Query { e: E @provides(fields: "x") f: E @provides(fields: "y") } type E @key(fields: "id") { id: ID! x: Int @external y: Int @external }',
    b: 'type E @key(fields: "id") { id: ID! x: Int y: Int }',
  });
  expect(plannerSupergraph(sdl).sdl).toBe(sdl);
});

it("names an object's subgraph after those of its interface, and tells plans with their own names", () => {
  const { sdl, named } = plannerSupergraph(
    supergraph({
      a: `type Query { top: F } type F @key(fields: "id") @interfaceObject { id: ID! stars: Int }
          type G @key(fields: "id") { id: ID! moved: Int @override(from: "home") }`,
      home: `interface F @key(fields: "id") { id: ID! } type E implements F @key(fields: "id") { id: ID! }
             type G @key(fields: "id") { id: ID! moved: Int }`,
    }),
  );
  expect(sdl).toContain('A @join__graph(name: "0001_a", url: "subgraph:a")');
  expect(sdl).toContain('name: "0000_home"');
  expect(sdl).toContain('override: "0000_home"');
  expect(sdl).not.toContain('"home"');
  const fetch = { kind: "Fetch", operationKind: "query", operation: "{top{id}}" } as const;
  const flatten = (node: typeof fetch & { serviceName: string }) =>
    ({ kind: "Flatten", path: [{ Field: "top" }], node }) as const;
  expect(
    named({
      node: {
        kind: "Sequence",
        nodes: [{ ...fetch, serviceName: "0001_a" }, flatten({ ...fetch, serviceName: "0000_home" })],
      },
    }),
  ).toEqual({
    node: {
      kind: "Sequence",
      nodes: [{ ...fetch, serviceName: "a" }, flatten({ ...fetch, serviceName: "home" })],
    },
  });
});

const H = 'type H @key(fields: "id") { id: ID!';
it.each([
  [
    "two parents",
    `type Query { q: E @provides(fields: "x") h: H } ${H} e: E @provides(fields: "y") }`,
    "x: Int @external y: Int @external",
    1,
  ],
  [
    "two parents that bring the same",
    `type Query { q: E @provides(fields: "x") h: H } ${H} e: E @provides(fields: "x") }`,
    "x: Int @external",
    2,
  ],
  [
    "one type at two depths",
    'type Query { q: E @provides(fields: "e { x }") }',
    "x: Int @external e: E @external",
    0,
  ],
])("leaves `@provides` where it is understood: %s", (_, fields, known, left) => {
  const given = plannerSupergraph(
    supergraph({
      a: `${fields} type E @key(fields: "id") { id: ID! ${known} }`,
      b: 'type E @key(fields: "id") { id: ID! x: Int y: Int e: E }',
    }),
  );
  expect(given.sdl.match(/provides: "/g) ?? []).toHaveLength(left);
});
