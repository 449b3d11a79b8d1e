/** What several subgraphs declare: roots, values, enums, inputs, hidden fields, types that differ in nullability. */
import { byKey, federationSuite } from "../support/federation.ts";

federationSuite(
  "a root that three subgraphs share",
  {
    names: {
      sdl: `
        type Query { product: Product @shareable }
        type Product @shareable { name: Name }
        type Name { first: String last: String }`,
      query: { product: { name: { first: "Tea", last: "Pot" } } },
    },
    prices: {
      sdl: `
        type Query { product: Product @shareable }
        type Product @shareable { price: Price }
        type Price { amount: Int currency: String }`,
      query: { product: { price: { amount: 3, currency: "BHD" } } },
    },
    groups: {
      sdl: `
        type Query { product: Product @shareable only: Int }
        type Product @shareable { group: String }`,
      query: { product: { group: "kitchen" }, only: 1 },
    },
  },
  [
    {
      it: "asks each for its own part, and merges in the order requested",
      query: "{ product { price { currency } group name { last } } }",
      data: { product: { price: { currency: "BHD" }, group: "kitchen", name: { last: "Pot" } } },
      calls: [
        "groups Product.group Query.product",
        "names Name.last Product.name Query.product",
        "prices Price.currency Product.price Query.product",
      ],
    },
    {
      it: "asks only those whose part is wanted",
      query: "{ product { price { amount } } only }",
      data: { product: { price: { amount: 3 } }, only: 1 },
      calls: ["groups Query.only", "prices Price.amount Product.price Query.product"],
    },
    {
      it: "keeps parts under other names apart",
      query: "{ one: product { price { a: amount } } two: product { price { a: currency } } }",
      data: { one: { price: { a: 3 } }, two: { price: { a: "BHD" } } },
      calls: ["prices Price.amount Price.currency Product.price Query.product"],
    },
  ],
);

const USERS = [
  { id: "u1", kind: "REGULAR" },
  { id: "u2", kind: "ANONYMOUS" },
];

federationSuite(
  "enums and inputs of which each knows another part",
  {
    a: {
      sdl: `
        type Query { users: [User] pages(by: Page!): [Int!] }
        type User @key(fields: "id") { id: ID kind: Kind @shareable }
        enum Kind { REGULAR }
        input Page { first: Int! }`,
      query: { users: USERS, pages: ({ by }: { readonly by: { readonly first: number } }) => [by.first] },
      entities: { User: byKey(USERS, "id") },
    },
    b: {
      sdl: `
        type Query { byKind(kind: Kind!): [User!] kinds: [Kind] from(by: Page!): [String!] }
        type User @key(fields: "id") { id: ID kind: Kind @shareable }
        enum Kind { ANONYMOUS @inaccessible REGULAR }
        input Page { offset: Int first: Int! }`,
      query: {
        byKind: ({ kind }: { readonly kind: string }) => USERS.filter((user) => user.kind === kind),
        kinds: ["REGULAR", "ANONYMOUS"],
        from: ({ by }: { readonly by: unknown }) => [JSON.stringify(by)],
      },
      entities: { User: byKey(USERS, "id") },
    },
  },
  [
    {
      it: "passes values that both know",
      query: "query($kind: Kind! = REGULAR) { byKind(kind: $kind) { id kind } }",
      data: { byKind: [{ id: "u1", kind: "REGULAR" }] },
      calls: ["b Query.byKind User.id User.kind"],
    },
    {
      it: "nulls a value that is hidden from everybody",
      query: "{ kinds }",
      data: { kinds: ["REGULAR", null] },
      errors: ["AGENCY_BAD_REPLY b kinds.1"],
      calls: ["b Query.kinds"],
    },
    {
      it: "nulls a value that the answering subgraph does not know",
      query: "{ users { id kind } }",
      data: {
        users: [
          { id: "u1", kind: "REGULAR" },
          { id: "u2", kind: null },
        ],
      },
      errors: ["AGENCY_BAD_REPLY a users.1.kind"],
      calls: ["a Query.users User.id User.kind"],
    },
    {
      it: "passes inputs that both know",
      query: "query($n: Int!) { pages(by: {first: $n}) from(by: {first: 2}) }",
      variables: { n: 5 },
      data: { pages: [5], from: ['{"first":2}'] },
      calls: ["a Query.pages", "b Query.from"],
    },
  ],
);

