/** Fields that another subgraph has taken over: the former one is never asked, whoever starts. */
import { byKey, federationSuite } from "../support/federation.ts";

const never = () => {
  throw new Error("this field was taken over");
};
const OLD = { id: "p1", text: "old words", createdAt: never };
const NEW = { id: "p1", createdAt: "2026" };

federationSuite(
  "a field that moved",
  {
    legacy: {
      sdl: `
        type Query { legacyPosts: [Post] posts: [Post] @shareable }
        type Post @key(fields: "id") { id: ID! text: String createdAt: String }`,
      query: { legacyPosts: [OLD], posts: [OLD] },
      entities: { Post: byKey([OLD], "id") },
    },
    modern: {
      sdl: `
        type Query { modernPosts: [Post] posts: [Post] @shareable }
        type Post @key(fields: "id") { id: ID! createdAt: String @override(from: "legacy") }`,
      query: { modernPosts: [NEW], posts: [NEW] },
      entities: { Post: byKey([NEW], "id") },
    },
  },
  [
    {
      it: "is fetched where it lies now",
      query: "{ legacyPosts { text createdAt } }",
      data: { legacyPosts: [{ text: "old words", createdAt: "2026" }] },
      calls: ["legacy Post.id Post.text Query.legacyPosts", "modern[1] Post.createdAt"],
    },
    {
      it: "needs no other call from there",
      query: "{ modernPosts { createdAt } }",
      data: { modernPosts: [{ createdAt: "2026" }] },
      calls: ["modern Post.createdAt Query.modernPosts"],
    },
    {
      it: "lets a shared root start where it lies",
      query: "{ posts { createdAt } }",
      data: { posts: [{ createdAt: "2026" }] },
      calls: ["modern Post.createdAt Query.posts"],
    },
  ],
);

const IMAGE = { __typename: "Image", id: "i1", createdAt: never };

federationSuite(
  "a field of an interface's object that moved",
  {
    first: {
      sdl: `
        type Query { feed: [Post] }
        interface Post { id: ID! createdAt: String! }
        type Image implements Post @key(fields: "id") { id: ID! createdAt: String! }`,
      query: { feed: [IMAGE] },
      entities: { Image: byKey([IMAGE], "id") },
    },
    second: {
      sdl: `
        type Query { others: [Other] }
        interface Other { id: ID! createdAt: String! }
        interface Post { id: ID! createdAt: String! }
        type Text implements Post @key(fields: "id") { id: ID! createdAt: String! body: String }
        type Image implements Other @key(fields: "id") { id: ID! createdAt: String! @override(from: "first") }`,
      query: { others: [{ ...IMAGE, createdAt: "new" }] },
      entities: { Image: byKey([{ ...IMAGE, createdAt: "new" }], "id"), Text: byKey([], "id") },
    },
  },
  [
    {
      it: "is fetched for each object that the interface gives",
      query: "{ feed { id createdAt } }",
      data: { feed: [{ id: "i1", createdAt: "new" }] },
      calls: ["first Image.id Post.id Query.feed", "second[1] Image.createdAt"],
    },
    {
      it: "stays with the interface of its new subgraph",
      query: "{ others { createdAt ... on Post { id } } }",
      data: { others: [{ createdAt: "new", id: "i1" }] },
      calls: ["second Image.createdAt Image.id Query.others"],
    },
  ],
);

const RATED = { id: "1", stars: 4, label: never };

federationSuite(
  "fields that moved and need others, or come from nowhere",
  {
    a: {
      sdl: `
        type Query { item: Item }
        type Item @key(fields: "id") { id: ID! stars: Int label: String kept: String @shareable }`,
      query: { item: { ...RATED, kept: "a" } },
      entities: { Item: byKey([{ ...RATED, kept: "a" }], "id") },
    },
    b: {
      sdl: `
        type Item @key(fields: "id") {
          id: ID! stars: Int @external kept: String @override(from: "gone") @shareable
          label: String @override(from: "a") @requires(fields: "stars") }`,
      entities: { Item: ({ id, stars }) => ({ id, kept: "a", label: `${stars} stars` }) },
    },
    c: {
      sdl: `
        type Item @key(fields: "id") { id: ID! label: String @external badge: String @requires(fields: "label") }`,
      entities: { Item: ({ id, label }) => ({ id, badge: `(${label})` }) },
    },
  },
  [
    {
      it: "takes the inputs from where they lie",
      query: "{ item { label } }",
      data: { item: { label: "4 stars" } },
      calls: ["a Item.id Item.stars Query.item", "b[1] Item.label"],
    },
    {
      it: "is itself an input from where it lies now",
      query: "{ item { badge } }",
      data: { item: { badge: "(4 stars)" } },
      calls: ["a Item.id Item.stars Query.item", "b[1] Item.label", "c[1] Item.badge"],
    },
    {
      it: "ignores an override of a subgraph that is not there",
      query: "{ item { kept } }",
      data: { item: { kept: "a" } },
      calls: ["a Item.kept Query.item"],
    },
  ],
);

/** A field that moves for a part of the requests: for none, for all, and behind a label that nobody switched on. */
const LABELLED =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"])';

federationSuite(
  "a field that moves by and by",
  {
    was: {
      sdl: `${LABELLED}
        type Query { items: [Item] }
        type Item @key(fields: "id") { id: ID! none: String all: String labelled: String }`,
      query: { items: [{ id: "1", none: "was", all: "was", labelled: "was" }] },
      entities: { Item: byKey([{ id: "1", none: "was", all: "was", labelled: "was" }], "id") },
    },
    will: {
      sdl: `${LABELLED}
        type Item @key(fields: "id") {
          id: ID!
          none: String @override(from: "was", label: "percent(0)")
          all: String @override(from: "was", label: "percent(100)")
          labelled: String @override(from: "was", label: "tried-out") }`,
      entities: { Item: byKey([{ id: "1", none: "will", all: "will", labelled: "will" }], "id") },
    },
  },
  [
    {
      it: "stays where it was for none of a hundred",
      query: "{ items { none } }",
      data: { items: [{ none: "was" }] },
      calls: ["was Item.none Query.items"],
    },
    {
      it: "is where it will be for a hundred of a hundred",
      query: "{ items { all } }",
      data: { items: [{ all: "will" }] },
      calls: ["was Item.id Query.items", "will[1] Item.all"],
    },
    {
      it: "stays where it was until its label is switched on",
      query: "{ items { labelled all } }",
      data: { items: [{ labelled: "was", all: "will" }] },
      calls: ["was Item.id Item.labelled Query.items", "will[1] Item.all"],
    },
  ],
);
