/** An interface in one subgraph that is an object in others (`@interfaceObject`). */
import { byKey, federationSuite } from "../support/federation.ts";

const MEDIA = [
  { __typename: "Video", id: "v1", title: "Hearing", minutes: 12 },
  { __typename: "Article", id: "a1", title: "Report", words: 900 },
];

federationSuite(
  "an interface that others know as an object",
  {
    archive: {
      sdl: `
        type Query { all: [Media] }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Video implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
        type Article implements Media @key(fields: "id") { id: ID! title: String words: Int }`,
      query: { all: MEDIA },
      entities: { Media: byKey(MEDIA, "id"), Video: byKey(MEDIA, "id"), Article: byKey(MEDIA, "id") },
    },
    reviews: {
      sdl: `
        type Query { top: [Media!] }
        type Media @key(fields: "id") @interfaceObject {
          id: ID! title: String @external stars: Int slug: String @requires(fields: "title") }`,
      query: { top: [{ id: "a1", stars: 5 }] },
      entities: {
        Media: ({ id, title }) => ({ id, stars: String(id).length, slug: `${title}`.toLowerCase() }),
      },
    },
    lists: {
      sdl: `
        type Query { list: List }
        type List @key(fields: "id") { id: ID! media: [Media] }
        type Media @key(fields: "id") @interfaceObject { id: ID! }`,
      query: { list: { id: "l1", media: [{ id: "v1" }, { id: "a1" }] } },
      entities: { List: byKey([{ id: "l1" }], "id"), Media: byKey([{ id: "v1" }, { id: "a1" }], "id") },
    },
    people: {
      sdl: `
        type Video @key(fields: "id") { id: ID! speaker: String }`,
      entities: { Video: ({ id }) => ({ id, speaker: `speaker of ${id}` }) },
    },
  },
  [
    {
      it: "adds the object's fields to every member",
      query: "{ all { __typename title stars } }",
      data: {
        all: [
          { __typename: "Video", title: "Hearing", stars: 2 },
          { __typename: "Article", title: "Report", stars: 2 },
        ],
      },
      calls: ["archive Media.id Media.title Query.all", "reviews[2] Media.stars"],
    },
    {
      it: "answers the object's own fields without asking for its type",
      query: "{ top { id stars } }",
      data: { top: [{ id: "a1", stars: 5 }] },
      calls: ["reviews Media.id Media.stars Query.top"],
    },
    {
      it: "asks the interface's home for the type's name",
      query: "{ top { __typename stars } }",
      data: { top: [{ __typename: "Article", stars: 5 }] },
      calls: ["archive[1]", "reviews Media.id Media.stars Query.top"],
    },
    {
      it: "reads a fragment on a member that only the home knows",
      query: "{ top { stars ... on Article { words } ... on Video { minutes } } }",
      data: { top: [{ stars: 5, words: 900 }] },
      calls: ["archive[1] Article.words Video.minutes", "reviews Media.id Media.stars Query.top"],
    },
    {
      it: "reads a fragment of an object's field on one member alone",
      query: "{ all { title ... on Video { stars } } }",
      data: { all: [{ title: "Hearing", stars: 2 }, { title: "Report" }] },
      calls: ["archive Media.title Query.all Video.id", "reviews[1] Media.stars"],
    },
    {
      it: "fetches what an object's field requires",
      query: "{ all { slug } }",
      data: { all: [{ slug: "hearing" }, { slug: "report" }] },
      calls: ["archive Media.id Media.title Query.all", "reviews[2] Media.slug"],
    },
    {
      it: "goes from one object to another through the home",
      query: "{ list { media { title stars ... on Video { speaker } } } }",
      data: {
        list: {
          media: [
            { title: "Hearing", stars: 2, speaker: "speaker of v1" },
            { title: "Report", stars: 2 },
          ],
        },
      },
      calls: [
        "lists List.media Media.id Query.list",
        "archive[2] Media.title Video.id",
        "people[1] Video.speaker",
        "reviews[2] Media.stars",
      ],
    },
  ],
);

