/** Interfaces and unions whose objects, fields and members lie in different subgraphs. */
import { byKey, federationSuite, type Representation } from "../support/federation.ts";

const EMPLOYER = { __typename: "Employer", id: "e1", name: "Al Noor", sector: "CATERING" };
const PERMITS = [
  { __typename: "WorkPermit", number: "W1", employer: EMPLOYER },
  { __typename: "FlexiPermit", number: "F2", months: 12 },
];
const PARTIES = [
  { __typename: "Worker", id: "w1", name: "Anu", permit: PERMITS[0] },
  EMPLOYER,
  { __typename: "Worker", id: "w2", name: "Bina", permit: PERMITS[1] },
];
const partyById = byKey(PARTIES, "id");

const REGISTER = {
  sdl: `
    type Query { parties: [Party!]! party(id: ID!): Party }
    interface Party { id: ID! name: String }
    type Worker implements Party @key(fields: "id") { id: ID! name: String permit: Permit }
    type Employer implements Party @key(fields: "id") { id: ID! name: String sector: String }
    union Permit = WorkPermit | FlexiPermit
    type WorkPermit { number: String! employer: Employer }
    type FlexiPermit { number: String! months: Int }`,
  query: {
    parties: PARTIES,
    party: ({ id }: { readonly id: string }) => PARTIES.find((party) => party.id === id),
  },
  entities: { Worker: partyById, Employer: partyById },
};
const SHELTER = {
  sdl: `
    type Query { guests: [Guest] }
    union Guest = Worker | Visitor
    type Worker @key(fields: "id") { id: ID! bed: String }
    type Visitor { name: String badge: Int! }`,
  query: {
    guests: [
      { __typename: "Visitor", name: "Omar", badge: 7 },
      { __typename: "Worker", id: "w2", bed: "B2" },
      null,
    ],
  },
  entities: { Worker: ({ id }: Representation) => ({ id, bed: `bed of ${id}` }) },
};

federationSuite("interfaces and unions", { register: REGISTER, shelter: SHELTER }, [
  {
    it: "asks one subgraph for what one subgraph knows",
    query: "{ parties { __typename name } }",
    data: {
      parties: [
        { __typename: "Worker", name: "Anu" },
        { __typename: "Employer", name: "Al Noor" },
        { __typename: "Worker", name: "Bina" },
      ],
    },
    calls: ["register Party.name Query.parties"],
  },
  {
    it: "sends another subgraph the objects of its own types only",
    query: "{ parties { name ... on Worker { bed } } }",
    data: {
      parties: [{ name: "Anu", bed: "bed of w1" }, { name: "Al Noor" }, { name: "Bina", bed: "bed of w2" }],
    },
    calls: ["register Party.name Query.parties Worker.id", "shelter[2] Worker.bed"],
  },
  {
    it: "asks nobody for objects that are not there",
    query: '{ party(id: "e1") { ... on Worker { bed } ... on Employer { sector } } }',
    data: { party: { sector: "CATERING" } },
    calls: ["register Employer.sector Query.party Worker.id"],
  },
  {
    it: "finds fields of an interface that the first subgraph does not know",
    query: "{ guests { __typename ... on Party { name } ... on Visitor { badge } } }",
    data: { guests: [{ __typename: "Visitor", badge: 7 }, { __typename: "Worker", name: "Bina" }, null] },
    calls: ["register[1] Worker.name", "shelter Query.guests Visitor.badge Worker.id"],
  },
  {
    it: "leaves empty what no fragment names",
    query: "{ guests { ... on Visitor { name } } }",
    data: { guests: [{ name: "Omar" }, {}, null] },
    calls: ["shelter Query.guests Visitor.name"],
  },
  {
    it: "merges fragments on an interface, a union and the type itself into one object",
    query: `
      { guests { ...Named ... on Guest { ... on Worker { permit { ...Number } } } ... on Worker { bed id } } }
      fragment Named on Party { name ... on Worker { permit { __typename } } }
      fragment Number on Permit { ... on FlexiPermit { months } ... on WorkPermit { number } }`,
    data: {
      guests: [
        {},
        { name: "Bina", permit: { __typename: "FlexiPermit", months: 12 }, bed: "B2", id: "w2" },
        null,
      ],
    },
    calls: [
      "register[1] FlexiPermit.months WorkPermit.number Worker.name Worker.permit",
      "shelter Query.guests Worker.bed Worker.id",
    ],
  },
  {
    it: "answers a type's name without asking for more",
    query: "{ guests { kind: __typename } }",
    data: { guests: [{ kind: "Visitor" }, { kind: "Worker" }, null] },
    calls: ["shelter Query.guests"],
  },
  {
    it: "returns through a union to the subgraph that it came from",
    query: "{ parties { ... on Worker { permit { ... on WorkPermit { employer { name sector } } } } } }",
    data: {
      parties: [{ permit: { employer: { name: "Al Noor", sector: "CATERING" } } }, {}, { permit: {} }],
    },
    calls: ["register Employer.name Employer.sector Query.parties WorkPermit.employer Worker.permit"],
  },
]);
