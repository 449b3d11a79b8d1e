/**
 * One condition for each operator and function of Cedar's expression language, over operands of random depth.
 *
 * Rule    the operator decides the condition; the topics are where it finds its operands. `mayErr`: on operands that
 *         do not err, the operator itself can. `raw`: only Cedar's evaluator takes it, its validator refuses it.
 */
import {
  type Build,
  type Dice,
  datetime,
  decimal,
  duration,
  ip,
  long,
  longs,
  nested,
  org,
  pairs,
  rec,
  simpleBool,
  staff,
  string,
  strings,
  tagKey,
  UNITS,
} from "./expressions.ts";
import { DECIMALS, TOPICS, type Topic } from "./world.ts";

export interface Probe {
  readonly operator: string;
  readonly topics: readonly Topic[];
  readonly build: Build;
  readonly mayErr?: true;
  readonly raw?: true;
}

const COMPARISONS = ["<", "<=", ">", ">="];
const SAME = ["==", "!="];
const LONGS: readonly Topic[] = ["Num", "Time", "Rec"];
const PATTERNS = [
  '"*"',
  '"BH-*"',
  '"*a*"',
  '"a*c"',
  '"BH-\\*"',
  '""',
  '"*b"',
  '"a*b*c"',
  '"ab"',
  '"*قضية"',
  '"*a*a*"',
];

/** Two operands and what stands between them. */
const between =
  (operand: Build, operator: string): Build =>
  (d, depth) =>
    `(${operand(d, depth)} ${operator} ${operand(d, depth)})`;
const call =
  (operand: Build, method: string, argument: Build): Build =>
  (d, depth) =>
    `${operand(d, depth)}.${method}(${argument(d, depth)})`;
const ask =
  (operand: Build, method: string): Build =>
  (d, depth) =>
    `${operand(d, depth)}.${method}()`;
const compared = (d: Dice, value: string, other: Build) =>
  `(${value} ${d.pick([...COMPARISONS, ...SAME])} ${other(d, 0)})`;
/** The operator's result, compared with another value of its type. */
const result =
  (build: Build, type: Build): Build =>
  (d, depth) =>
    compared(d, build(d, depth), type);

const comparisons: readonly Probe[] = [
  ...[...COMPARISONS, ...SAME].flatMap((operator): Probe[] => [
    { operator: `Long ${operator}`, topics: LONGS, build: between(long, operator) },
    { operator: `datetime ${operator}`, topics: ["Time"], build: between(datetime, operator) },
    { operator: `duration ${operator}`, topics: ["Time"], build: between(duration, operator) },
  ]),
  ...SAME.flatMap((operator): Probe[] => [
    { operator: `String ${operator}`, topics: ["Text"], build: between(string, operator) },
    {
      operator: `Set ${operator}`,
      topics: ["Bag"],
      build: (d, n) => between(d.pick([strings, longs, nested, pairs]), operator)(d, n),
    },
    { operator: `Record ${operator}`, topics: ["Rec"], build: between(rec, operator) },
    {
      operator: `Entity ${operator}`,
      topics: ["Tree"],
      build: (d, n) => between(d.pick([org, staff]), operator)(d, n),
    },
    { operator: `ipaddr ${operator}`, topics: ["Net"], build: between(ip, operator) },
    { operator: `decimal ${operator}`, topics: ["Dec"], build: between(decimal, operator) },
    { operator: `Bool ${operator}`, topics: TOPICS, build: between(simpleBool, operator) },
    {
      operator: `row ${operator}`,
      topics: TOPICS,
      build: (d) => `(resource ${operator} ${d.topic}::"r${d.integer(0, 2)}")`,
    },
    {
      operator: `of another type ${operator}`,
      topics: ["Tree"],
      build: () => `(resource ${operator} principal)`,
      raw: true,
    },
  ]),
];

const arithmetic: readonly Probe[] = [
  ...["+", "-", "*"].map(
    (operator): Probe => ({
      operator,
      topics: ["Num"],
      mayErr: true,
      build: (d, depth) => {
        const beyond = d.chance(0.3)
          ? ` ${operator} ${d.pick(["(9007199254740991 * 1024)", "(-9007199254740991 * 1024)"])}`
          : "";
        return compared(d, `(${between(long, operator)(d, depth)}${beyond})`, long);
      },
    }),
  ),
  {
    operator: "neg",
    topics: ["Num"],
    mayErr: true,
    build: (d, depth) =>
      compared(d, `(-${d.chance(0.2) ? "(-9007199254740991 * 1024 - 1024)" : long(d, depth)})`, long),
  },
];

