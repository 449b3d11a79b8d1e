import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { buildSchema, execute, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { federatedSchema } from "../../src/connectors/federated-schema.ts";
import { linkBoundary } from "../../src/connectors/link-boundary.ts";
import { withEntities } from "../../src/connectors/link-query.ts";
import type { KeyRef, LinkSession } from "../../src/connectors/link-table.ts";
import type { Backend, OutboundReader, SubgraphReply, SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName, Uid } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { Source } from "../support/source.ts";

/*
 * An agency over a small graph of objects. The same resolvers answer with uids (the oracle) or with the
 * agency's own keys (what the boundary talks to); both must lead to the same reply.
 */
const typeDefs = `
  type Query { person(id: ID!): Person persons(filter: Filter, first: Int): [Person!] }
  type Subscription { changed(id: ID): Person }
  input Filter { employers: [ID!] of: Filter }
  interface Party { uid: ID! name: String }
  union Thing = Person | Employer
  type Person implements Party { uid: ID! name: String employer: Employer friends: [Person!] grid: [[Person]] knows: Party things: [Thing!] }
  type Employer implements Party { uid: ID! name: String staff: [Person!] owner: Person }`;

interface Node {
  readonly __typename: "Person" | "Employer";
  readonly n: number;
}
const NODES = 12;
const node = (n: number): Node => ({ __typename: n % 3 === 0 ? "Employer" : "Person", n: n % NODES });
const persons = Array.from({ length: NODES }, (_, n) => node(n)).filter((it) => it.__typename === "Person");
const personAfter = (n: number) => persons[n % persons.length] as Node;
const uidOf = ({ n }: Node) => `uid-${n}`;
const keyOf = ({ n }: Node) => `key-${n}`;

interface Mode {
  readonly idOf: (it: Node) => string;
  readonly byId: (id: unknown) => Node | null;
}
const modeOf = (prefix: string, idOf: Mode["idOf"]): Mode => ({
  idOf,
  byId: (id) => {
    const n = Number(String(id).slice(prefix.length));
    return String(id).startsWith(prefix) && n < NODES ? node(n) : null;
  },
});
const asUids = modeOf("uid-", uidOf);
const asKeys = modeOf("key-", keyOf);

const object = {
  uid: (it: Node, _: unknown, mode: Mode) => mode.idOf(it),
  name: ({ n }: Node) => `name ${n}`,
};
const resolvers = {
  Query: {
    person: (_: unknown, { id }: { id: string }, mode: Mode) => mode.byId(id),
    persons: (_: unknown, { filter }: { filter?: { employers?: string[] } }, mode: Mode) =>
      filter?.employers
        ? filter.employers.map((id) => personAfter(mode.byId(id)?.n ?? 0))
        : persons.slice(0, 3),
  },
  Person: {
    ...object,
    employer: ({ n }: Node) => (n % 2 ? node((n * 3) % NODES) : null),
    friends: ({ n }: Node) => [personAfter(n + 1), personAfter(n + 2)],
    grid: ({ n }: Node) => [[personAfter(n)], [], [null, personAfter(n + 3)]],
    knows: ({ n }: Node) => node(n + 1),
    things: ({ n }: Node) => [node(n), node(n + 1), node(n + 2)],
  },
  Employer: {
    ...object,
    staff: ({ n }: Node) => [personAfter(n), personAfter(n + 5)],
    owner: ({ n }: Node) => personAfter(n + 1),
  },
};
const reference = ({ uid }: { readonly [field: string]: unknown }, mode: Mode) => mode.byId(uid);
const subgraph = federatedSchema<Mode>({
  typeDefs,
  resolvers,
  references: { Person: reference, Employer: reference },
});
const schema = withEntities(buildSchema(typeDefs));

const AGENCY = "LMRA" as AgencyCode;
const MEMBER = "BH/GOV/LMRA/labour" as MemberAddress;
const reader: OutboundReader = {
  requestId: "r",
  agency: "EPC",
  member: "BH/GOV/LMRA/epc",
  staff: "s",
  role: "EPC.caseWorker",
  purpose: "SHELTER_CARE",
  issue: null,
};
const ask = (query: string, variables: SubgraphRequest["variables"] = {}, by = reader): SubgraphRequest => ({
  query,
  variables,
  kind: "query",
  reader: by,
  signal: AbortSignal.timeout(10_000),
});

/** Links every node at the members that `holders` names for it. */
function linksOf(holders: (n: number) => readonly MemberAddress[]) {
  const calls = { keysOf: 0, uidsOf: 0 };
  const session: LinkSession = {
    async keysOf(_, uids) {
      calls.keysOf += 1;
      const refs = (uid: string): readonly KeyRef[] => {
        const it = asUids.byId(uid);
        return it ? holders(it.n).map((member) => ({ type: it.__typename, member, key: keyOf(it) })) : [];
      };
      return new Map(uids.map((uid) => [uid, refs(uid)] as const).filter(([, found]) => found.length > 0));
    },
    async uidsOf(_, refs) {
      calls.uidsOf += 1;
      return refs.map(({ type, key }) => {
        const it = asKeys.byId(key);
        if (it?.__typename !== type) throw new Error(`${key} is no ${type}`);
        return uidOf(it) as Uid;
      });
    },
  };
  const requests = new Set<object>();
  const sessionOf = (request: object): LinkSession => {
    requests.add(request);
    return session;
  };
  return { calls, sessionOf, sessions: () => requests.size };
}

function agency(mode = asKeys) {
  const seen: SubgraphRequest[] = [];
  const backend: Backend = {
    subgraph: "lmra" as SubgraphName,
    async fetch(request) {
      seen.push(request);
      const { data, errors = [] } = await execute({
        schema: subgraph,
        document: parse(request.query),
        variableValues: request.variables,
        contextValue: mode,
      });
      return {
        data: data ?? null,
        errors: errors.map(({ message, path }) => ({ message, path: path ?? [] })),
      };
    },
  };
  return { backend, seen };
}

function boundary(
  backends: readonly (readonly [MemberAddress, Backend])[],
  links: ReturnType<typeof linksOf>,
) {
  const members = new Map(backends);
  return linkBoundary({ subgraph: "lmra" as SubgraphName, agency: AGENCY, members, links, schema });
}

/** Random selections, with aliases, fragments on objects, interfaces and unions, and lists in lists. */
const alias = fc.option(fc.constantFrom("a", "uid2", "type", "constructor"), { nil: undefined });
const leaf = fc.constantFrom("uid", "uid", "name", "__typename");
const selection = fc.letrec<Record<"Person" | "Employer" | "Party" | "Thing" | "set", string>>((tie) => {
  const field = (names: readonly string[], inner: keyof ReturnType<typeof tie> | string) =>
    fc.tuple(fc.constantFrom(...names), tie(inner as "Person")).map(([name, set]) => `${name} { ${set} }`);
  const on = (type: "Person" | "Employer" | "Party") => tie(type).map((set) => `... on ${type} { ${set} }`);
  const named = (index: number) =>
    fc.tuple(alias, leaf).map(([as, name]) => (as ? `${as}${index}_${name}: ${name}` : name));
  const of = (...choices: fc.Arbitrary<string>[]) =>
    fc
      .tuple(
        named(0),
        fc.array(fc.oneof({ maxDepth: 3, depthIdentifier: "d" }, named(1), ...choices), { maxLength: 3 }),
      )
      .map(([first, rest]) => [first, ...rest.map((text, at) => numbered(text, at))].join(" "));
  return {
    Person: of(
      field(["employer"], "Employer"),
      field(["friends", "grid"], "Person"),
      field(["knows"], "Party"),
      field(["things"], "Thing"),
      on("Person"),
      on("Party"),
    ),
    Employer: of(field(["staff"], "Person"), on("Employer")),
    Party: of(on("Person"), on("Employer"), on("Party")),
    Thing: fc
      .array(fc.oneof({ maxDepth: 3, depthIdentifier: "d" }, on("Person"), on("Employer"), on("Party")), {
        minLength: 1,
        maxLength: 3,
      })
      .map((sets) => sets.join(" ")),
    set: fc.constant("uid"),
  };
});
/** Composite fields get a response key of their own, so that merged selections never conflict. */
let serial = 0;
const numbered = (text: string, at: number) =>
  /^(employer|friends|grid|knows|things|staff) /.test(text)
    ? `f${at}_${(serial++).toString(36)}: ${text}`
    : text;

const ENTITIES = (set: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person { ${set} } ... on Employer { uid } } }`;

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

describe("an agency with several members", () => {
  const mwps = "BH/NGO/MWPS/assist" as MemberAddress;
  const aman = "BH/NGO/AMAN/shelter" as MemberAddress;
  const representations = [1, 2, 4].map((n) => ({ __typename: "Person", uid: `uid-${n}` }));
  const holders = (n: number) => (n === 1 ? [mwps] : n === 2 ? [aman] : [mwps, aman]);
  const keysSent = (seen: readonly SubgraphRequest[]) =>
    seen.map(({ variables }) => (variables["representations"] as { uid: string }[]).map(({ uid }) => uid));

  it("asks each member for what it holds and joins what they say", async () => {
    const [one, two] = [agency(), agency()];
    const gate = boundary(
      [
        [mwps, one.backend],
        [aman, two.backend],
      ],
      linksOf(holders),
    );
    const { data } = await gate.fetch(ask(ENTITIES("uid friends { uid }"), { representations }));
    expect(keysSent(one.seen)).toEqual([["key-1", "key-4"]]);
    expect(keysSent(two.seen)).toEqual([["key-2", "key-4"]]);
    const entities = data?.["_entities"] as { uid: string; friends: unknown[] }[];
    expect(entities.map(({ uid, friends }) => [uid, friends.length])).toEqual([
      ["uid-1", 2],
      ["uid-2", 2],
      ["uid-4", 4],
    ]);
  });

  it("asks only the reader's own member when the reader is of that agency", async () => {
    const [one, two] = [agency(), agency()];
    const gate = boundary(
      [
        [mwps, one.backend],
        [aman, two.backend],
      ],
      linksOf(holders),
    );
    const own = { ...reader, agency: AGENCY, member: aman };
    const { data } = await gate.fetch(ask(ENTITIES("uid"), { representations }, own));
    expect(data).toEqual({ _entities: [null, { uid: "uid-2" }, { uid: "uid-4" }] });
    expect(one.seen).toEqual([]);
  });

  it("keeps what one member says when another fails, and points at what is missing", async () => {
    const failing: Backend = {
      subgraph: "ngo" as SubgraphName,
      fetch: async () => {
        throw new GatewayError("AGENCY_TIMEOUT", "late", { agency: "NGO" });
      },
    };
    const { backend } = agency();
    const gate = boundary(
      [
        [mwps, failing],
        [aman, backend],
      ],
      linksOf(holders),
    );
    const { data, errors } = await gate.fetch(ask(ENTITIES("uid"), { representations }));
    expect(data).toEqual({ _entities: [null, { uid: "uid-2" }, { uid: "uid-4" }] });
    expect(errors.map(({ path, code }) => [path, code])).toEqual([
      [["_entities", 0], "AGENCY_TIMEOUT"],
      [["_entities", 2], "AGENCY_TIMEOUT"],
    ]);
    const both = boundary(
      [
        [mwps, failing],
        [aman, failing],
      ],
      linksOf(holders),
    );
    await expect(both.fetch(ask(ENTITIES("uid"), { representations }))).rejects.toMatchObject({
      code: "AGENCY_TIMEOUT",
    });
  });

  it("joins the lists of root fields", async () => {
    const gate = boundary(
      [
        [mwps, agency().backend],
        [aman, agency().backend],
      ],
      linksOf(holders),
    );
    const { data } = await gate.fetch(ask("{ persons { uid } }"));
    expect(data?.["persons"]).toHaveLength(6);
  });
});

describe("a subscription", () => {
  const text = "subscription ($id: ID) { changed(id: $id) { uid name employer { uid } } }";
  const [mwps, aman] = ["BH/NGO/MWPS/assist", "BH/NGO/AMAN/shelter"] as readonly string[] as [
    MemberAddress,
    MemberAddress,
  ];
  const both = () => [mwps, aman];

  /** A member whose events the test pushes. */
  function streaming() {
    const source = new Source<SubgraphReply>();
    const seen: SubgraphRequest[] = [];
    const backend: Backend = {
      subgraph: "ngo" as SubgraphName,
      fetch: () => Promise.reject(new Error("not asked")),
      subscribe(request) {
        seen.push(request);
        return source;
      },
    };
    return { backend, source, seen };
  }
  const changed = (n: number): SubgraphReply => ({
    data: { changed: { uid: `key-${n}`, name: `name ${n}`, employer: { uid: "key-3" } } },
    errors: [],
  });
  const subscribe = (
    members: readonly (readonly [MemberAddress, Backend])[],
    links: ReturnType<typeof linksOf>,
    id: string | null = null,
  ) => boundary(members, links).subscribe?.(ask(text, { id })) as AsyncIterableIterator<SubgraphReply>;

  it("is asked by the agency's keys, and each event comes with uids, looked up by itself", async () => {
    const { backend, source, seen } = streaming();
    const links = linksOf(() => [mwps]);
    const events = subscribe([[mwps, backend]], links, "uid-1");
    source.push(changed(1), changed(2));
    const first = (await events.next()).value;
    expect(first.data).toEqual({ changed: { uid: "uid-1", name: "name 1", employer: { uid: "uid-3" } } });
    expect((await events.next()).value.data).toMatchObject({ changed: { uid: "uid-2" } });
    expect(seen.map(({ variables }) => variables)).toEqual([{ id: "key-1" }]);
    expect(links.sessions()).toBeGreaterThanOrEqual(3);
    source.finish();
    expect((await events.next()).done).toBe(true);
  });

  it("joins members, ends with the last of them, and reaches all when it is taken back", async () => {
    const [one, other] = [streaming(), streaming()];
    const members = [
      [mwps, one.backend],
      [aman, other.backend],
    ] as const;
    const events = subscribe(members, linksOf(both));
    const first = events.next();
    await sleep(5);
    other.source.push(changed(2));
    expect((await first).value.data).toMatchObject({ changed: { uid: "uid-2" } });
    other.source.finish();
    one.source.push(changed(1));
    expect((await events.next()).value.data).toMatchObject({ changed: { uid: "uid-1" } });
    const last = events.next();
    await events.return?.();
    expect((await last).done).toBe(true);
    await one.source.returned;
  });

  it("fails with the first member that does, and leaves the others", async () => {
    const [one, other] = [streaming(), streaming()];
    const members = [
      [mwps, one.backend],
      [aman, other.backend],
    ] as const;
    const events = subscribe(members, linksOf(both));
    one.source.fail(new GatewayError("AGENCY_UNAVAILABLE", "the agency broke off", { agency: "NGO" }));
    await expect(events.next()).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
    await other.source.returned;
  });

  it("about what the agency does not know is not asked, and stays quiet as if nothing happened", async () => {
    const { backend, seen } = streaming();
    const events = subscribe(
      [[mwps, backend]],
      linksOf(() => []),
      "uid-1",
    );
    const first = events.next();
    const quiet = Symbol("quiet");
    expect(await Promise.race([first, sleep(50, quiet)])).toBe(quiet);
    expect(seen).toEqual([]);
    await events.return?.();
    expect((await first).done).toBe(true);
  });

  it("is no row under another's uid: an event with a key that is none is the agency's bad reply", async () => {
    const { backend, source } = streaming();
    const events = subscribe(
      [[mwps, backend]],
      linksOf(() => [mwps]),
    );
    source.push({ data: { changed: { uid: {}, name: "x" } }, errors: [] });
    await expect(events.next()).rejects.toMatchObject({ code: "AGENCY_BAD_REPLY" });
    await source.returned;
  });

  it("is not offered where a member's backend cannot", () => {
    const { backend } = streaming();
    const silent: Backend = { subgraph: backend.subgraph, fetch: backend.fetch };
    const members = [
      [mwps, backend],
      [aman, silent],
    ] as const;
    expect(boundary(members, linksOf(both)).subscribe).toBeUndefined();
  });
});

/** `__typename` may be added by the boundary; the executor reads what it planned and nothing else. */
function withoutTypenames(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner) => {
    if (inner && typeof inner === "object" && !Array.isArray(inner)) delete inner["__typename"];
    return inner;
  });
}
