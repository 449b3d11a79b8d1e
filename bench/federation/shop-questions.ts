/**
 * What the public gateway benchmark asks, with the plans that the best planner makes.
 *
 * standard   its TestQuery: much of the answer is the same few rows again. 87,599 bytes, 7 calls in 4 waves.
 * distinct   the same depth from one user of 1,000, who have nothing in common. 5,066 bytes for user 123, 5 calls in 4 waves.
 */
import { PRODUCTS, type Product, productOf, reviewsBy, USERS } from "./shop-data.ts";
import { entities, type Planned, type SubgraphCall } from "./workload.ts";

const FRAGMENTS = `
fragment User on User {
  id
  username
  name
}

fragment Review on Review {
  id
  body
}

fragment Product on Product {
  inStock
  name
  price
  shippingEstimate
  upc
  weight
}
`;

/** Of a user or a product: who wrote its reviews, and what else they wrote. */
const WRITTEN = "...Review author { ...User reviews { ...Review product { ...Product } } }";

const STANDARD = `query TestQuery {
  users { ...User reviews { ...Review product { ...Product reviews { ${WRITTEN} } } } }
  topProducts { ...Product reviews { ${WRITTEN} } }
}
${FRAGMENTS}`;

const DISTINCT = `query TestQuery($id: ID!) {
  user(id: $id) { ...User reviews { ...Review product { ...Product reviews { ${WRITTEN} } } } }
}
${FRAGMENTS}`;

const TOP_PRODUCTS = PRODUCTS.slice(0, 5);
const REVIEWED = "id body author{__typename id reviews{id body product{__typename upc}} username}";

const userKey = (id: string) => ({ __typename: "User", id });
const productKey = ({ upc }: Product) => ({ __typename: "Product", upc });
const stockKey = ({ upc, price, weight }: Product) => ({ __typename: "Product", upc, price, weight });

const userCall = (query: string, variables?: Readonly<Record<string, unknown>>): SubgraphCall => ({
  subgraph: "accounts",
  query,
  ...(variables ? { variables } : {}),
});
const namesOf = (ids: readonly string[]) => entities("accounts", "...on User{name}", ids.map(userKey));
const productsOf = (products: readonly Product[]) =>
  entities("products", "...on Product{price weight name}", products.map(productKey));
const stockOf = (products: readonly Product[]) =>
  entities("inventory", "...on Product{inStock shippingEstimate}", products.map(stockKey));

export function standard(): Planned {
  const first = PRODUCTS.slice(0, 1);
  return {
    operation: { query: STANDARD },
    plan: [
      [
        { subgraph: "products", query: "{topProducts{__typename upc name price weight}}" },
        userCall("{users{__typename id username name}}"),
      ],
      [stockOf(TOP_PRODUCTS), reviewsOfBoth()],
      [productsOf(first), namesOf(["1"])],
      [stockOf(first)],
    ],
  };
}

/** Both lists of representations in one call. */
const reviewsOfBoth = (): SubgraphCall => ({
  subgraph: "reviews",
  query: `query($p:[_Any!]!,$u:[_Any!]!){_0:_entities(representations:$p){...on Product{reviews{...a}}} _1:_entities(representations:$u){...on User{reviews{id body product{__typename upc reviews{...a}}}}}} fragment a on Review{${REVIEWED}}`,
  variables: { p: TOP_PRODUCTS.map(productKey), u: USERS.map(({ id }) => userKey(id)) },
});

export function distinct(id: string): Planned {
  const products = reviewsBy(id).flatMap(({ upc }) => productOf(upc) ?? []);
  return {
    operation: { query: DISTINCT, variables: { id } },
    plan: [
      [userCall("query($id:ID!){user(id:$id){__typename id username name}}", { id })],
      [
        entities("reviews", `...on User{reviews{id body product{__typename upc reviews{${REVIEWED}}}}}`, [
          userKey(id),
        ]),
      ],
      [namesOf([id]), productsOf(products)],
      [stockOf(products)],
    ],
  };
}

/** Ids of users who are made up (`shop-data.ts`). */
export const DISTINCT_IDS: readonly string[] = Array.from({ length: 1_000 }, (_, at) => String(100 + at));