const logic: readonly Probe[] = [
  { operator: "&&", topics: TOPICS, build: between(simpleBool, "&&") },
  { operator: "||", topics: TOPICS, build: between(simpleBool, "||") },
  { operator: "!", topics: TOPICS, build: (d) => `(!${simpleBool(d, 0)})` },
  {
    operator: "if",
    topics: TOPICS,
    build: (d) => `(if ${simpleBool(d, 0)} then ${simpleBool(d, 0)} else ${simpleBool(d, 0)})`,
  },
  {
    operator: "&& and what errs",
    topics: ["Num"],
    mayErr: true,
    build: (d) => `(${simpleBool(d, 0)} && ${erring(d)})`,
  },
  {
    operator: "|| and what errs",
    topics: ["Num"],
    mayErr: true,
    build: (d) => `(${simpleBool(d, 0)} || ${erring(d)})`,
  },
  {
    operator: "errs, then &&",
    topics: ["Num"],
    mayErr: true,
    build: (d) => `(${erring(d)} && ${simpleBool(d, 0)})`,
  },
  {
    operator: "errs, then ||",
    topics: ["Num"],
    mayErr: true,
    build: (d) => `(${erring(d)} || ${simpleBool(d, 0)})`,
  },
  {
    operator: "if and what errs",
    topics: ["Num"],
    mayErr: true,
    build: (d) => {
      const [one, other] = d.chance(0.5) ? [erring(d), simpleBool(d, 0)] : [simpleBool(d, 0), erring(d)];
      return `(if ${d.chance(0.3) ? erring(d) : simpleBool(d, 0)} then ${one} else ${other})`;
    },
  },
];
/** Errs for some rows. */
const erring = (d: Dice) =>
  `(${long(d, 0)} * ${d.pick(["1024", "resource.m"])} + 9007199254740991 * ${d.pick(["1000", "1024"])} > 0)`;

const sets: readonly Probe[] = [
  {
    operator: "contains",
    topics: ["Bag"],
    build: (d, n) =>
      d.pick([
        call(strings, "contains", string),
        call(longs, "contains", long),
        call(nested, "contains", longs),
      ])(d, n),
  },
  {
    operator: "contains a record",
    topics: ["Bag"],
    build: call(pairs, "contains", (d) => `{b: ${string(d, 0)}, a: ${d.integer(0, 1)}}`),
  },
  {
    operator: "containsAll",
    topics: ["Bag"],
    build: (d, n) =>
      d.pick([
        call(strings, "containsAll", strings),
        call(longs, "containsAll", longs),
        call(nested, "containsAll", nested),
      ])(d, n),
  },
  {
    operator: "containsAny",
    topics: ["Bag"],
    build: (d, n) =>
      d.pick([
        call(strings, "containsAny", strings),
        call(longs, "containsAny", longs),
        call(pairs, "containsAny", pairs),
      ])(d, n),
  },
  {
    operator: "isEmpty",
    topics: ["Bag"],
    build: (d, n) => d.pick([ask(strings, "isEmpty"), ask(longs, "isEmpty"), ask(nested, "isEmpty")])(d, n),
  },
];

