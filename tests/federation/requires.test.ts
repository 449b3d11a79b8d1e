/** Fields that need fields of others: chains, circles, arguments, interfaces, nested inputs, inputs that are null. */
import { byKey, federationSuite, type Representation } from "../support/federation.ts";

const WORKERS = [
  { id: "w1", wage: 100, hours: 50, score: 7 },
  { id: "w2", wage: 400, hours: null, score: 1 },
];

/** Answers from what the representation carries, so that a plan that forgets an input shows. */
const from =
  (compute: (given: Representation) => Readonly<Record<string, unknown>>) => (given: Representation) => ({
    ...given,
    ...compute(given),
  });

federationSuite(
  "a chain through three subgraphs",
  {
    labour: {
      sdl: `
        type Query { workers: [Worker!]! worker(id: ID!): Worker }
        type Worker @key(fields: "id") { id: ID! wage: Int hours: Int }`,
      query: {
        workers: WORKERS,
        worker: ({ id }: { readonly id: string }) => WORKERS.find((worker) => worker.id === id),
      },
      entities: { Worker: byKey(WORKERS, "id") },
    },
    risk: {
      sdl: `
        type Worker @key(fields: "id") {
          id: ID! wage: Int @external hours: Int @external
          underpaid: Boolean @requires(fields: "wage hours") tenure: Int }`,
      entities: {
        Worker: from(({ wage, hours }) => ({
          underpaid: wage === undefined || hours === null ? null : (wage as number) < 200,
          tenure: 3,
        })),
      },
    },
    worklist: {
      sdl: `
        type Worker @key(fields: "id") {
          id: ID! underpaid: Boolean @external
          visit: String @requires(fields: "underpaid") }`,
      entities: {
        Worker: from(({ underpaid }) => ({ visit: underpaid === undefined ? "?" : `${underpaid}` })),
      },
    },
  },
  [
    {
      it: "fetches the inputs of an input, in order",
      query: "{ workers { visit } }",
      data: { workers: [{ visit: "true" }, { visit: "null" }] },
      calls: [
        "labour Query.workers Worker.hours Worker.id Worker.wage",
        "risk[2] Worker.underpaid",
        "worklist[2] Worker.visit",
      ],
    },
    {
      it: "shows nothing that was fetched as an input only",
      query: '{ worker(id: "w2") { wage: underpaid hours: visit } }',
      data: { worker: { wage: null, hours: "null" } },
      calls: [
        "labour Query.worker Worker.hours Worker.id Worker.wage",
        "risk[1] Worker.underpaid",
        "worklist[1] Worker.visit",
      ],
    },
    {
      it: "fetches no input for fields that need none",
      query: "{ workers { tenure } }",
      data: { workers: [{ tenure: 3 }, { tenure: 3 }] },
      calls: ["labour Query.workers Worker.id", "risk[2] Worker.tenure"],
    },
    {
      it: "asks nobody about an object that is not there",
      query: '{ worker(id: "none") { visit } }',
      data: { worker: null },
      calls: ["labour Query.worker Worker.hours Worker.id Worker.wage"],
    },
  ],
);

federationSuite(
  "a circle between two subgraphs",
  {
    posts: {
      sdl: `
        type Query { posts: [Post] }
        type Post @key(fields: "id") {
          id: ID! novice: Boolean @external expert: Boolean @requires(fields: "novice") }
        type Author @key(fields: "id") { id: ID! name: String years: Int }`,
      query: { posts: [{ id: "p1" }, { id: "p2" }] },
      entities: {
        Post: from(({ novice }) => ({ expert: !novice })),
        Author: byKey(
          [
            { id: "a1", name: "Amal", years: 1 },
            { id: "a2", name: "Noor", years: 9 },
          ],
          "id",
        ),
      },
    },
    authors: {
      sdl: `
        type Post @key(fields: "id") {
          id: ID! author: Author novice: Boolean @requires(fields: "author { years }") }
        type Author @key(fields: "id") { id: ID! years: Int @external }`,
      entities: {
        Post: from(({ id, author }) => ({
          author: { id: `a${String(id).slice(1)}` },
          novice: ((author as { readonly years: number } | undefined)?.years ?? 100) < 5,
        })),
      },
    },
  },
  [
    {
      it: "goes there and back as often as the inputs need",
      query: "{ posts { expert } }",
      data: { posts: [{ expert: false }, { expert: true }] },
      calls: [
        "authors[2] Author.id Post.author",
        "authors[2] Post.novice",
        "posts Post.id Query.posts",
        "posts[2] Author.years",
        "posts[2] Post.expert",
      ],
    },
  ],
);

