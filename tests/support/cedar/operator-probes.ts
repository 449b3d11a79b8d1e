/** Comparisons, arithmetic, logic, sets and text: what is tried of them. */
import {
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
} from "./expressions.ts";
import { ask, between, COMPARISONS, call, compared, erring, LONGS, type Probe, SAME } from "./probe.ts";
import { TOPICS } from "./world.ts";

const PATTERNS = [
  ...['"*"', '"BH-*"', '"*a*"', '"a*c"', '"BH-\\*"', '""', '"*b"', '"a*b*c"', '"ab"', '"*قضية"'],
  ...['"*a*a*"', '"*b*b*"', '"*b*bc"', '"a*ab*"'],
];

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
      operator: `ipaddr ${operator} in one network`,
      topics: ["Net"],
      build: between(
        (d) => `ip("${d.pick(["10.0.0.0/8", "10.0.0.1/8", "10.0.0.0", "10.0.0.1/32"])}")`,
        operator,
      ),
    },
    {
      operator: `row ${operator}`,
      topics: TOPICS,
      build: (d) => `(resource ${operator} ${d.topic}::"r${d.integer(0, 2)}")`,
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
    operator: "beyond 2⁵³",
    topics: ["Num"],
    build: (d) => {
      const more = ["resource.n", "resource.m", "context.n", "1", "2", "3"];
      const beyond = () => `(9007199254740991 + ${d.pick(more)})`;
      return `(${beyond()} ${d.pick([...COMPARISONS, ...SAME])} ${beyond()})`;
    },
  },
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
const sets: readonly Probe[] = [
  {
    operator: "Set == in another order",
    topics: ["Bag"],
    build: (d) => {
      const [a, b, c] = [long(d, 0), long(d, 0), d.pick(["context.n", "1"])];
      return d.pick([`([${a}, ${b}] == [${b}, ${c}])`, `([${a}, ${c}, ${b}] == [${b}, ${a}, ${c}, ${c}])`]);
    },
  },
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

const texts: readonly Probe[] = [
  { operator: "like", topics: ["Text"], build: (d, n) => `(${string(d, n)} like ${d.pick(PATTERNS)})` },
  {
    operator: "like, apart",
    topics: ["Text"],
    build: (d) => `(${string(d, 0)} like ${d.pick(['"*a*a*"', '"*b*b*"', '"*a*b*a*"', '"*BH*-*"'])})`,
  },
  {
    operator: "like an asterisk",
    topics: ["Text"],
    build: (d) => `(${string(d, 0)} like ${d.pick(['"BH-\\*"', '"*\\*"', '"BH\\**"'])})`,
  },
];

export const OPERATOR_PROBES = [...comparisons, ...arithmetic, ...logic, ...sets, ...texts];
