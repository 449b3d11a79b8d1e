/**
 * Random Cedar expressions by type, over the attributes of one topic: what operators are tried on.
 * At depth 0 nothing errs on a whole row, so that an error of an operator on such operands is its own.
 */
import type { Seeded } from "../seeded.ts";
import { DATES, DECIMALS, DURATIONS, IPS, ORGS, TAGS, type Topic } from "./world.ts";

export interface Dice extends Seeded {
  readonly topic: Topic;
}
export type Build = (d: Dice, depth: number) => string;

export const anyOf = (d: Dice, depth: number, builds: readonly Build[]): string => d.pick(builds)(d, depth);
const text =
  (literal: string): Build =>
  () =>
    literal;
const quote = (value: string) => JSON.stringify(value);
const HIGHEST = "9223372036854775807";
const LOWEST = "(-9223372036854775808)";
const LITERALS = [
  ...["0", "1", "2", "(-1)", "3", "7", "100", "1024", "9007199254740991", "(-9007199254740991)"],
  ...["9007199254740992", "9007199254740993", "(-9007199254740993)"],
];

const OWN: Readonly<Record<string, Partial<Record<Topic, readonly string[]>>>> = {
  bool: {
    Num: ["resource.b", "context.b", "(resource has on)", "(resource has on && resource.on > 2)"],
    Text: ["(resource has os)", "(context has os)", "(principal has o)"],
    Rec: ["resource.rec.deep.z", "(resource has orec)", "(context.rec has q)"],
    Tree: ["(principal has o)", "(resource has boss)", "(resource has oorg)"],
    Net: ["(resource has oip)"],
  },
  long: {
    Num: ["resource.n", "resource.m", "context.n", "(if resource has on then resource.on else 5)"],
    Bag: ["context.n"],
    Rec: ["resource.rec.x", "resource.twin.x", "(if context.rec has q then context.rec.q else 2)"],
  },
  string: {
    Text: [
      ...["resource.s", "resource.s2", "context.s"],
      ...['(if resource has os then resource.os else "z")', '(if principal has o then principal.o else "a")'],
    ],
    Rec: ["context.rec.p", '(if resource.rec has y then resource.rec.y else "ab")'],
    Tree: ['(if principal has o then principal.o else "k")'],
  },
};
const own = (kind: "bool" | "long" | "string", d: Dice) => OWN[kind]?.[d.topic] ?? [];
const principalOf = (d: Dice, attribute: string, otherwise: string) =>
  d.topic === "Tree" ? otherwise : `principal.${attribute}`;

/** Never errs on a whole row. */
export const simpleBool: Build = (d) =>
  d.pick(["true", "false", principalOf(d, "b", "true"), ...own("bool", d)]);

export const long: Build = (d, depth) => {
  const leaf: Build = () =>
    d.pick([...own("long", d), ...own("long", d), principalOf(d, "n", "1"), ...LITERALS]);
  if (depth <= 0) return leaf(d, 0);
  return anyOf(d, depth, [
    leaf,
    leaf,
    text(d.pick([HIGHEST, LOWEST])),
    () => `(${long(d, depth - 1)} ${d.pick(["+", "-", "*"])} ${long(d, depth - 1)})`,
    () => `(-${long(d, depth - 1)})`,
    () => `(if ${simpleBool(d, 0)} then ${long(d, depth - 1)} else ${long(d, 0)})`,
    () => (d.topic === "Time" ? `${duration(d, depth - 1)}.${d.pick(UNITS)}()` : leaf(d, 0)),
    () => (d.topic === "Tree" ? `${org(d, 0)}.level` : leaf(d, 0)),
  ]);
};

export const UNITS = ["toDays", "toHours", "toMinutes", "toSeconds", "toMilliseconds"];

export const string: Build = (d, depth) => {
  const literals = ["", "a", "ab", "abc", "BH-1", "BH-*", "قضية", "😀x"].map(quote);
  const leaf: Build = () =>
    d.pick([...own("string", d), ...own("string", d), principalOf(d, "s", '"a"'), d.pick(literals)]);
  if (depth <= 0) return leaf(d, 0);
  return anyOf(d, depth, [
    leaf,
    () => `(if ${simpleBool(d, 0)} then ${string(d, depth - 1)} else ${string(d, 0)})`,
    () => (d.topic === "Tree" ? `${org(d, 0)}.kind` : leaf(d, 0)),
  ]);
};

export const org: Build = (d, depth) =>
  anyOf(d, depth, [
    () => `Org::"${d.pick(ORGS)}"`,
    () => d.pick(["resource.org", "principal.org", "context.org"]),
    () => '(if resource has oorg then resource.oorg else Org::"o1")',
    () => (depth > 0 ? `(if ${simpleBool(d, 0)} then ${org(d, 0)} else ${org(d, 0)})` : "resource.org"),
  ]);

export const staff: Build = (d) =>
  d.pick([
    "principal",
    'Staff::"u1"',
    'Staff::"nobody"',
    "(if resource has boss then resource.boss else principal)",
  ]);

export const strings: Build = (d, depth) =>
  anyOf(d, depth, [
    () => d.pick(["resource.ss", "resource.ts", "context.ss"]),
    () => `[${string(d, depth - 1)}, ${string(d, 0)}]`,
    () => `[${string(d, 0)}, "a", "ab", "abc"]`,
  ]);
export const longs: Build = (d, depth) =>
  anyOf(d, depth, [
    text("resource.ns"),
    () => `[${long(d, depth - 1)}, ${long(d, 0)}]`,
    () => `[0, 1, ${long(d, 0)}]`,
  ]);
export const nested: Build = (d, depth) =>
  anyOf(d, depth, [text("resource.nested"), () => `[${longs(d, depth - 1)}, [${d.integer(0, 2)}]]`]);
export const pairs: Build = (d, depth) =>
  anyOf(d, depth, [text("resource.recs"), () => `[{a: ${d.integer(0, 1)}, b: ${string(d, depth - 1)}}]`]);

export const ip: Build = (d) =>
  d.pick([
    ...["resource.ip", "resource.ip2", "context.ip", `ip("${d.pick(IPS)}")`],
    `(if resource has oip then resource.oip else ip("${d.pick(IPS)}"))`,
  ]);
export const decimal: Build = (d) =>
  d.pick(["resource.d", "resource.d2", "context.d", `decimal("${d.pick(DECIMALS)}")`]);
export const datetime: Build = (d, depth) =>
  anyOf(d, depth, [
    () => d.pick(["resource.t", "resource.t2", "context.t"]),
    () => `datetime("${d.pick(DATES)}")`,
    () => (depth > 0 ? `${datetime(d, depth - 1)}.offset(${duration(d, depth - 1)})` : "resource.t"),
    () => `${datetime(d, 0)}.toDate()`,
  ]);
export const duration: Build = (d, depth) =>
  anyOf(d, depth, [
    () => d.pick(["resource.du", "resource.du2", "context.du"]),
    () => `duration("${d.pick(DURATIONS)}")`,
    () => (depth > 0 ? `${datetime(d, depth - 1)}.durationSince(${datetime(d, 0)})` : "resource.du"),
    () => `${datetime(d, 0)}.toTime()`,
  ]);

export const rec: Build = (d) => d.pick(["resource.rec", "resource.twin"]);
export const tagKey: Build = (d, depth) =>
  anyOf(d, depth, [
    () => quote(d.pick(TAGS)),
    () => quote("k"),
    () => (depth > 0 ? string(d, 0) : quote("k")),
  ]);
