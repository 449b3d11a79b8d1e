/**
 * A small world to ask Cedar about: for each topic one kind of row, its context and who asks, drawn at random.
 * Rows are small, because marshalling entities is what a question to cedar-wasm costs.
 */
import type { Seeded } from "../seeded.ts";
import { nearlyDatetime, nearlyDecimal, nearlyDuration, nearlyIp } from "./literal-text.ts";

const REC = "{ x: Long, y?: String, deep: { z: Bool, w?: Long } }";
export const TOPICS = ["Num", "Text", "Bag", "Rec", "Tree", "Time", "Net", "Dec", "Lit"] as const;
export type Topic = (typeof TOPICS)[number];

const actions = TOPICS.map((topic) => {
  const applies = `appliesTo { principal: [${principalType(topic)}], resource: [${topic}], context: ${topic}C };`;
  return `action "${topic}" in ["all"];
action "${topic}1" in ["${topic}"] ${applies}
action "${topic}2" in ["${topic}", "even"] ${applies}`;
});

export const SCHEMA = `
entity Org in [Org] = { kind: String, level: Long } tags Long;
entity U in [Org] = { n: Long, b: Bool, s: String, o?: String };
entity Staff in [Org] = { org: Org, o?: String } tags String;
entity Box;
entity Num in [Box] = { n: Long, m: Long, on?: Long, b: Bool };
entity Text in [Box] = { s: String, s2: String, os?: String };
entity Bag in [Box] = { ss: Set<String>, ts: Set<String>, ns: Set<Long>, recs: Set<{ a: Long, b: String }>, nested: Set<Set<Long>> };
entity Rec in [Box] = { rec: ${REC}, twin: ${REC}, orec?: ${REC}, "odd name"?: Long };
entity Tree in [Box, Org] = { org: Org, oorg?: Org, orgs: Set<Org>, acts: Set<Action>, boss?: Staff } tags Long;
entity Time in [Box] = { t: datetime, t2: datetime, du: duration, du2: duration };
entity Net in [Box] = { ip: ipaddr, ip2: ipaddr, oip?: ipaddr };
entity Dec in [Box] = { d: decimal, d2: decimal };
entity Lit in [Box] = { ip: String, dec: String, dt: String, du: String };
type NumC = { n: Long, b: Bool };
type TextC = { s: String, os?: String };
type BagC = { ss: Set<String>, n: Long };
type RecC = { rec: { p: String, q?: Long } };
type TreeC = { org: Org };
type TimeC = { t: datetime, du: duration };
type NetC = { ip: ipaddr };
type DecC = { d: decimal };
type LitC = {};
action "all"; action "even";
${actions.join("\n")}
`;

export type Json = string | number | boolean | Json[] | { [name: string]: Json };
export interface RandomEntity {
  readonly uid: { readonly type: string; readonly id: string };
  readonly attrs: Record<string, Json>;
  readonly parents: { readonly type: string; readonly id: string }[];
  readonly tags?: Record<string, Json>;
}

/** Who asks, under which action and context, and what else Cedar is told. */
export interface Question {
  readonly topic: Topic;
  readonly action: string;
  readonly principal: RandomEntity;
  readonly context: Record<string, Json>;
  /** The principal among them. */
  readonly entities: readonly RandomEntity[];
  /** cedar-wasm derives no action hierarchy without a schema: it is stated as entities. */
  readonly actions: readonly RandomEntity[];
}

const STRINGS = ["", "a", "ab", "abc", "BH-1", "BH-*", "قضية", "😀x", "b\\a"];
const BIG = Number.MAX_SAFE_INTEGER;
const NUMBERS = [0, 1, 2, -1, 3, 7, 100, BIG, -BIG, 2 ** 31, BIG - 1];
const SMALL = [0, 1, 2, 3];
export const ORGS = ["o0", "o1", "o2", "o3", "oX"];
const STAFF = ["u0", "u1", "u2"];
export const TAGS = ["k", "قضية", "__proto__", ""];
const GROUPS = ["Tree1", "Tree2", "Tree", "even", "all"];