federationSuite(
  "a type that is stricter in another subgraph",
  {
    loose: {
      sdl: `
        type Query { people: [Person!]! }
        type Person { id: ID @shareable }`,
      query: { people: [{ id: "p1" }, { id: null }] },
    },
    strict: {
      sdl: `
        type Query { accounts: [Account!]! }
        union Account = Person | Robot
        type Person @key(fields: "id") { id: ID! name: String likes: [Account!]! }
        type Robot { id: ID name: String @shareable likes: [Account!]! }`,
      query: {
        accounts: [
          { __typename: "Person", id: "p1", name: "Amal", likes: [] },
          {
            __typename: "Robot",
            id: "r1",
            name: "Unit",
            likes: [{ __typename: "Person", id: "p2", likes: [] }],
          },
        ],
      },
      entities: { Person: byKey([{ id: "p1", name: "Amal", likes: [] }], "id") },
    },
  },
  [
    {
      it: "takes the looser one for both",
      query: "{ people { id } }",
      data: { people: [{ id: "p1" }, { id: null }] },
      calls: ["loose Person.id Query.people"],
    },
    {
      it: "takes members whose fields differ in nullability",
      query: "{ accounts { ... on Person { id name } ... on Robot { id likes { ... on Person { id } } } } }",
      data: {
        accounts: [
          { id: "p1", name: "Amal" },
          { id: "r1", likes: [{ id: "p2" }] },
        ],
      },
      calls: ["strict Person.id Person.name Query.accounts Robot.id Robot.likes"],
    },
  ],
);

const FRIENDS = [
  { id: "u1", age: 30, friends: [{ id: "u2" }] },
  { id: "u2", age: 40, friends: [] },
];

federationSuite(
  "fields and types that nobody may see",
  {
    people: {
      sdl: `
        type Query { people: [Person!]! secret: Secret @inaccessible }
        type Person @key(fields: "id") { id: ID! friends(kind: Kind = FAMILY, salt: Int @inaccessible): [Person!]! }
        type Secret @inaccessible { word: String }
        enum Kind { FAMILY WORK @inaccessible }`,
      query: { people: FRIENDS },
      entities: { Person: byKey(FRIENDS, "id") },
    },
    ages: {
      sdl: `
        type Person @key(fields: "id") {
          id: ID! age: Int @inaccessible adult: Boolean label: String @shareable }`,
      entities: {
        Person: byKey(
          FRIENDS.map((one) => ({ ...one, adult: true, label: "l" })),
          "id",
        ),
      },
    },
    labels: {
      sdl: `
        type Person @key(fields: "id") { id: ID! age: Int @external older: Int @requires(fields: "age") }`,
      entities: { Person: ({ id, age }) => ({ id, older: Number(age) + 1 }) },
    },
  },
  [
    {
      it: "serve as inputs all the same",
      query: "{ people { older friends { older } } }",
      data: {
        people: [
          { older: 31, friends: [{ older: 41 }] },
          { older: 41, friends: [] },
        ],
      },
      calls: ["ages[2] Person.age", "labels[2] Person.older", "people Person.friends Person.id Query.people"],
    },
    {
      it: "are in no introspection",
      query: `{
        person: __type(name: "Person") { fields { name args { name } } }
        secret: __type(name: "Secret") { name }
        kind: __type(name: "Kind") { enumValues { name } } }`,
      data: {
        person: {
          fields: [
            { name: "id", args: [] },
            { name: "adult", args: [] },
            { name: "label", args: [] },
            { name: "older", args: [] },
            { name: "friends", args: [{ name: "kind" }] },
          ],
        },
        secret: null,
        kind: { enumValues: [{ name: "FAMILY" }] },
      },
      calls: [],
    },
  ],
);