federationSuite(
  "inputs with arguments",
  {
    prices: {
      sdl: `
        enum Currency { BHD USD }
        type Query { item: Item }
        type Item @key(fields: "id") {
          id: ID! price(in: Currency!): Int weight(grams: Boolean = false): Int group: Group }
        type Group @shareable { mean(in: Currency!): Int }`,
      query: { item: { id: "i1", ...item() } },
      entities: { Item: ({ id }: Representation) => ({ id, ...item() }) },
    },
    shipping: {
      sdl: `
        enum Currency { BHD USD }
        type Item @key(fields: "id") {
          id: ID! price(in: Currency!): Int @external weight(grams: Boolean = false): Int @external
          group: Group @external
          inDinar: Int @requires(fields: "price(in: BHD) weight(grams: true)")
          inDollar: Int @requires(fields: "price(in: USD) weight")
          compared: Int @requires(fields: "group { mean(in: BHD) }") }
        type Group @shareable { mean(in: Currency!): Int }`,
      entities: {
        Item: from(({ price, weight, group }) => ({
          inDinar: Number(price) + Number(weight),
          inDollar: Number(price) + Number(weight),
          compared: (group as { readonly mean: number } | undefined)?.mean,
        })),
      },
    },
  },
  [
    {
      it: "passes the input with the arguments that were declared, whatever the client asks for",
      query: "{ item { price: price(in: USD) inDinar weight } }",
      data: { item: { price: 10_000, inDinar: 4_000, weight: 3 } },
      calls: ["prices Item.id Item.price Item.weight Query.item", "shipping[1] Item.inDinar"],
    },
    {
      it: "keeps two inputs of one name and other arguments apart",
      query: "{ item { inDinar inDollar } }",
      data: { item: { inDinar: 4_000, inDollar: 10_003 } },
      calls: ["prices Item.id Item.price Item.weight Query.item", "shipping[2] Item.inDinar Item.inDollar"],
    },
    {
      it: "passes arguments within a nested input",
      query: "{ item { compared group { mean(in: USD) } } }",
      data: { item: { compared: 100, group: { mean: 1_000 } } },
      calls: ["prices Group.mean Item.group Item.id Query.item", "shipping[1] Item.compared"],
    },
  ],
);

federationSuite(
  "an input with arguments that is fetched on its own",
  {
    prices: {
      sdl: `
        type Query { item: Item }
        type Item @key(fields: "id") @key(fields: "code") { id: ID! code: ID! price(double: Boolean): Int }`,
      query: { item: { id: "1", code: "c", ...priced() } },
      entities: { Item: ({ id, code }: Representation) => ({ id, code, ...priced() }) },
    },
    taxes: {
      sdl: `
        type Item @key(fields: "code") @key(fields: "id") {
          id: ID! code: ID! price(double: Boolean): Int @external
          tax: Int @requires(fields: "price(double: true)") }`,
      entities: { Item: from(({ price }) => ({ id: "1", code: "c", tax: Number(price) / 10 })) },
    },
  },
  [
    {
      it: "changes nothing of the same field as the client asks for it",
      query: "{ item { tax price } }",
      data: { item: { tax: 200, price: 1_000 } },
      calls: [
        "prices Item.id Item.price Query.item",
        "prices[1] Item.price",
        "taxes[1] Item.code Item.id",
        "taxes[1] Item.tax",
      ],
    },
  ],
);

function priced() {
  return { price: ({ double }: { readonly double?: boolean }) => (double ? 2_000 : 1_000) };
}

function item() {
  return {
    price: (args: { readonly in: string }) => (args.in === "BHD" ? 1_000 : 10_000),
    weight: ({ grams }: { readonly grams: boolean }) => (grams ? 3_000 : 3),
    group: { mean: (args: { readonly in: string }) => (args.in === "BHD" ? 100 : 1_000) },
  };
}