export const IPS = [
  ...["10.0.0.1", "10.0.0.0/8", "10.0.0.1/8", "10.255.255.255", "11.0.0.0", "9.255.255.255", "0.0.0.0/0"],
  ...["192.168.1.0/24", "192.168.1.128/25", "127.0.0.1", "127.0.0.0/7", "127.255.0.0/16", "128.0.0.0"],
  ...["224.0.0.5", "239.255.255.255", "224.0.0.0/3", "240.0.0.0", "::/0", "::1", "::1/127", "::2"],
  ...["2001:db8::/32", "2001:db8::1", "2001:db9::", "ff00::/8", "FF02::1", "ff00::/7", "::ffff:7f00:1"],
];
export const DECIMALS = [
  ...["0.0", "1.5", "-1.25", "12.3456", "1.50", "-0.0", "-0.5", "1.4999", "1.5001", "00012.3456"],
  ...["922337203685477.5807", "-922337203685477.5808", "900719925474.0991", "900719925474.0993"],
];
export const DATES = [
  ...["2024-01-01", "2024-06-30T12:00:00Z", "1969-12-31T23:59:59.999Z", "2024-01-01T00:00:00.000Z"],
  ...["2024-01-01T03:00:00+0300", "2023-12-31T21:30:00-0230", "0000-01-01", "9999-12-31T23:59:59.999-2359"],
  ...["1970-01-01", "2024-02-29", "1969-12-31"],
];
export const DURATIONS = [
  ...["1d", "-1d", "36h", "-36h", "1d2h3m4s5ms", "0ms", "90m", "-1h30m", "-999ms", "1000ms", "-1500ms"],
  ...["-59s", "-90s", "-0s", "59m59s999ms", "9223372036854775807ms", "-9223372036854775808ms"],
  ...["106751991167d", "-106751991167d", "9007199254740993ms"],
];

export const ref = (type: string, id: string) => ({ __entity: { type, id } });
const ext = (fn: string, arg: string) => ({ __extn: { fn, arg } });
const quotedRec = (d: Seeded) => ({
  x: d.pick(SMALL),
  deep: { z: d.chance(0.5), ...maybe(d, "w", d.pick(SMALL)) },
  ...maybe(d, "y", d.pick(STRINGS.slice(0, 3))),
});
const maybe = (d: Seeded, name: string, value: Json): Record<string, Json> =>
  d.chance(0.5) ? { [name]: value } : {};
const sets = (d: Seeded) => d.some([0, 1, 2], 2).map((n) => d.some([n, n + 1], 2));

const ROWS: Readonly<Record<Topic, (d: Seeded) => Record<string, Json>>> = {
  Num: (d) => ({
    n: d.pick(NUMBERS),
    m: d.pick(NUMBERS),
    b: d.chance(0.5),
    ...maybe(d, "on", d.pick(NUMBERS)),
  }),
  Text: (d) => ({ s: d.pick(STRINGS), s2: d.pick(STRINGS), ...maybe(d, "os", d.pick(STRINGS)) }),
  Bag: (d) => ({
    ss: d.some(STRINGS.slice(0, 4), d.integer(0, 3)),
    ts: d.some(STRINGS.slice(0, 4), d.integer(0, 2)),
    ns: d.some(SMALL, d.integer(0, 3)),
    recs: d.some([0, 1], 2).map((a) => ({ a, b: d.pick(STRINGS.slice(0, 3)) })),
    nested: sets(d),
  }),
  Rec: (d) => ({
    rec: quotedRec(d),
    twin: quotedRec(d),
    ...maybe(d, "orec", quotedRec(d)),
    ...maybe(d, "odd name", d.pick(SMALL)),
  }),
  Tree: (d) => ({
    org: ref("Org", d.pick(ORGS)),
    orgs: d.some(ORGS, 2).map((id) => ref("Org", id)),
    acts: d.some(GROUPS, 2).map((id) => ref("Action", id)),
    ...maybe(d, "oorg", ref("Org", d.pick(ORGS))),
    ...maybe(d, "boss", ref("Staff", d.pick(STAFF))),
  }),
  Time: (d) => ({
    t: ext("datetime", d.pick(DATES)),
    t2: ext("datetime", d.pick(DATES)),
    du: ext("duration", d.pick(DURATIONS)),
    du2: ext("duration", d.pick(DURATIONS)),
  }),
  Net: (d) => ({
    ip: ext("ip", d.pick(IPS)),
    ip2: ext("ip", d.pick(IPS)),
    ...maybe(d, "oip", ext("ip", d.pick(IPS))),
  }),
  Dec: (d) => ({ d: ext("decimal", d.pick(DECIMALS)), d2: ext("decimal", d.pick(DECIMALS)) }),
  Lit: (d) => ({ ip: nearlyIp(d), dec: nearlyDecimal(d), dt: nearlyDatetime(d), du: nearlyDuration(d) }),
};

