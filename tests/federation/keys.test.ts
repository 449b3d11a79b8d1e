/** Keys: several, composite, nested, in lists, null, through a third subgraph; never what a client's alias says. */
import { byKey, federationSuite, type Representation } from "../support/federation.ts";

const WORKER = { id: "w1", permit: "P9", place: { room: { no: "3", wing: "B" }, floor: 2 } };

federationSuite(
  "keys that differ from subgraph to subgraph",
  {
    ledger: {
      sdl: `
        type Query { cases: [Case!]! }
        type Case @key(fields: "id") { id: ID! workers: [Worker!]! }
        type Worker @key(fields: "id") @key(fields: "permit", resolvable: false)
          @key(fields: "place { floor room { no } }", resolvable: false) { id: ID! permit: ID! place: Place! }
        type Place @shareable { floor: Int! room: Room! }
        type Room @shareable { no: ID! wing: String }`,
      query: { cases: [{ id: "c1", workers: [WORKER] }] },
      entities: { Worker: byKey([WORKER], "id"), Case: byKey([{ id: "c1", workers: [WORKER] }], "id") },
    },
    labour: {
      sdl: `
        type Worker @key(fields: "permit") { permit: ID! wage: Int }`,
      entities: { Worker: byKey([{ permit: "P9", wage: 120 }], "permit") },
    },
    shelter: {
      sdl: `
        type Worker @key(fields: "place { floor room { no } }") { place: Place! guest: Boolean }
        type Place @shareable { floor: Int! room: Room! }
        type Room @shareable { no: ID! wing: String }`,
      entities: {
        Worker: ({ place }: Representation) => ({
          place,
          guest: JSON.stringify(place) === '{"floor":2,"room":{"no":"3"}}',
        }),
      },
    },
    pay: {
      sdl: `
        type Worker @key(fields: "permit") @key(fields: "account") { permit: ID! account: ID! }`,
      entities: { Worker: byKey([{ permit: "P9", account: "A7" }], "permit") },
    },
    bank: {
      sdl: `
        type Worker @key(fields: "account") { account: ID! balance: Float }`,
      entities: { Worker: byKey([{ account: "A7", balance: 0.5 }], "account") },
    },
  },
  [
    {
      it: "asks each by the key that it knows, nested fields and no more",
      query: "{ cases { workers { wage guest } } }",
      data: { cases: [{ workers: [{ wage: 120, guest: true }] }] },
      calls: [
        "labour[1] Worker.wage",
        "ledger Case.workers Place.floor Place.room Query.cases Room.no Worker.permit Worker.place",
        "shelter[1] Worker.guest",
      ],
    },
    {
      it: "goes through a subgraph that has both keys",
      query: "{ cases { workers { balance } } }",
      data: { cases: [{ workers: [{ balance: 0.5 }] }] },
      calls: [
        "bank[1] Worker.balance",
        "ledger Case.workers Query.cases Worker.permit",
        "pay[1] Worker.account",
      ],
    },
    {
      it: "keeps keys canonical whatever the client calls its fields",
      query: "{ cases { workers { permit: id id: permit account: wage place: guest } } }",
      data: { cases: [{ workers: [{ permit: "w1", id: "P9", account: 120, place: true }] }] },
      calls: [
        "labour[1] Worker.wage",
        "ledger Case.workers Place.floor Place.room Query.cases Room.no Worker.id Worker.permit Worker.place",
        "shelter[1] Worker.guest",
      ],
    },
  ],
);

const BOOKS = [
  { code: "b1", id: "1", author: { name: "Amal" } },
  { code: "b2", id: null, author: { name: "Noor" } },
  { code: "b3", id: "3", author: { name: "Sara" } },
];