federationSuite(
  "interface objects of each other's interfaces, not resolvable",
  {
    a: {
      sdl: `
        type Query { node: Node item: Item! }
        interface Node @key(fields: "id") { id: ID! }
        type Item @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }`,
      query: { node: null, item: { id: "i1" } },
    },
    b: {
      sdl: `
        type Query { other: Node }
        type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! note: String }
        interface Item @key(fields: "id") { id: ID! }
        type Bread implements Item @key(fields: "id") { id: ID! name: String! }`,
      query: { other: { id: "n1", note: "from b" } },
      entities: {
        Item: byKey([{ __typename: "Bread", id: "i1", name: "Khubz" }], "id"),
        Bread: byKey([{ __typename: "Bread", id: "i1", name: "Khubz" }], "id"),
      },
    },
  },
  [
    {
      it: "reads the object's field where it starts",
      query: "{ other { id note } }",
      data: { other: { id: "n1", note: "from b" } },
      calls: ["b Node.id Node.note Query.other"],
    },
    {
      it: "finds the member from an object that cannot be resolved",
      query: "{ item { __typename id ... on Bread { name } } }",
      data: { item: { __typename: "Bread", id: "i1", name: "Khubz" } },
      calls: ["a Item.id Query.item", "b[1] Bread.name"],
    },
    {
      it: "answers nothing for an interface that nobody implements",
      query: "{ node { id } }",
      data: { node: null },
      calls: ["a Node.id Query.node"],
    },
  ],
);

const LINK = { __typename: "Link", id: "1", a: 1 };

federationSuite(
  "an interface object that leads to itself",
  {
    home: {
      sdl: `
        type Query { q: Link }
        interface Node @key(fields: "id") { id: ID! }
        type Link implements Node @key(fields: "id") { id: ID! a: Int }`,
      query: { q: LINK },
      entities: { Node: byKey([LINK], "id"), Link: byKey([LINK], "id") },
    },
    other: {
      sdl: 'type Node @key(fields: "id") @interfaceObject { id: ID! x: Int next: Node }',
      entities: { Node: byKey([{ id: "1", x: 3, next: { id: "1", x: 3 } }], "id") },
    },
  },
  [
    {
      it: "is known by its key where fragments alone are asked",
      query: "{ q { next { ... on Link { x } } } }",
      data: { q: { next: { x: 3 } } },
      calls: ["home Link.id Query.q", "home[1]", "other[1] Node.id Node.next", "other[1] Node.x"],
    },
  ],
);

const NODES = [
  { __typename: "Link", id: "1", at: [1] },
  { __typename: "Page", id: "2", at: [null] },
];

federationSuite(
  "a root that the interface's home shares with an object",
  {
    home: {
      sdl: `
        type Query { nodes: [Node]! @shareable }
        interface Node @key(fields: "id") { id: ID! at: [Int!]! }
        type Link implements Node @key(fields: "id") { id: ID! at: [Int!]! }
        type Page implements Node @key(fields: "id") { id: ID! at: [Int!]! }`,
      query: { nodes: NODES },
      entities: { Node: byKey(NODES, "id"), Link: byKey(NODES, "id"), Page: byKey(NODES, "id") },
    },
    other: {
      sdl: `
        type Query { nodes: [Node]! @shareable }
        type Node @key(fields: "id") @interfaceObject { id: ID! x: Int }`,
      query: { nodes: NODES.map(({ id }) => ({ id, x: 1 })) },
      entities: { Node: byKey([{ id: "1", x: 1 }], "id") },
    },
  },
  [
    {
      it: "shows no row of which the home did not tell the type",
      query: "{ nodes { ... on Page { at } x __typename } }",
      data: { nodes: [{ x: 1, __typename: "Link" }, null] },
      errors: ["AGENCY_BAD_REPLY home nodes.1.at.0"],
      calls: ["home Page.at Query.nodes", "other Node.x Query.nodes"],
    },
    {
      it: "shows what the object knows where the type plays no part",
      query: "{ nodes { x } }",
      data: { nodes: [{ x: 1 }, { x: 1 }] },
      calls: ["other Node.x Query.nodes"],
    },
  ],
);