const CONTEXTS: Readonly<Record<Topic, (d: Seeded) => Record<string, Json>>> = {
  Num: (d) => ({ n: d.pick(NUMBERS), b: d.chance(0.5) }),
  Text: (d) => ({ s: d.pick(STRINGS), ...maybe(d, "os", d.pick(STRINGS)) }),
  Bag: (d) => ({ ss: d.some(STRINGS.slice(0, 4), 2), n: d.pick(SMALL) }),
  Rec: (d) => ({ rec: { p: d.pick(STRINGS), ...maybe(d, "q", d.pick(SMALL)) } }),
  Tree: (d) => ({ org: ref("Org", d.pick(ORGS)) }),
  Time: (d) => ({ t: ext("datetime", d.pick(DATES)), du: ext("duration", d.pick(DURATIONS)) }),
  Net: (d) => ({ ip: ext("ip", d.pick(IPS)) }),
  Dec: (d) => ({ d: ext("decimal", d.pick(DECIMALS)) }),
  Lit: () => ({}),
};

/** Now and then without an attribute that it must have. */
export function randomRow(d: Seeded, topic: Topic): RandomEntity & { readonly isWhole: boolean } {
  const attrs = ROWS[topic](d);
  const isWhole = !d.chance(0.05);
  if (!isWhole) delete attrs[d.pick(Object.keys(attrs))];
  const boxes = d.some(["b0", "b1"], d.integer(0, 1)).map((id) => ({ type: "Box", id }));
  const orgs = topic === "Tree" ? d.some(ORGS, d.integer(0, 1)).map((id) => ({ type: "Org", id })) : [];
  const row = {
    uid: { type: topic, id: `r${d.integer(0, 2)}` },
    attrs,
    parents: [...boxes, ...orgs],
    isWhole,
  };
  return topic === "Tree" ? { ...row, tags: randomTags(d, () => d.pick(SMALL)) } : row;
}

export function randomQuestion(d: Seeded, topic: Topic): Question {
  const shared = { topic, action: `${topic}${d.integer(1, 2)}`, context: CONTEXTS[topic](d) };
  if (topic !== "Tree") {
    const principal = randomUser(d);
    return { ...shared, principal, entities: [principal], actions: [] };
  }
  const staff = d.some(STAFF, 3).map((id) => randomStaff(d, id));
  return { ...shared, principal: staff[0]!, entities: [...staff, ...randomOrgs(d)], actions: TREE_ACTIONS };
}

export function principalType(topic: Topic): "U" | "Staff" {
  return topic === "Tree" ? "Staff" : "U";
}

function randomUser(d: Seeded): RandomEntity {
  const attrs = {
    n: d.pick(NUMBERS),
    b: d.chance(0.5),
    s: d.pick(STRINGS),
    ...maybe(d, "o", d.pick(STRINGS)),
  };
  return { uid: { type: "U", id: d.pick(STAFF) }, attrs, parents: orgsAbove(d) };
}

function randomStaff(d: Seeded, id: string): RandomEntity {
  const attrs = { org: ref("Org", d.pick(ORGS)), ...maybe(d, "o", d.pick(STRINGS)) };
  return {
    uid: { type: "Staff", id },
    attrs,
    parents: orgsAbove(d),
    tags: randomTags(d, () => d.pick(STRINGS)),
  };
}

/** `oX` is named and never stated. */
function randomOrgs(d: Seeded): RandomEntity[] {
  return [0, 1, 2, 3].map((i) => ({
    uid: { type: "Org", id: `o${i}` },
    attrs: { kind: d.pick(STRINGS), level: d.integer(0, 5) },
    parents: i > 0 ? [{ type: "Org", id: `o${d.integer(0, i - 1)}` }] : [],
    tags: randomTags(d, () => d.pick(SMALL)),
  }));
}

const orgsAbove = (d: Seeded) => d.some(ORGS, d.integer(0, 1)).map((id) => ({ type: "Org", id }));

const randomTags = (d: Seeded, value: () => Json): Record<string, Json> =>
  Object.fromEntries(
    d
      .some(
        TAGS.filter((tag) => tag !== "__proto__"),
        d.integer(0, 3),
      )
      .map((tag) => [tag, value()]),
  );

const action = (id: string, groups: readonly string[]): RandomEntity => ({
  uid: { type: "Action", id },
  attrs: {},
  parents: groups.map((group) => ({ type: "Action", id: group })),
});
const TREE_ACTIONS = [
  action("Tree1", ["Tree"]),
  action("Tree2", ["Tree", "even"]),
  action("Tree", ["all"]),
  action("even", []),
];