const records: readonly Probe[] = [
  { operator: "has", topics: ["Text", "Rec", "Num"], build: (d) => d.pick(HAS[d.topic] ?? []) },
  {
    operator: "has a.b",
    topics: ["Rec"],
    build: (d) =>
      d.pick([
        "(resource has rec.y)",
        "(resource has rec.deep.w)",
        "(resource has orec.deep.w)",
        "(context has rec.q)",
        "(resource.rec has deep.w)",
      ]),
  },
  {
    operator: "has of an entity",
    topics: ["Tree"],
    build: (d) =>
      d.pick([
        "(resource has boss.o)",
        `(${org(d, 0)} has level)`,
        `(${staff(d, 0)} has o)`,
        "(resource has boss)",
      ]),
  },
  {
    operator: "has in a literal",
    topics: ["Rec"],
    build: (d) =>
      d.pick([
        `({y: ${long(d, 0)}} has ${d.pick(["x", "y"])})`,
        `({y: {z: ${long(d, 0)}}} has y.${d.pick(["x", "z"])})`,
      ]),
  },
  {
    operator: ".",
    topics: ["Rec", "Text", "Num"],
    mayErr: true,
    raw: true,
    build: (d) => d.pick(ACCESS[d.topic] ?? []),
  },
  {
    operator: ". of an entity",
    topics: ["Tree"],
    mayErr: true,
    build: (d) =>
      d.pick([`(${org(d, 1)}.level ${d.pick(COMPARISONS)} 2)`, `(${staff(d, 0)}.org == ${org(d, 0)})`]),
  },
  {
    operator: "record literal",
    topics: ["Rec", "Num"],
    build: (d, n) => `({x: ${long(d, n)}, "y z": {b: ${simpleBool(d, n)}}}["y z"].b)`,
  },
  {
    operator: "record literal ==",
    topics: ["Rec"],
    build: (d, n) => `({x: ${long(d, n)}, y: ${string(d, 0)}} == {y: ${string(d, 0)}, x: ${long(d, n)}})`,
  },
  {
    operator: "record literal that errs",
    topics: ["Num"],
    mayErr: true,
    build: (d) => `({x: ${erring(d)}, y: ${simpleBool(d, 0)}}.${d.pick(["x", "y"])})`,
  },
];
const HAS: Partial<Record<Topic, readonly string[]>> = {
  Text: ["(resource has os)", "(context has os)", "(principal has o)", "(resource has s)"],
  Rec: [
    "(resource has orec)",
    "(resource.rec has y)",
    '(resource has "odd name")',
    "(context.rec has q)",
    "(resource.twin.deep has w)",
  ],
  Num: ["(resource has on)", "(principal has o)"],
};
const ACCESS: Partial<Record<Topic, readonly string[]>> = {
  Text: ['(resource.os == "a")', '(context.os != "a")', '(principal.o == "ab")'],
  Rec: [
    '(resource.rec.y == "a")',
    "(resource.orec.x < 2)",
    '(resource["odd name"] > 1)',
    "(resource.orec.deep.w >= 1)",
  ],
  Num: ["(resource.on > 2)", '(principal.o != "a")'],
};

const entities: readonly Probe[] = [
  {
    operator: "in",
    topics: ["Tree"],
    build: (d, n) =>
      d.pick([
        between(org, "in"),
        between(staff, "in"),
        (x: Dice) => `(${staff(x, 0)} in ${org(x, n)})`,
        (x: Dice) => `(resource in ${org(x, n)})`,
      ])(d, n),
  },
  {
    operator: "in a set",
    topics: ["Tree"],
    build: (d, n) =>
      `(${d.pick([org, staff])(d, 0)} in ${d.pick(["resource.orgs", `[${org(d, n)}, ${org(d, 0)}]`])})`,
  },
  {
    operator: "row in",
    topics: ["Tree", "Num", "Text"],
    build: (d) => `(resource in ${d.pick(['Box::"b1"', '[Box::"b0", Box::"b2"]', `${d.topic}::"r1"`])})`,
  },
  {
    operator: "action in",
    topics: ["Tree"],
    build: (d) =>
      `(action in ${d.pick(["resource.acts", 'Action::"even"', '[Action::"even", Action::"Tree1"]', 'Action::"all"'])})`,
  },
  { operator: "action ==", topics: ["Tree", "Num"], build: (d) => `(action == Action::"${d.topic}1")` },
  { operator: "is", topics: TOPICS, build: (d) => `(resource is ${d.pick([d.topic, "Org"])})` },
  {
    operator: "is … in",
    topics: ["Tree"],
    build: (d) =>
      d.pick([
        `(${staff(d, 0)} is Staff in ${org(d, 0)})`,
        `(${org(d, 0)} is Org in ${org(d, 0)})`,
        `(resource is Tree in Box::"b1")`,
        `(${org(d, 0)} is Staff in ${org(d, 0)})`,
        `(${staff(d, 0)}.org is Staff in ${org(d, 0)})`,
      ]),
  },
  {
    operator: "hasTag",
    topics: ["Tree"],
    build: (d, n) => `${d.pick([org, staff, () => "resource"])(d, 0)}.hasTag(${tagKey(d, n)})`,
  },
  {
    operator: "getTag",
    topics: ["Tree"],
    mayErr: true,
    raw: true,
    build: (d, n) =>
      d.pick([
        `(${d.pick(["resource", org(d, 0)])}.getTag(${tagKey(d, n)}) > 1)`,
        `(${staff(d, 0)}.getTag(${tagKey(d, n)}) != "a")`,
      ]),
  },
  {
    operator: "hasTag, then getTag",
    topics: ["Tree"],
    build: (d) => {
      const [of, key] = [d.pick(["resource", "resource.org"]), tagKey(d, 1)];
      return `(${of}.hasTag(${key}) && ${of}.getTag(${key}) ${d.pick(COMPARISONS)} 1)`;
    },
  },
];