const ADDRESSES = [
  { __typename: "Home", id: "h1", city: "Manama" },
  { __typename: "Work", id: "w1", city: "Riffa" },
];
const USERS = [
  { id: "u1", address: ADDRESSES[0] },
  { id: "u2", address: ADDRESSES[1] },
  { id: "u3", address: null },
];

federationSuite(
  "inputs behind an interface",
  {
    users: {
      sdl: `
        type Query { users: [User] }
        interface Address { id: ID! }
        type Home implements Address @key(fields: "id") { id: ID! city: String @shareable }
        type Work implements Address @key(fields: "id") { id: ID! city: String @shareable }
        type User @key(fields: "id") { id: ID! address: Address }`,
      query: { users: USERS },
      entities: { User: byKey(USERS, "id"), Home: byKey(ADDRESSES, "id"), Work: byKey(ADDRESSES, "id") },
    },
    maps: {
      sdl: `
        interface Address { id: ID! }
        type Home implements Address @key(fields: "id") { id: ID! city: String @shareable }
        type Work implements Address @key(fields: "id") { id: ID! city: String @shareable }
        type User @key(fields: "id") {
          id: ID! address: Address @external
          near: String @requires(fields: "address { id }")
          office: String @requires(fields: "address { ... on Work { id } }") }`,
      entities: {
        User: from(({ address }) => {
          const given = address as { readonly __typename?: string; readonly id?: string } | null | undefined;
          return {
            near: given === undefined ? "?" : (given?.id ?? "none"),
            office: given === undefined ? "?" : `${given?.__typename === "Work" ? given.id : "none"}`,
          };
        }),
      },
    },
  },
  [
    {
      it: "sends the object with its type, and null for none",
      query: "{ users { near } }",
      data: { users: [{ near: "h1" }, { near: "w1" }, { near: "none" }] },
      calls: ["maps[3] User.near", "users Address.id Query.users User.address User.id"],
    },
    {
      it: "sends what a fragment in the input names",
      query: "{ users { office } }",
      data: { users: [{ office: "none" }, { office: "w1" }, { office: "none" }] },
      calls: ["maps[3] User.office", "users Query.users User.address User.id Work.id"],
    },
  ],
);

const CONDITIONS = {
  a: {
    sdl: `
      type Query { item: Item }
      type Item @key(fields: "id") { id: ID! price: Int }`,
    query: { item: { id: "1", price: 600 } },
    entities: { Item: byKey([{ id: "1", price: 600 }], "id") },
  },
  b: {
    sdl: `
      type Item @key(fields: "id") { id: ID! price: Int @external dear: Boolean @requires(fields: "price") }`,
    entities: { Item: from(({ price }) => ({ dear: Number(price) > 500 })) },
  },
  c: {
    sdl: `
      type Item @key(fields: "id") {
        id: ID! dear: Boolean @external tax: Boolean @requires(fields: "dear") free: Boolean @requires(fields: "dear") }`,
    entities: { Item: from(({ dear }) => ({ tax: dear, free: !dear })) },
  },
};

federationSuite("conditions on fields with inputs", CONDITIONS, [
  {
    it: "asks for inputs of included fields only",
    query: "query($yes: Boolean!, $no: Boolean!) { item { tax @include(if: $yes) free @include(if: $no) } }",
    variables: { yes: true, no: false },
    data: { item: { tax: true } },
    calls: ["a Item.id Item.price Query.item", "b[1] Item.dear", "c[1] Item.tax"],
  },
  {
    it: "asks nobody for skipped fields, nor for their inputs",
    query: "query($yes: Boolean = true) { item { id tax @skip(if: $yes) ... @include(if: false) { free } } }",
    data: { item: { id: "1" } },
    calls: ["a Item.id Query.item"],
  },
  {
    it: "leaves an object of skipped fields empty",
    query: "query($no: Boolean!) { item { ... @include(if: $no) { tax free } } }",
    variables: { no: false },
    data: { item: {} },
    calls: ["a Query.item"],
  },
]);
