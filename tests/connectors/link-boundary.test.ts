/** The link boundary at one agency: keys out, uids in, whatever the question looks like. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkBoundary } from "../../src/connectors/link-boundary.ts";
import type { Backend, SubgraphRequest } from "../../src/execute/backend.ts";
import type { SubgraphName } from "../../src/kernel/brands.ts";
import {
  AGENCY,
  agency,
  ask,
  asUids,
  boundary,
  ENTITIES,
  linksOf,
  MEMBER,
  NODES,
  node,
  schema,
  selection,
  uidOf,
  withoutTypenames,
} from "./translated-agency.ts";

describe("the link boundary", () => {
  it("answers as if the agency had known uids all along, in one look-up each way", async () => {
    await fc.assert(
      fc.asyncProperty(
        selection.Person,
        fc.array(fc.nat(NODES - 1), { minLength: 1, maxLength: 6 }),
        async (set, ns) => {
          const links = linksOf(() => [MEMBER]);
          const { backend, seen } = agency();
          const representations = ns.map((n) => ({ __typename: node(n).__typename, uid: uidOf(node(n)) }));
          const request = ask(ENTITIES(set), { representations });
          const reply = await boundary([[MEMBER, backend]], links).fetch(request);
          const oracle = await agency(asUids).backend.fetch(request);
          expect(withoutTypenames(reply.data)).toEqual(withoutTypenames(oracle.data));
          expect(links.calls).toEqual({ keysOf: 1, uidsOf: 1 });
          expect(JSON.stringify(seen[0]?.variables)).not.toContain("uid-");
        },
      ),
      { numRuns: 200 },
    );
  });

  it("tells apart what one response key means on different types", async () => {
    const set = "things { ... on Person { x: employer { uid } } ... on Employer { x: owner { uid } } }";
    const representations = [1, 5, 7].map((n) => ({ __typename: "Person", uid: `uid-${n}` }));
    const request = ask(ENTITIES(set), { representations });
    const reply = await boundary(
      [[MEMBER, agency().backend]],
      linksOf(() => [MEMBER]),
    ).fetch(request);
    const oracle = await agency(asUids).backend.fetch(request);
    expect(withoutTypenames(reply.data)).toEqual(withoutTypenames(oracle.data));
  });

  it("sends only what the agency knows, and answers null in the places of the others", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(NODES - 1), { maxLength: 8 }), fc.nat(), async (ns, mask) => {
        const knows = (n: number) => ((mask >> n) & 1) === 1;
        const { backend, seen } = agency();
        const representations = ns.map((n) => ({ __typename: node(n).__typename, uid: uidOf(node(n)) }));
        const links = linksOf((n) => (knows(n) ? [MEMBER] : []));
        const reply = await boundary([[MEMBER, backend]], links).fetch(
          ask(ENTITIES("uid"), { representations }),
        );
        const expected = ns.map((n) => (knows(n) ? { uid: uidOf(node(n)) } : null));
        expect(withoutTypenames(reply.data)).toEqual({ _entities: expected });
        expect(seen).toHaveLength(ns.some(knows) ? 1 : 0);
      }),
    );
  });

  it("opens ids in variables by their declared type, in lists and input objects", async () => {
    const { backend, seen } = agency();
    const links = linksOf((n) => (n === 3 || n === 1 ? [MEMBER] : []));
    const gate = boundary([[MEMBER, backend]], links);
    const one = await gate.fetch(ask("query ($id: ID!) { person(id: $id) { uid name } }", { id: "uid-1" }));
    expect(one.data).toEqual({ person: { uid: "uid-1", name: "name 1" } });
    const filter = { employers: ["uid-3", "uid-6"], of: { of: { employers: ["uid-1"] } } };
    await gate.fetch(
      ask("query ($filter: Filter) { persons(filter: $filter, first: 5) { name } }", { filter }),
    );
    expect(seen.map(({ variables }) => variables)).toEqual([
      { id: "key-1" },
      { filter: { employers: ["key-3"], of: { of: { employers: ["key-1"] } } } },
    ]);
  });

  it.each([
    ["an id", "query ($id: ID!) { person(id: $id) { uid } }", { id: "uid-5" }, { person: null }],
    [
      "a filter of ids",
      "query ($filter: Filter) { all: persons(filter: $filter) { uid } }",
      { filter: { employers: ["uid-5", "key-1"] } },
      { all: null },
    ],
  ])("does not ask when %s is unknown to the agency", async (_, query, variables, data) => {
    const { backend, seen } = agency();
    const reply = await boundary(
      [[MEMBER, backend]],
      linksOf(() => []),
    ).fetch(ask(query, variables));
    expect(reply).toEqual({ data, errors: [] });
    expect(seen).toEqual([]);
  });

  it("refuses an id that is written into the text", async () => {
    const gate = boundary(
      [[MEMBER, agency().backend]],
      linksOf(() => [MEMBER]),
    );
    await expect(gate.fetch(ask('{ person(id: "uid-1") { uid } }'))).rejects.toMatchObject({
      code: "INTERNAL_SERVER_ERROR",
    });
  });

  it("calls the key `ref` on the wire where the agency does", async () => {
    const seen: SubgraphRequest[] = [];
    const backend: Backend = {
      subgraph: "ppo" as SubgraphName,
      async fetch(request) {
        seen.push(request);
        return { data: { _entities: [{ uid: "key-1", x: "key-1", name: "n" }] }, errors: [] };
      },
    };
    const members = new Map([[MEMBER, backend]]);
    const links = linksOf(() => [MEMBER]);
    const gate = linkBoundary({
      subgraph: backend.subgraph,
      agency: AGENCY,
      members,
      links,
      schema,
      wireKey: "ref",
    });
    const representations = [{ __typename: "Person", uid: "uid-1" }];
    const reply = await gate.fetch(ask(ENTITIES("uid x: uid name"), { representations }));
    expect(reply.data).toEqual({ _entities: [{ uid: "uid-1", x: "uid-1", name: "n" }] });
    expect(seen[0]?.variables).toEqual({ representations: [{ __typename: "Person", ref: "key-1" }] });
    expect(seen[0]?.query).toContain("uid: ref");
    expect(seen[0]?.query).not.toMatch(/uid(?!: ref)/);
  });

  it.each([
    ["too few entities", []],
    ["another's row", [{ uid: "key-2" }]],
    ["a key that is no text", [{ uid: { toString: 1 } }]],
    ["a word where an object belongs", ["key-1"]],
  ])("does not take %s from an agency", async (_, entities) => {
    const lying: Backend = {
      subgraph: "lmra" as SubgraphName,
      fetch: async () => ({ data: { _entities: entities }, errors: [] }),
    };
    const representations = [{ __typename: "Person", uid: "uid-1" }];
    const gate = boundary(
      [[MEMBER, lying]],
      linksOf(() => [MEMBER]),
    );
    await expect(gate.fetch(ask(ENTITIES("uid"), { representations }))).rejects.toMatchObject({
      code: "AGENCY_BAD_REPLY",
      detail: { agency: "LMRA" },
    });
  });
});
