/**
 * Random Cedar policies and requests over a small schema that has one of everything, for comparison with cedar-wasm.
 * Type-directed: an expression is built for the type that is wanted; the validator throws away what it does not accept.
 */
import type { Seeded } from "./seeded.ts";

export const SCHEMA = `
entity Org in [Org] = { kind: String, level: Long };
entity U in [Org] = { org: Org, clr: Long, b: Bool, o?: String, tags: Set<String>, rec: { x: Long, y?: String } };
entity Box;
entity R in [Box] = { s: String, s2: String, os?: String, n: Long, m: Long, on?: Long, b: Bool, ob?: Bool, org: Org,
  oorg?: Org, us: Set<U>, orgs: Set<Org>, ss: Set<String>, ns: Set<Long>, acts: Set<Action>,
  rec: { x: Long, y?: String, deep: { z: Bool, w?: Long } }, recs: Set<{ a: Long, b: String }>,
  ip: ipaddr, d: decimal, t: datetime, du: duration, oip?: ipaddr };
type C = { s: String, os?: String, n: Long, b: Bool, org: Org, ip: ipaddr, t: datetime, d: decimal,
  rec: { p: String, q?: Long } };
action "all"; action "g1" in ["all"]; action "g2" in ["all"];
action "a1" in ["g1"] appliesTo { principal: [U], resource: [R], context: C };
action "a2" in ["g1", "g2"] appliesTo { principal: [U], resource: [R], context: C };
action "a3" appliesTo { principal: [U], resource: [R], context: C };
`;
export const ACTIONS = ["a1", "a2", "a3"];
/** cedar-wasm derives no action hierarchy without a schema: it is stated as entities. */
export const ACTION_ENTITIES = [
  entity("Action", "a1", {}, [["Action", "g1"]]),
  entity("Action", "a2", {}, [
    ["Action", "g1"],
    ["Action", "g2"],
  ]),
  entity("Action", "a3", {}, []),
  entity("Action", "g1", {}, [["Action", "all"]]),
  entity("Action", "g2", {}, [["Action", "all"]]),
];

const STRINGS = ["", "a", "ab", "abc", "BH-1", "BH-*", "قضية", "😀x", "b\\a"];
const NUMBERS = [0, 1, 2, -1, 3, 7, 100];
const ORGS = ["o0", "o1", "o2", "o3", "oX"];
const USERS = ["u0", "u1", "u2"];
const GROUPS = ["a1", "a2", "g1", "g2", "all"];
const IPS = [
  "10.0.0.1",
  "10.0.0.0/8",
  "192.168.1.0/24",
  "::1",
  "2001:db8::/32",
  "127.0.0.1",
  "224.0.0.5",
  "0.0.0.0/0",
];
const DECIMALS = ["0.0", "1.5", "-1.25", "12.3456", "1.50"];
const DATES = [
  "2024-01-01",
  "2024-06-30T12:00:00Z",
  "1969-12-31T23:59:59.999Z",
  "2024-01-01T00:00:00.000Z",
  "2024-01-01T03:00:00+0300",
];
const DURATIONS = ["1d", "-1d", "36h", "1d2h3m4s5ms", "0ms", "90m", "-1h30m"];

export interface RandomEntity {
  readonly uid: { readonly type: string; readonly id: string };
  readonly attrs: Record<string, Json>;
  readonly parents: { readonly type: string; readonly id: string }[];
}
export type Json = string | number | boolean | Json[] | { [name: string]: Json };

function entity(
  type: string,
  id: string,
  attrs: Record<string, Json>,
  parents: [string, string][],
): RandomEntity {
  return { uid: { type, id }, attrs, parents: parents.map(([parent, key]) => ({ type: parent, id: key })) };
}
const ref = (type: string, id: string) => ({ __entity: { type, id } });
const ext = (fn: string, arg: string) => ({ __extn: { fn, arg } });

export function randomOrgs(random: Seeded): RandomEntity[] {
  return [0, 1, 2, 3].map((i) =>
    entity(
      "Org",
      `o${i}`,
      { kind: random.pick(STRINGS), level: random.integer(0, 5) },
      i > 0 ? [["Org", `o${random.integer(0, i - 1)}`]] : [],
    ),
  );
}

