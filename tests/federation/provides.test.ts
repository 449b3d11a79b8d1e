/** Fields that a subgraph provides on one path only: taken there, and never asked of it elsewhere. */
import { byKey, federationSuite } from "../support/federation.ts";

const CATEGORIES = [
  { id: "c1", name: "Food", within: [{ id: "c2", name: "Bread" }] },
  { id: "c2", name: "Bread", within: [] },
];
const PRODUCTS = [{ id: "p1", categories: [CATEGORIES[0], CATEGORIES[1]] }];

federationSuite(
  "nested provides",
  {
    shop: {
      sdl: `
        type Query { products: [Product] @provides(fields: "categories { id name within { id name } }") plain: [Product] }
        type Product @key(fields: "id") { id: ID! categories: [Category] @external }
        type Category @key(fields: "id") { id: ID! name: String @external within: [Category] @external }`,
      query: { products: PRODUCTS, plain: [{ id: "p1" }] },
      entities: { Product: byKey([{ id: "p1" }], "id"), Category: byKey([{ id: "c1" }, { id: "c2" }], "id") },
    },
    catalogue: {
      sdl: `
        type Product @key(fields: "id") { id: ID! categories: [Category] }
        type Category @key(fields: "id") { id: ID! name: String within: [Category] notes: String }`,
      entities: {
        Product: byKey(PRODUCTS, "id"),
        Category: byKey(
          CATEGORIES.map((category) => ({ ...category, notes: `on ${category.id}` })),
          "id",
        ),
      },
    },
  },
  [
    {
      it: "answers from the path that provides, alone",
      query: "{ products { categories { name within { name } } } }",
      data: {
        products: [
          {
            categories: [
              { name: "Food", within: [{ name: "Bread" }] },
              { name: "Bread", within: [] },
            ],
          },
        ],
      },
      calls: ["shop Category.name Category.within Product.categories Query.products"],
    },
    {
      it: "asks the owner for what is not provided",
      query: "{ products { categories { name notes } } }",
      data: {
        products: [
          {
            categories: [
              { name: "Food", notes: "on c1" },
              { name: "Bread", notes: "on c2" },
            ],
          },
        ],
      },
      calls: [
        "catalogue[2] Category.notes",
        "shop Category.id Category.name Product.categories Query.products",
      ],
    },
    {
      it: "asks the owner on a path that provides nothing",
      query: "{ plain { categories { name } } }",
      data: { plain: [{ categories: [{ name: "Food" }, { name: "Bread" }] }] },
      calls: ["catalogue[1] Category.name Product.categories", "shop Product.id Query.plain"],
    },
  ],
);

const CAT = { __typename: "Cat", id: "k1", name: "Mina", age: 4 };
const BOOK = { __typename: "Book", id: "b1", title: "Law", animals: [CAT] };
const FILM = { __typename: "Film", id: "f1", title: "Work" };

federationSuite(
  "provides behind an interface",
  {
    feed: {
      sdl: `
        type Query { media: Media @provides(fields: "animals { id name }") }
        interface Media { id: ID! animals: [Animal] }
        interface Animal { id: ID! name: String }
        type Book implements Media { id: ID! @shareable animals: [Animal] @external }
        type Cat implements Animal { id: ID! @external name: String @external }`,
      query: { media: BOOK },
    },
    library: {
      sdl: `
        interface Media { id: ID! animals: [Animal] }
        interface Animal { id: ID! name: String }
        type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @shareable }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }`,
      entities: { Book: byKey([BOOK], "id"), Cat: byKey([CAT], "id") },
    },
  },
  [
    {
      it: "takes the provided fields of whatever object it is, in one call",
      query: "{ media { id animals { id name } } }",
      data: { media: { id: "b1", animals: [{ id: "k1", name: "Mina" }] } },
      calls: ["feed Book.animals Cat.id Cat.name Media.id Query.media"],
    },
    {
      it: "asks the owner for what is not provided",
      query: "{ media { animals { name ... on Cat { age } } } }",
      data: { media: { animals: [{ name: "Mina", age: 4 }] } },
      calls: ["feed Book.animals Cat.id Cat.name Query.media", "library[1] Cat.age"],
    },
  ],
);

federationSuite(
  "provides on a union",
  {
    feed: {
      sdl: `
        type Query { media: [Media] @provides(fields: "... on Book { title }") }
        union Media = Book | Film
        type Book @key(fields: "id") { id: ID! title: String @external }
        type Film @key(fields: "id") { id: ID! }`,
      query: { media: [BOOK, { __typename: "Film", id: "f1" }] },
      entities: { Book: byKey([BOOK], "id"), Film: byKey([FILM], "id") },
    },
    library: {
      sdl: `
        type Book @key(fields: "id") { id: ID! title: String }
        type Film @key(fields: "id") { id: ID! title: String }`,
      entities: { Book: byKey([BOOK], "id"), Film: byKey([FILM], "id") },
    },
  },
  [
    {
      it: "takes what is provided for one member and asks for the other",
      query: "{ media { ... on Book { title } ... on Film { title } } }",
      data: { media: [{ title: "Law" }, { title: "Work" }] },
      calls: ["feed Book.title Film.id Query.media", "library[1] Film.title"],
    },
    {
      it: "asks one subgraph when one is enough",
      query: "{ media { ... on Book { title } } }",
      data: { media: [{ title: "Law" }, {}] },
      calls: ["feed Book.title Query.media"],
    },
  ],
);
