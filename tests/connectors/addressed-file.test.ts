/** References to files through the link boundary: each with the member that gave it, wherever it stands, and nothing else changed. */
import { buildSchema } from "graphql";
import { expect, it } from "vitest";
import { addressedFile, addressFile } from "../../src/connectors/addressed-file.ts";
import { linkBoundary } from "../../src/connectors/link-boundary.ts";
import { withEntities } from "../../src/connectors/link-query.ts";
import type { Backend, OutboundReader } from "../../src/execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName, Uid } from "../../src/kernel/brands.ts";

const schema = withEntities(
  buildSchema(`
    scalar AttachmentRef
    type Query { photo: AttachmentRef persons: [Person!] }
    type Person { uid: ID! photo: AttachmentRef papers: [AttachmentRef!] thing: Thing name: String }
    union Thing = Person | Paper
    type Paper { scan: AttachmentRef title: String }`),
);
const ONE = "BH/NGO/ONE/x" as MemberAddress;
const TWO = "BH/NGO/TWO/x" as MemberAddress;

const backend = (data: Record<string, unknown>): Backend => ({
  subgraph: "ngo" as SubgraphName,
  fetch: async () => ({ data, errors: [] }),
});

const ask = async (members: ReadonlyMap<MemberAddress, Backend>, query: string, variables = {}) => {
  const boundary = linkBoundary({
    ...{ subgraph: "ngo" as SubgraphName, agency: "NGO" as AgencyCode, members, schema },
    links: {
      sessionOf: () => ({
        keysOf: async (_, uids) =>
          new Map(
            uids.map((uid) => [
              uid,
              [...members.keys()].map((member) => ({ type: "Person", member, key: uid })),
            ]),
          ),
        uidsOf: async (_, refs) => refs.map(({ key }) => `uid-${key}` as Uid),
      }),
    },
  });
  const reader = { agency: "EPC", member: "BH/GOV/LMRA/epc" } as OutboundReader;
  const signal = new AbortController().signal;
  return (await boundary.fetch({ kind: "query", query, variables, reader, signal })).data;
};

it("an address comes back as it was, whatever the reference holds", () => {
  for (const reference of ["a", "a b", " ", "", "BH/NGO/TWO/x y", "/../?"])
    expect(addressedFile(addressFile({ member: ONE, reference }))).toEqual({ member: ONE, reference });
  expect(addressedFile("rec-1")).toBeNull();
});

it("is addressed in entities, lists and unions, and other values stay", async () => {
  const person = {
    ...{ uid: "k", photo: "p 1", papers: ["a", "b"], name: "p 1" },
    thing: { __typename: "Paper", scan: "s", title: "s" },
  };
  const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Person {
    uid picture: photo papers name thing { ... on Paper { scan title } ... on Person { name } } } } }`;
  const variables = { r: [{ __typename: "Person", uid: "k" }] };
  const { photo, ...rest } = person;
  const data = { _entities: [{ ...rest, picture: photo }] };
  expect(await ask(new Map([[ONE, backend(data)]]), query, variables)).toEqual({
    _entities: [
      {
        ...{ uid: "uid-k", picture: `${ONE} p 1`, papers: [`${ONE} a`, `${ONE} b`], name: "p 1" },
        thing: { __typename: "Paper", scan: `${ONE} s`, title: "s" },
      },
    ],
  });
});

it("is addressed with the member that gave it, of several, and cannot be given as another's", async () => {
  const members = new Map([
    [ONE, backend({ persons: [{ photo: "p" }] })],
    [TWO, backend({ persons: [{ photo: `${ONE} p` }, { photo: null }, { photo: 7 }] })],
  ]);
  expect(await ask(members, "{ persons { photo } }")).toEqual({
    persons: [{ photo: `${ONE} p` }, { photo: `${TWO} ${ONE} p` }, { photo: null }, { photo: 7 }],
  });
});

it("is addressed at a root field", async () => {
  expect(await ask(new Map([[ONE, backend({ photo: "p" })]]), "{ photo }")).toEqual({ photo: `${ONE} p` });
});