export function randomUser(random: Seeded, id = random.pick(USERS)): RandomEntity {
  const attrs: Record<string, Json> = {
    org: ref("Org", random.pick(ORGS)),
    clr: random.pick(NUMBERS),
    b: random.chance(0.5),
    tags: random.some(STRINGS, 3),
    rec: optional(random, { x: random.pick(NUMBERS) }, "y", random.pick(STRINGS)),
  };
  const parents = random.some(ORGS, random.integer(0, 2)).map((org): [string, string] => ["Org", org]);
  return entity("U", id, optional(random, attrs, "o", random.pick(STRINGS)), parents);
}

/** A row; now and then without an attribute that it must have. */
export function randomRow(random: Seeded): RandomEntity {
  const { pick, some, chance } = random;
  const deep = optional(random, { z: chance(0.5) }, "w", pick(NUMBERS));
  const attrs: Record<string, Json> = {
    s: pick(STRINGS),
    s2: pick(STRINGS),
    n: pick(NUMBERS),
    m: pick(NUMBERS),
    b: chance(0.5),
    org: ref("Org", pick(ORGS)),
    us: some(USERS, 2).map((id) => ref("U", id)),
    orgs: some(ORGS, 2).map((id) => ref("Org", id)),
    acts: some(GROUPS, 2).map((id) => ref("Action", id)),
    ss: some(STRINGS, 3),
    ns: some([0, 1, 2, 3], 3),
    rec: optional(random, { x: pick(NUMBERS), deep }, "y", pick(STRINGS)),
    recs: some([0, 1], 2).map((a) => ({ a, b: pick(STRINGS) })),
    ip: ext("ip", pick(IPS)),
    d: ext("decimal", pick(DECIMALS)),
    t: ext("datetime", pick(DATES)),
    du: ext("duration", pick(DURATIONS)),
  };
  optional(random, attrs, "os", pick(STRINGS));
  optional(random, attrs, "on", pick(NUMBERS));
  optional(random, attrs, "ob", chance(0.5));
  optional(random, attrs, "oorg", ref("Org", pick(ORGS)));
  optional(random, attrs, "oip", ext("ip", pick(IPS)));
  if (chance(0.08)) delete attrs[pick(Object.keys(attrs))];
  const parents = some([0, 1, 2], random.integer(0, 2)).map((i): [string, string] => ["Box", `b${i}`]);
  return entity("R", `r${random.integer(0, 2)}`, attrs, parents);
}

export function randomContext(random: Seeded): Record<string, Json> {
  const { pick, chance } = random;
  const context: Record<string, Json> = {
    s: pick(STRINGS),
    n: pick(NUMBERS),
    b: chance(0.5),
    org: ref("Org", pick(ORGS)),
    ip: ext("ip", pick(IPS)),
    t: ext("datetime", pick(DATES)),
    d: ext("decimal", pick(DECIMALS)),
    rec: optional(random, { p: pick(STRINGS) }, "q", pick(NUMBERS)),
  };
  return optional(random, context, "os", pick(STRINGS));
}

function optional<T extends Record<string, Json>>(random: Seeded, into: T, name: string, value: Json): T {
  if (random.chance(0.5)) (into as Record<string, Json>)[name] = value;
  return into;
}

export function randomPolicy(random: Seeded): string {
  const { pick, chance } = random;
  const principals = [
    "principal",
    'principal == U::"u1"',
    'principal in Org::"o1"',
    'principal is U in Org::"o2"',
  ];
  const actions = [
    "action",
    'action == Action::"a1"',
    'action in Action::"g1"',
    'action in [Action::"g2", Action::"a3"]',
  ];
  const resources = ["resource", "resource is R", 'resource in Box::"b1"', 'resource == R::"r1"'];
  const when = chance(0.9) ? `when { ${boolean(random, 3)} }` : "";
  const unless = chance(0.2) ? `unless { ${boolean(random, 2)} }` : "";
  const effect = chance(0.7) ? "permit" : "forbid";
  return `${effect} (${pick(principals)}, ${pick(actions)}, ${pick(resources)}) ${when} ${unless};`;
}