federationSuite(
  "keys that are null, and entities that are not there",
  {
    shelf: {
      sdl: `
        type Query { shelves: [Shelf] }
        type Shelf { book: Book }
        type Book @key(fields: "code") { code: ID! }`,
      query: { shelves: [...BOOKS.map(({ code }) => ({ book: { code } })), { book: null }] },
      entities: { Book: byKey(BOOKS, "code") },
    },
    index: {
      sdl: `
        type Book @key(fields: "code") @key(fields: "id") { code: ID! id: ID }`,
      entities: { Book: byKey(BOOKS.slice(0, 2), "code") },
    },
    authors: {
      sdl: `
        type Book @key(fields: "id") { id: ID author: Author }
        type Author { name: String }`,
      entities: { Book: byKey(BOOKS, "id") },
    },
  },
  [
    {
      it: "asks about nobody whose key did not come",
      query: "{ shelves { book { code author { name } } } }",
      data: {
        shelves: [
          { book: { code: "b1", author: { name: "Amal" } } },
          { book: { code: "b2", author: null } },
          { book: { code: "b3", author: null } },
          { book: null },
        ],
      },
      calls: [
        "authors[1] Author.name Book.author",
        "index[3] Book.id",
        "shelf Book.code Query.shelves Shelf.book",
      ],
    },
    {
      it: "asks nobody when every key is missing",
      query: "{ shelves @skip(if: true) { book { code } } }",
      data: {},
      calls: [],
    },
  ],
);

const REFERRAL = { id: "r1", items: [{ code: "x" }, { code: "y" }] };

federationSuite(
  "a key that holds a list",
  {
    ledger: {
      sdl: `
        type Query { referral: Referral again: [Referral] }
        type Referral @key(fields: "id items { code }") { id: ID! items: [Item!]! }
        type Item @shareable { code: String! }`,
      query: { referral: REFERRAL, again: [REFERRAL, REFERRAL] },
      entities: { Referral: byKey([REFERRAL], "id") },
    },
    fees: {
      sdl: `
        type Referral @key(fields: "id items { code }") { id: ID! items: [Item!]! total: Int }
        type Item @shareable { code: String! }`,
      entities: {
        Referral: ({ id, items }: Representation) => ({
          id,
          items,
          total: (items as readonly unknown[]).length,
        }),
      },
    },
  },
  [
    {
      it: "sends the whole list",
      query: "{ referral { total } }",
      data: { referral: { total: 2 } },
      calls: ["fees[1] Referral.total", "ledger Item.code Query.referral Referral.id Referral.items"],
    },
    {
      it: "asks once about an entity that occurs twice",
      query: "{ again { id total } }",
      data: {
        again: [
          { id: "r1", total: 2 },
          { id: "r1", total: 2 },
        ],
      },
      calls: ["fees[1] Referral.total", "ledger Item.code Query.again Referral.id Referral.items"],
    },
  ],
);

federationSuite(
  "a value whose parent is asked again",
  {
    cases: {
      sdl: `
        type Query { case: Case }
        type Case @key(fields: "id") { id: ID! status: Status @shareable }
        type Status @shareable { code: String }`,
      query: { case: { id: "c1", status: { code: "OPEN" } } },
      entities: { Case: byKey([{ id: "c1", status: { code: "OPEN" } }], "id") },
    },
    courts: {
      sdl: `
        type Case @key(fields: "id") { id: ID! status: Status @shareable }
        type Status { ruling: Ruling @shareable }
        type Ruling @key(fields: "no") { no: ID }`,
      entities: { Case: byKey([{ id: "c1", status: { ruling: { no: "77" } } }], "id") },
    },
    gazette: {
      sdl: `
        type Ruling @key(fields: "no") { no: ID text: String }`,
      entities: { Ruling: byKey([{ no: "77", text: "Admitted" }], "no") },
    },
  },
  [
    {
      it: "reads each part where it lies and merges them",
      query: "{ case { status { code ruling { text } } } }",
      data: { case: { status: { code: "OPEN", ruling: { text: "Admitted" } } } },
      calls: [
        "cases Case.id Case.status Query.case Status.code",
        "courts[1] Case.status Ruling.no Status.ruling",
        "gazette[1] Ruling.text",
      ],
    },
  ],
);