const texts: readonly Probe[] = [
  { operator: "like", topics: ["Text"], build: (d, n) => `(${string(d, n)} like ${d.pick(PATTERNS)})` },
];

const extensions: readonly Probe[] = [
  ...["isIpv4", "isIpv6", "isLoopback", "isMulticast"].map(
    (operator): Probe => ({ operator, topics: ["Net"], build: ask(ip, operator) }),
  ),
  { operator: "isInRange", topics: ["Net"], build: call(ip, "isInRange", ip) },
  ...["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"].map(
    (operator): Probe => ({ operator, topics: ["Dec"], build: call(decimal, operator, decimal) }),
  ),
  {
    operator: "offset",
    topics: ["Time"],
    mayErr: true,
    build: result(call(datetime, "offset", duration), datetime),
  },
  {
    operator: "durationSince",
    topics: ["Time"],
    mayErr: true,
    build: result(
      (d, n) =>
        d.chance(0.3)
          ? `${BEFORE_ALL}.durationSince(${datetime(d, n)})`
          : call(datetime, "durationSince", datetime)(d, n),
      duration,
    ),
  },
  {
    operator: "toDate",
    topics: ["Time"],
    mayErr: true,
    build: result((d, n) => `${d.chance(0.2) ? BEFORE_ALL : datetime(d, n)}.toDate()`, datetime),
  },
  {
    operator: "toTime",
    topics: ["Time"],
    build: result((d, n) => `${d.chance(0.2) ? BEFORE_ALL : datetime(d, n)}.toTime()`, duration),
  },
  ...UNITS.map(
    (operator): Probe => ({
      operator,
      topics: ["Time"],
      build: (d, n) =>
        compared(d, ask(duration, operator)(d, n), () =>
          d.pick(["0", "1", "(-1)", "36", "2160", "1000", "(-59)", "59", "(-106751991167)"]),
        ),
    }),
  ),
];
/** The earliest instant but 192 ms: what is subtracted from it is beyond. */
const BEFORE_ALL = 'datetime("1970-01-01").offset(duration("-9223372036854775616ms"))';

/** Text that only the row knows: malformed text is an error of the constructor. */
const literals: readonly Probe[] = [
  {
    operator: "ip()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      d.pick([
        "ip(resource.ip).isIpv4()",
        "ip(resource.ip).isLoopback()",
        "ip(resource.ip).isMulticast()",
        'ip(resource.ip).isInRange(ip("0.0.0.0/1"))',
        'ip(resource.ip).isInRange(ip("2001::/16"))',
        '(ip(resource.ip) == ip("::"))',
      ]),
  },
  {
    operator: "decimal()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `decimal(resource.dec).${d.pick(["lessThan", "greaterThanOrEqual"])}(decimal("${d.pick(DECIMALS)}"))`,
  },
  {
    operator: "datetime()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `(datetime(resource.dt) ${d.pick(COMPARISONS)} datetime("${d.pick(["1970-01-01", "2023-06-30T12:00:00Z", "2024-03-01", "2024-02-15T06:00:00+0300"])}"))`,
  },
  {
    operator: "datetime(), its time",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `(datetime(resource.dt).toTime() ${d.pick(COMPARISONS)} duration("${d.integer(0, 23)}h${d.integer(0, 59)}m${d.integer(0, 59)}s500ms"))`,
  },
  {
    operator: "duration()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `(duration(resource.du) ${d.pick(COMPARISONS)} duration("${d.pick(["0ms", "12h", "-1d", "999999999999999h", "50d7h"])}"))`,
  },
];

export const PROBES: readonly Probe[] = [
  ...comparisons,
  ...arithmetic,
  ...logic,
  ...sets,
  ...records,
  ...entities,
  ...texts,
  ...extensions,
  ...literals,
];

/** Any condition over the topic; validated ones may be joined. */
export function condition(d: Dice, depth: number): string {
  const fit = PROBES.filter(({ topics, raw }) => topics.includes(d.topic) && !raw);
  if (depth <= 1 || d.topic === "Lit" || d.chance(0.3)) return d.pick(fit).build(d, depth - 1);
  const [a, b] = [condition(d, depth - 1), condition(d, depth - 1)];
  return d.pick([
    `(${a} && ${b})`,
    `(${a} || ${b})`,
    `(!${a})`,
    `(if ${a} then ${b} else ${condition(d, 1)})`,
    `(${a} == ${b})`,
  ]);
}
