/** Leaves, wrappers, keys and arguments that random schemas are made of. */
import { type ArgumentModel, type FieldModel, type Key, POPULATION } from "./model.ts";

/** Every subgraph declares these alike. */
export const COMMON_SDL = /* GraphQL */ `
  enum Color { RED GREEN BLUE }
  scalar Json
  input Filter { a: Int b: [String!] c: Filter color: Color = RED need: Int! = 5 any: Json flags: [[Boolean]!] }
`;

export const COLORS = ["RED", "GREEN", "BLUE"] as const;
export const SCALARS: readonly string[] = ["Int", "String", "Float", "Boolean", "ID", "Color", "Json"];

const WRAPS: readonly ((type: string) => string)[] = [
  (type) => type,
  (type) => `${type}!`,
  (type) => `[${type}]`,
  (type) => `[${type}!]`,
  (type) => `[${type}]!`,
  (type) => `[${type}!]!`,
  (type) => `[[${type}]]`,
  (type) => `[[${type}!]!]`,
  (type) => `[[${type}]!]!`,
];

/** Plain types and simple lists are more frequent than lists of lists. */
export const wrapped = (type: string, pick: number): string =>
  (WRAPS[pick < 18 ? pick % 6 : 6 + (type.length % 3)] as (type: string) => string)(type);

const ARGUMENTS: readonly Omit<ArgumentModel, "name">[] = [
  { type: "Int", fallback: null },
  { type: "String!", fallback: null },
  { type: "Color", fallback: "BLUE" },
  { type: "Int!", fallback: "7" },
  { type: "[ID!]", fallback: null },
  { type: "Filter", fallback: "{a: 1}" },
  { type: "Json", fallback: null },
  { type: "Float", fallback: null },
  { type: "[[Color!]]", fallback: "[[RED]]" },
];
/** Most fields take none. */
const NO_ARGUMENTS_BELOW = 70;

export const argumentsOf = (picks: readonly number[]): readonly ArgumentModel[] =>
  picks
    .filter((pick) => pick >= NO_ARGUMENTS_BELOW)
    .map((pick, i) => ({
      name: `x${i}`,
      ...(ARGUMENTS[pick % ARGUMENTS.length] as Omit<ArgumentModel, "name">),
    }));

/** Types of arguments whose value a federation selection can write down, with one such value. */
export const SIMPLE_ARGUMENTS: ReadonlyMap<
  string,
  { readonly value: string | number; readonly text: string }
> = new Map([
  ["Int", { value: 3, text: "3" }],
  ["String!", { value: 'é"x', text: JSON.stringify('é"x') }],
  ["Color", { value: "GREEN", text: "GREEN" }],
  ["Int!", { value: 4, text: "4" }],
]);

/** By kind; the last one leads through an entity, and is hidden: the planner forgets what is in it when clients read it too. */
export const KEYS: readonly ((through: string) => Key)[] = [
  () => ({ text: "id", hidden: false, fields: [{ name: "id", type: "ID!" }] }),
  () => ({ text: "code", hidden: false, fields: [{ name: "code", type: "String!" }] }),
  () => ({
    text: "region num",
    hidden: false,
    fields: [
      { name: "region", type: "String!" },
      { name: "num", type: "Int!" },
    ],
  }),
  () => ({ text: "place { code shelf }", hidden: false, fields: [{ name: "place", type: "Place!" }] }),
  (through) => ({ text: "within { id }", hidden: true, fields: [{ name: "within", type: `${through}!` }] }),
];

/** Scalar parts of an object's keys; each key identifies it. */
export function keyValue(type: string, index: number, name: string): string | number {
  switch (name) {
    case "id":
      return `${type}:"${index}"`;
    case "code":
      return `c-${index}-é`;
    case "region":
      return `r${index % 2}`;
    case "num":
      return Math.floor(index / 2);
    default:
      throw new Error(`\`${name}\` is no part of a key`);
  }
}

export const placeOf = (index: number): { readonly code: string; readonly shelf: number } => ({
  code: `p${index % 3}`,
  shelf: Math.floor(index / 3),
});

export const withinOf = (index: number): number => (index + 3) % POPULATION;

export const NO_ROLE: Omit<FieldModel, "name" | "type"> = {
  args: [],
  owners: [],
  overriddenAt: null,
  requires: [],
  provides: [],
  hidden: false,
  volatile: false,
  fallible: false,
};
