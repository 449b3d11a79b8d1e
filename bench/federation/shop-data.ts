/**
 * Synthetic data of the public gateway benchmark's shape and size (graphql-hive/graphql-gateways-benchmark): as many users, products and
 * reviews, joined in the same way, each value as long as there, so that answers have its number of bytes.
 *
 * Made up beyond it: ids from 100 on. Every such user has reviews, products and authors of its own, so that requests for
 * different users have nothing in common.
 */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly birthday: number;
}

export interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
  readonly inStock: boolean;
}

export interface Review {
  readonly id: string;
  readonly body: string;
  readonly upc: string;
  readonly author: string;
}

const BIRTHDAY = 1_234_567_890;
const FIRST_MADE_UP = 100;

export const USERS: readonly User[] = [
  ["Asha Fernandez", "ashaf"],
  ["Abram Oduya", "abramoduya"],
  ["Celia Navarro", "celianavarro"],
  ["Dina Kowalczyk", "dina.k7"],
  ["Emeka Silva", "emekasilva"],
  ["Farid Rahman", "farid1"],
].map(([name = "", username = ""], at) => ({ id: String(at + 1), name, username, birthday: BIRTHDAY }));

export const PRODUCTS: readonly Product[] = [
  { name: "Shelf", price: 849, weight: 120, inStock: true },
  { name: "Bench", price: 1_199, weight: 1_100, inStock: false },
  { name: "Spoon", price: 25, weight: 30, inStock: false },
  { name: "Stool", price: 399, weight: 110, inStock: false },
  { name: "PC", price: 1_399, weight: 1_200, inStock: true },
  { name: "Vase", price: 4_999, weight: 400, inStock: true },
  { name: "Stove", price: 3_499, weight: 2_100, inStock: true },
  { name: "Wardrobe", price: 90_000, weight: 6_200, inStock: false },
  { name: "Desk", price: 8_999, weight: 850, inStock: true },
].map((product, at) => ({ upc: String(at + 1), ...product }));

/** Characters of each review's text, and the product that it is about. */
const REVIEWED: readonly (readonly [characters: number, upc: string])[] = [
  ...([
    [445, "1"],
    [289, "1"],
    [275, "1"],
    [143, "1"],
  ] as const),
  ...([
    [445, "2"],
    [289, "2"],
    [275, "2"],
    [143, "2"],
  ] as const),
  ...([
    [143, "3"],
    [143, "4"],
    [844, "4"],
  ] as const),
];

const WORDS =
  "sturdy plain and well made it came in time was easy to put up and looks better than on the picture";
const text = (characters: number, from: number): string =>
  `${WORDS.slice(from)} ${`${WORDS} `.repeat(characters / WORDS.length + 1)}`.slice(0, characters);

const REVIEWS: readonly Review[] = REVIEWED.map(([characters, upc], at) => ({
  id: String(at + 1),
  body: text(characters, at),
  ...{ upc, author: "1" },
}));

const isMadeUp = (id: string): boolean => Number(id) >= FIRST_MADE_UP;

export function userOf(id: string): User | null {
  if (!isMadeUp(id)) return USERS[Number(id) - 1] ?? null;
  return { id, name: `Name ${id}`, username: `user${id}`, birthday: BIRTHDAY };
}

export function productOf(upc: string): Product | null {
  if (!isMadeUp(upc)) return PRODUCTS[Number(upc) - 1] ?? null;
  const number = Number(upc);
  return {
    ...{ upc, name: `Product ${upc}`, inStock: number % 2 === 0 },
    ...{ price: number % 2_000, weight: number % 500 },
  };
}

/** A made-up review: of the product of its number, by the user of a tenth of it. */
const madeUpReview = (id: number): Review => ({
  id: String(id),
  body: REVIEWS[id % REVIEWS.length]?.body ?? "",
  ...{ upc: String(id), author: String(Math.floor(id / 10)) },
});

/** Everybody who is not made up wrote the first two reviews, as there. */
export const reviewsBy = (user: string): readonly Review[] =>
  isMadeUp(user) ? [0, 1].map((at) => madeUpReview(Number(user) * 10 + at)) : REVIEWS.slice(0, 2);

export const reviewsOf = (upc: string): readonly Review[] =>
  isMadeUp(upc) ? [madeUpReview(Number(upc))] : REVIEWS.filter((review) => review.upc === upc);
