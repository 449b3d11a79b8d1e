/**
 * An agency over a small graph of objects. The same resolvers answer with uids (the oracle) or with the
 * agency's own keys (what the boundary talks to); both must lead to the same reply.
 */
import fc from "fast-check";
import { buildSchema, execute, parse } from "graphql";
import { federatedSchema } from "../../src/connectors/federated-schema.ts";
import { linkBoundary } from "../../src/connectors/link-boundary.ts";
import { withEntities } from "../../src/connectors/link-query.ts";
import type { KeyRef, LinkSession } from "../../src/connectors/link-table.ts";
import type { Backend, OutboundReader, SubgraphRequest } from "../../src/execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName, Uid } from "../../src/kernel/brands.ts";

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
export const NODES = 12;
export const node = (n: number): Node => ({ __typename: n % 3 === 0 ? "Employer" : "Person", n: n % NODES });
const persons = Array.from({ length: NODES }, (_, n) => node(n)).filter((it) => it.__typename === "Person");
const personAfter = (n: number) => persons[n % persons.length] as Node;
export const uidOf = ({ n }: Node) => `uid-${n}`;
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
export const asUids = modeOf("uid-", uidOf);
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
export const schema = withEntities(buildSchema(typeDefs));

export const AGENCY = "LMRA" as AgencyCode;
export const MEMBER = "BH/GOV/LMRA/labour" as MemberAddress;
export const reader: OutboundReader = {
  requestId: "r",
  agency: "EPC",
  member: "BH/GOV/LMRA/epc",
  staff: "s",
  role: "EPC.caseWorker",
  purpose: "SHELTER_CARE",
  issue: null,
};
export const ask = (
  query: string,
  variables: SubgraphRequest["variables"] = {},
  by = reader,
): SubgraphRequest => ({
  query,
  variables,
  kind: "query",
  reader: by,
  signal: AbortSignal.timeout(10_000),
});

/** Links every node at the members that `holders` names for it. */
export function linksOf(holders: (n: number) => readonly MemberAddress[]) {
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

export function agency(mode = asKeys) {
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

export function boundary(
  backends: readonly (readonly [MemberAddress, Backend])[],
  links: ReturnType<typeof linksOf>,
) {
  const members = new Map(backends);
  return linkBoundary({ subgraph: "lmra" as SubgraphName, agency: AGENCY, members, links, schema });
}

/** Random selections, with aliases, fragments on objects, interfaces and unions, and lists in lists. */
const alias = fc.option(fc.constantFrom("a", "uid2", "type", "constructor"), { nil: undefined });
const leaf = fc.constantFrom("uid", "uid", "name", "__typename");
export const selection = fc.letrec<Record<"Person" | "Employer" | "Party" | "Thing" | "set", string>>(
  (tie) => {
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
  },
);
/** Composite fields get a response key of their own, so that merged selections never conflict. */
let serial = 0;
const numbered = (text: string, at: number) =>
  /^(employer|friends|grid|knows|things|staff) /.test(text)
    ? `f${at}_${(serial++).toString(36)}: ${text}`
    : text;

export const ENTITIES = (set: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person { ${set} } ... on Employer { uid } } }`;

/** `__typename` may be added by the boundary; the executor reads what it planned and nothing else. */
export function withoutTypenames(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner) => {
    if (inner && typeof inner === "object" && !Array.isArray(inner)) delete inner["__typename"];
    return inner;
  });
}
