/** Subgraphs in the style of Federation 1, and the habits that outlived it. */
import { byKey, federationSuite } from "../support/federation.ts";

const USERS = [{ id: "u1", rid: "r1", name: "Amal", nick: "am" }];

federationSuite(
  "extended types of Federation 1",
  {
    first: {
      sdl: `# federation 1
        type Query { userById: User random: User }
        type User @extends @key(fields: "id") { id: ID! @external rid: ID }`,
      query: { userById: USERS[0], random: USERS[0] },
      entities: { User: byKey(USERS, "id") },
    },
    second: {
      sdl: `# federation 1
        extend type Query { providedUser: User @provides(fields: "rid") }
        type User @key(fields: "id") { id: ID! name: String! rid: ID @external nick: String }`,
      query: { providedUser: USERS[0] },
      entities: { User: byKey(USERS, "id") },
    },
  },
  [
    {
      it: "read a field from the other side",
      query: "{ random { rid name } }",
      data: { random: { rid: "r1", name: "Amal" } },
      calls: ["first Query.random User.id User.rid", "second[1] User.name"],
    },
    {
      it: "take what is provided",
      query: "{ providedUser { id rid nick } }",
      data: { providedUser: { id: "u1", rid: "r1", nick: "am" } },
      calls: ["second Query.providedUser User.id User.nick User.rid"],
    },
  ],
);

const PRODUCT = { id: "p1", name: "Tea", price: 2.5 };

federationSuite(
  "a key that is external in an extension",
  {
    price: {
      sdl: `
        type Query { cheapest: Product }
        extend type Product @key(fields: "id") { id: ID! @external price: Float }`,
      query: { cheapest: { id: "p1", price: 2.5 } },
      entities: { Product: byKey([PRODUCT], "id") },
    },
    product: {
      sdl: `
        type Query { products: [Product!]! }
        type Product @key(fields: "id") { id: ID! name: String! }`,
      query: { products: [PRODUCT] },
      entities: { Product: byKey([PRODUCT], "id") },
    },
  },
  [
    {
      it: "is read where the object starts",
      query: "{ cheapest { id price } }",
      data: { cheapest: { id: "p1", price: 2.5 } },
      calls: ["price Product.id Product.price Query.cheapest"],
    },
    {
      it: "leads to the other subgraph and back",
      query: "{ cheapest { name } products { price } }",
      data: { cheapest: { name: "Tea" }, products: [{ price: 2.5 }] },
      calls: [
        "price Product.id Query.cheapest",
        "price[1] Product.price",
        "product Product.id Query.products",
        "product[1] Product.name",
      ],
    },
  ],
);

const ACCOUNT = { __typename: "Account", id: "a1", username: "amal" };
const NODES = [ACCOUNT, { __typename: "Chat", id: "c1", text: "salam", account: ACCOUNT }];
const nodeById = ({ id }: { readonly id: string }) => NODES.find((node) => node.id === id);

federationSuite(
  "one `node` for types of two subgraphs",
  {
    accounts: {
      sdl: `
        type Query { node(id: ID!): Node @shareable account(id: String!): Account }
        interface Node { id: ID! }
        type Account implements Node @key(fields: "id") { id: ID! username: String! }
        type Chat implements Node @key(fields: "id") { id: ID! account: Account! }`,
      query: { node: nodeById, account: nodeById },
      entities: { Account: byKey(NODES, "id"), Chat: byKey(NODES, "id") },
    },
    chats: {
      sdl: `
        type Query { node(id: ID!): Node @shareable chat(id: String!): Chat }
        interface Node { id: ID! }
        type Account implements Node @key(fields: "id") { id: ID! chats: [Chat!]! }
        type Chat implements Node @key(fields: "id") { id: ID! text: String! }`,
      query: { node: nodeById, chat: nodeById },
      entities: { Account: ({ id }) => ({ id, chats: [NODES[1]] }), Chat: byKey(NODES, "id") },
    },
  },
  [
    {
      it: "answers the object's own fields from either",
      query: '{ node(id: "a1") { __typename id } }',
      data: { node: { __typename: "Account", id: "a1" } },
      calls: ["accounts Node.id Query.node"],
    },
    {
      it: "goes back and forth between the two",
      query: '{ chat(id: "c1") { id account { username chats { text } } } }',
      data: { chat: { id: "c1", account: { username: "amal", chats: [{ text: "salam" }] } } },
      calls: [
        "accounts[1] Account.id Account.username Chat.account",
        "chats Chat.id Query.chat",
        "chats[1] Account.chats Chat.text",
      ],
    },
  ],
);
