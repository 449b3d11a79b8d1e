/** What two replies say about one object: its type, its keys, that it is not there. */
import { setTimeout as delay } from "node:timers/promises";
import { byKey, federationSuite } from "../support/federation.ts";

const boom = () => {
  throw new Error("no");
};
const NOTE = { __typename: "Note", id: "n1", text: "hello" };

federationSuite(
  "an object whose type one of two knows",
  {
    home: {
      sdl: `
        type Query { items: [Item] @shareable }
        interface Item @key(fields: "id") { id: ID! }
        type Note implements Item @key(fields: "id") { id: ID! text: String }`,
      query: { items: [NOTE] },
      entities: { Item: byKey([NOTE], "id"), Note: byKey([NOTE], "id") },
    },
    marks: {
      sdl: `
        type Query { items: [Item] @shareable }
        type Item @key(fields: "id") @interfaceObject { id: ID! stars: Int }`,
      query: { items: () => delay(20, [{ id: "n1", stars: 5 }]) },
      entities: { Item: byKey([{ id: "n1", stars: 5 }], "id") },
    },
    people: {
      sdl: 'type Note @key(fields: "id") { id: ID! author: String }',
      entities: { Note: byKey([{ id: "n1", author: "Amal" }], "id") },
    },
  },
  [
    {
      it: "keeps it, whoever answers last",
      query: "{ items { ... on Item { id stars } ... on Note { s: stars text author } } }",
      data: { items: [{ id: "n1", stars: 5, s: 5, text: "hello", author: "Amal" }] },
      calls: [
        "home Item.id Note.id Note.text Query.items",
        "home[1]",
        "marks Item.id Item.stars Query.items",
        "marks[1] Item.stars",
        "people[1] Note.author",
      ],
    },
  ],
);

const ROW = { id: "1", code: "c1", base: 3, must: boom };

federationSuite(
  "an object that one of two does not give",
  {
    one: {
      sdl: `
        type Query { rows: [Row] @shareable }
        type Row @key(fields: "id") @key(fields: "code") { id: ID! code: ID! base: Int }`,
      query: { rows: [ROW] },
      entities: { Row: byKey([ROW], "id") },
    },
    two: {
      sdl: `
        type Query { rows: [Row] @shareable }
        type Row @key(fields: "code") @key(fields: "id") {
          id: ID! code: ID! must: Int! base: Int @external more: Int @requires(fields: "base") }`,
      query: { rows: [ROW] },
      entities: { Row: ({ id, code, base }) => (id || code ? { id, code, more: Number(base) + 1 } : null) },
    },
  },
  [
    {
      it: "asks about nobody whose key did not come",
      query: "{ rows { __typename base must more } }",
      data: { rows: [null] },
      errors: ["AGENCY_BAD_REPLY two rows.0.must"],
      calls: ["one Query.rows Row.base", "two Query.rows Row.code Row.id Row.must"],
    },
  ],
);

const MUTE = { __typename: "Note", id: "n2", text: boom };

federationSuite(
  "an object that its home cannot give",
  {
    home: {
      sdl: `
        interface Item @key(fields: "id") { id: ID! }
        type Note implements Item @key(fields: "id") { id: ID! text: String! }`,
      entities: { Item: byKey([MUTE], "id"), Note: byKey([MUTE], "id") },
    },
    marks: {
      sdl: `
        type Query { item: Item items: [Item!] }
        type Item @key(fields: "id") @interfaceObject { id: ID! stars: Int }`,
      query: { item: { id: "n2", stars: 5 }, items: [{ id: "n2", stars: 5 }] },
      entities: { Item: byKey([{ id: "n2", stars: 5 }], "id") },
    },
  },
  [
    {
      it: "is null where it stands",
      query: "{ item { ... on Note { text } stars } }",
      data: { item: null },
      errors: ["AGENCY_BAD_REPLY home item.text"],
      calls: ["home[1] Note.text", "marks Item.id Item.stars Query.item"],
    },
    {
      it: "takes along the list that must hold it",
      query: "{ items { stars ... on Note { text } } }",
      data: { items: null },
      errors: ["AGENCY_BAD_REPLY home items.0.text"],
      calls: ["home[1] Note.text", "marks Item.id Item.stars Query.items"],
    },
  ],
);