type Build = () => string;
const one = (random: Seeded, builds: readonly Build[]): string => random.pick(builds)();
const quote = (text: string) => `"${text.replaceAll("\\", "\\\\")}"`;

function boolean(r: Seeded, d: number): string {
  const leaves: Build[] = [
    () =>
      r.pick(["true", "false", "resource.b", "context.b", "principal.b", "(resource has ob && resource.ob)"]),
    () => `resource has ${r.pick(["os", "on", "oorg", "oip", "rec.y", "rec.deep.w", "s"])}`,
    () =>
      r.pick([
        "principal has o",
        "context has os",
        "context.rec has q",
        "context has rec.q",
        "resource.rec has y",
      ]),
  ];
  if (d <= 0) return one(r, leaves);
  const compare = r.pick(["<", "<=", ">", ">="]);
  const same = r.pick(["==", "!="]);
  const subset = r.pick(["containsAll", "containsAny"]);
  const branches: Build[] = [
    () => `(${boolean(r, d - 1)} && ${boolean(r, d - 1)})`,
    () => `(${boolean(r, d - 1)} || ${boolean(r, d - 1)})`,
    () => `(!${boolean(r, d - 1)})`,
    () => `(if ${boolean(r, d - 1)} then ${boolean(r, d - 1)} else ${boolean(r, d - 1)})`,
    () => `(${long(r, d - 1)} ${compare} ${long(r, d - 1)})`,
    () => `(${long(r, d - 1)} ${same} ${long(r, d - 1)})`,
    () => `(${text(r, d - 1)} ${same} ${text(r, d - 1)})`,
    () => `(${org(r, d - 1)} ${same} ${org(r, d - 1)})`,
    () => `(${org(r, d - 1)} in ${org(r, d - 1)})`,
    () => `(${org(r, d - 1)} in [${org(r, 0)}, ${org(r, 0)}])`,
    () => `(principal in ${org(r, d - 1)})`,
    () => `(${r.pick([org(r, 0), "principal"])} in resource.orgs)`,
    () => `(action in ${r.pick(["resource.acts", 'Action::"g1"', '[Action::"g2", Action::"a1"]'])})`,
    () => `(resource in Box::"b${r.integer(0, 2)}")`,
    () => `(resource == R::"r${r.integer(0, 1)}")`,
    () => r.pick(["(principal is U)", "(resource is R)", `(principal is U in Org::"o${r.integer(0, 3)}")`]),
    () => `${strings(r, d - 1)}.contains(${text(r, d - 1)})`,
    () => `${longs(r, d - 1)}.contains(${long(r, d - 1)})`,
    () => `resource.us.contains(${r.pick(["principal", 'U::"u1"'])})`,
    () => `${strings(r, d - 1)}.${subset}(${strings(r, d - 1)})`,
    () => `${longs(r, d - 1)}.${subset}(${longs(r, d - 1)})`,
    () => `${strings(r, d - 1)}.isEmpty()`,
    () => `(${strings(r, d - 1)} == ${strings(r, d - 1)})`,
    () => `resource.recs.contains({a: ${long(r, d - 1)}, b: ${text(r, d - 1)}})`,
    () => `({x: ${long(r, d - 1)}, y: ${text(r, 0)}} == {x: ${long(r, d - 1)}, y: ${text(r, 0)}})`,
    () => `({x: ${long(r, d - 1)}, y: ${boolean(r, d - 1)}}.y)`,
    () =>
      `(${text(r, d - 1)} like ${r.pick(['"*"', '"BH-*"', '"*a*"', '"a*c"', '"BH-\\*"', '""', '"*b"', '"a*b*c"'])})`,
    () => `${ip(r)}.${r.pick(["isIpv4", "isIpv6", "isLoopback", "isMulticast"])}()`,
    () => `${ip(r)}.isInRange(${ip(r)})`,
    () => `(${ip(r)} == ${ip(r)})`,
    () => `${decimal(r)}.${r.pick(["lessThan", "lessThanOrEqual", "greaterThan"])}(${decimal(r)})`,
    () => `(${datetime(r, d - 1)} ${r.pick([compare, same])} ${datetime(r, d - 1)})`,
    () => `(${duration(r, d - 1)} ${r.pick([compare, same])} ${duration(r, d - 1)})`,
  ];
  return one(r, [...leaves, ...branches]);
}

