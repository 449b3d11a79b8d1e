/** Unions and interfaces of which each subgraph knows other members. */
import { byKey, federationSuite } from "../support/federation.ts";

const STAFF = { __typename: "Officer", id: "o1", badge: 11 };
const LETTER = { __typename: "Letter", id: "l1", title: "To the court" };
const PHOTO = { __typename: "Photo", id: "p1", title: "Gate" };

federationSuite(
  "a union that is wider in another subgraph",
  {
    police: {
      sdl: `
        type Query { evidence: [Item] @shareable latest: Item }
        union Item = Letter | Photo
        type Letter @key(fields: "id") { id: ID! title: String @shareable pages: Int }
        type Photo @key(fields: "id") { id: ID! title: String @shareable }`,
      query: { evidence: [{ ...LETTER, pages: 3 }], latest: PHOTO },
      entities: {
        Letter: byKey([{ ...LETTER, pages: 3 }], "id"),
        Photo: byKey([PHOTO], "id"),
      },
    },
    court: {
      sdl: `
        type Query { evidence: [Item] @shareable }
        union Item = Letter | Officer
        type Letter @key(fields: "id") { id: ID! title: String @shareable ruling: String }
        type Officer @key(fields: "id") { id: ID! badge: Int! }`,
      query: { evidence: [{ ...LETTER, ruling: "ADMITTED" }] },
      entities: { Letter: byKey([{ ...LETTER, ruling: "ADMITTED" }], "id"), Officer: byKey([STAFF], "id") },
    },
  },
  [
    {
      it: "answers a shared list from one subgraph when one knows all",
      query: "{ evidence { __typename ... on Letter { title pages } } }",
      data: { evidence: [{ __typename: "Letter", title: "To the court", pages: 3 }] },
      calls: ["police Letter.pages Letter.title Query.evidence"],
    },
    {
      it: "asks both for their parts of a shared list, side by side",
      query: "{ evidence { ... on Letter { id pages ruling } } }",
      data: { evidence: [{ id: "l1", pages: 3, ruling: "ADMITTED" }] },
      calls: ["court Letter.id Letter.ruling Query.evidence", "police Letter.pages Query.evidence"],
    },
    {
      it: "leaves out members that the answering subgraph cannot return",
      query:
        "{ latest { __typename ... on Officer { badge } ... on Photo { title } ... on Letter { ruling } } }",
      data: { latest: { __typename: "Photo", title: "Gate" } },
      calls: ["police Letter.id Photo.title Query.latest"],
    },
  ],
);

const CLINIC = { __typename: "Clinic", id: "c1" };
const HOUSE = { __typename: "House", id: "h1", beds: 4 };

federationSuite(
  "an interface that a type implements elsewhere",
  {
    places: {
      sdl: `
        type Query { places: [Place] place(id: ID!): Named houses: [House] }
        union Place = Clinic | House
        interface Named { id: ID! }
        interface WithBeds { beds: Int }
        type Clinic @key(fields: "id") { id: ID! }
        type House implements Named & WithBeds @key(fields: "id") { id: ID! beds: Int }`,
      query: { places: [CLINIC, HOUSE], place: HOUSE, houses: [HOUSE] },
      entities: { Clinic: byKey([CLINIC], "id"), House: byKey([HOUSE], "id") },
    },
    health: {
      sdl: `
        interface Named { id: ID! }
        interface WithBeds { beds: Int }
        type Clinic implements Named & WithBeds @key(fields: "id") { id: ID! beds: Int }`,
      entities: { Clinic: byKey([{ ...CLINIC, beds: 9 }], "id") },
    },
  },
  [
    {
      it: "reads a fragment on the interface for all who implement it anywhere",
      query: "{ places { __typename ... on WithBeds { beds } } }",
      data: {
        places: [
          { __typename: "Clinic", beds: 9 },
          { __typename: "House", beds: 4 },
        ],
      },
      calls: ["health[1] Clinic.beds", "places Clinic.id House.beds Query.places"],
    },
    {
      it: "takes a fragment on an interface that the type implements elsewhere",
      query: "{ places { ... on Named { ... on Clinic { beds } ... on House { id } } } }",
      data: { places: [{ beds: 9 }, { id: "h1" }] },
      calls: ["health[1] Clinic.beds", "places Clinic.id House.id Query.places"],
    },
    {
      it: "asks nobody for a fragment that cannot apply",
      query: "{ houses { id ... on WithBeds { ... on Named { ... on WithBeds { beds } } } } }",
      data: { houses: [{ id: "h1", beds: 4 }] },
      calls: ["places House.beds House.id Query.houses"],
    },
  ],
);

const ALERTS = [
  { __typename: "Call", id: "1", from: "hotline" },
  { __typename: "Visit", id: "2", by: "inspector" },
];

federationSuite(
  "a value type with a union that one subgraph knows in part",
  {
    all: {
      sdl: `
        type Query { report: Report }
        type Report @shareable { alerts: [Alert!]! note: String }
        union Alert = Call | Visit
        type Call @shareable { id: ID! from: String }
        type Visit { id: ID! by: String }`,
      query: { report: { alerts: ALERTS, note: "n" } },
    },
    some: {
      sdl: `
        type Query { brief: Report }
        type Report @shareable { alerts: [Alert!]! note: String }
        union Alert = Call
        type Call @shareable { id: ID! from: String }`,
      query: { brief: { alerts: [ALERTS[0]], note: "b" } },
    },
  },
  [
    {
      it: "keeps every member where the full union is known",
      query: "{ report { note alerts { __typename ... on Call { from } ... on Visit { by } } } }",
      data: {
        report: {
          note: "n",
          alerts: [
            { __typename: "Call", from: "hotline" },
            { __typename: "Visit", by: "inspector" },
          ],
        },
      },
      calls: ["all Call.from Query.report Report.alerts Report.note Visit.by"],
    },
    {
      it: "asks the other for its own member only",
      query: "{ brief { alerts { ... on Call { from } ... on Visit { by } } } }",
      data: { brief: { alerts: [{ from: "hotline" }] } },
      calls: ["some Call.from Query.brief Report.alerts"],
    },
  ],
);
