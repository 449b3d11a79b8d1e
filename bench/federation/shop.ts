/**
 * The public gateway benchmark's schema (graphql-hive/graphql-gateways-benchmark) as four subgraphs, and the same in one schema.
 *
 * `shippingEstimate` needs price and weight and is null all the same, as there.
 */
import type { IResolvers } from "@graphql-tools/utils";
import {
  PRODUCTS,
  type Product,
  productOf,
  type Review,
  reviewsBy,
  reviewsOf,
  USERS,
  type User,
  userOf,
} from "./shop-data.ts";
import { LINK, type Subgraph, type Workload, wholeSchema } from "./workload.ts";

const userRoots = {
  me: () => USERS[0],
  user: (_: unknown, { id }: { readonly id: string }) => userOf(id),
  users: () => USERS,
};
const productRoots = {
  topProducts: (_: unknown, { first }: { readonly first: number }) => PRODUCTS.slice(0, first),
};
const reviewJoins: IResolvers = {
  User: { reviews: ({ id }: User) => reviewsBy(id) },
  Product: { reviews: ({ upc }: Product) => reviewsOf(upc) },
  Review: {
    product: ({ upc }: Review) => productOf(upc),
    author: ({ author }: Review) => userOf(author),
  },
};

const subgraphs: readonly Subgraph[] = [
  {
    name: "accounts",
    typeDefs: `${LINK}
      type Query { me: User user(id: ID!): User users: [User] }
      type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }`,
    resolvers: { Query: userRoots },
    references: { User: ({ id }) => userOf(String(id)) },
  },
  {
    name: "inventory",
    typeDefs: `${LINK}
      type Product @key(fields: "upc") {
        upc: String! weight: Int @external price: Int @external
        inStock: Boolean shippingEstimate: Int @requires(fields: "price weight")
      }`,
    resolvers: {},
    references: { Product: ({ upc }) => productOf(String(upc)) },
  },
  {
    name: "products",
    typeDefs: `${LINK}
      type Query { topProducts(first: Int = 5): [Product] }
      type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
    resolvers: { Query: productRoots },
    references: { Product: ({ upc }) => productOf(String(upc)) },
  },
  {
    name: "reviews",
    typeDefs: `${LINK}
      type Review @key(fields: "id") { id: ID! body: String product: Product author: User @provides(fields: "username") }
      type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
      type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    resolvers: reviewJoins,
    references: {
      User: ({ id }) => userOf(String(id)),
      Product: ({ upc }) => productOf(String(upc)),
      Review: () => null,
    },
  },
];

const whole = wholeSchema(
  `type Query { me: User user(id: ID!): User users: [User] topProducts(first: Int = 5): [Product] }
   type User { id: ID! name: String username: String birthday: Int reviews: [Review] }
   type Product {
     upc: String! name: String price: Int weight: Int inStock: Boolean shippingEstimate: Int reviews: [Review]
   }
   type Review { id: ID! body: String product: Product author: User }`,
  { ...reviewJoins, Query: { ...userRoots, ...productRoots } },
);

export const SHOP: Workload = { subgraphs, whole };