function long(r: Seeded, d: number): string {
  const leaves: Build[] = [
    () => `(${r.pick(NUMBERS)})`,
    () =>
      r.pick(["resource.n", "resource.m", "context.n", "principal.clr", "resource.rec.x", "principal.rec.x"]),
    () => "(if resource has on then resource.on else 5)",
    () => "(if context.rec has q then context.rec.q else 2)",
  ];
  if (d <= 0) return one(r, leaves);
  const units = ["toDays", "toHours", "toMinutes", "toSeconds", "toMilliseconds"];
  return one(r, [
    ...leaves,
    () => `(${long(r, d - 1)} ${r.pick(["+", "-", "*"])} ${long(r, d - 1)})`,
    () => `(-${long(r, 0)})`,
    () => `(if ${boolean(r, d - 1)} then ${long(r, d - 1)} else ${long(r, d - 1)})`,
    () => `${datetime(r, 0)}.durationSince(${datetime(r, 0)}).${r.pick(units)}()`,
    () => `${org(r, 0)}.level`,
  ]);
}

function text(r: Seeded, d: number): string {
  const leaves: Build[] = [
    () => quote(r.pick(STRINGS)),
    () => r.pick(["resource.s", "resource.s2", "context.s", "context.rec.p"]),
    () => '(if resource has os then resource.os else "z")',
    () => '(if principal has o then principal.o else "a")',
  ];
  if (d <= 0) return one(r, leaves);
  return one(r, [
    ...leaves,
    () => `(if ${boolean(r, d - 1)} then ${text(r, d - 1)} else ${text(r, d - 1)})`,
    () => `${org(r, 0)}.kind`,
  ]);
}

function org(r: Seeded, d: number): string {
  return one(r, [
    () => `Org::"${r.pick(ORGS)}"`,
    () => r.pick(["resource.org", "principal.org", "context.org"]),
    () => '(if resource has oorg then resource.oorg else Org::"o1")',
    () => (d > 0 ? `(if ${boolean(r, d - 1)} then ${org(r, 0)} else ${org(r, 0)})` : "resource.org"),
  ]);
}

const strings = (r: Seeded, d: number) =>
  one(r, [() => r.pick(["resource.ss", "principal.tags"]), () => `[${text(r, d - 1)}, ${text(r, d - 1)}]`]);
const longs = (r: Seeded, d: number) =>
  one(r, [() => "resource.ns", () => `[${long(r, d - 1)}, ${long(r, d - 1)}]`]);
const ip = (r: Seeded) =>
  one(r, [
    () => r.pick(["resource.ip", "context.ip"]),
    () => `ip("${r.pick(IPS)}")`,
    () => '(if resource has oip then resource.oip else ip("10.0.0.1"))',
  ]);
const decimal = (r: Seeded) =>
  one(r, [() => r.pick(["resource.d", "context.d"]), () => `decimal("${r.pick(DECIMALS)}")`]);
const datetime = (r: Seeded, d: number): string =>
  one(r, [
    () => r.pick(["resource.t", "context.t"]),
    () => `datetime("${r.pick(DATES)}")`,
    () => (d > 0 ? `${datetime(r, 0)}.offset(${duration(r, 0)})` : "resource.t"),
    () => `${datetime(r, 0)}.toDate()`,
  ]);
const duration = (r: Seeded, d: number): string =>
  one(r, [
    () => "resource.du",
    () => `duration("${r.pick(DURATIONS)}")`,
    () => (d > 0 ? `${datetime(r, 0)}.durationSince(${datetime(r, 0)})` : "resource.du"),
    () => `${datetime(r, 0)}.toTime()`,
  ]);
