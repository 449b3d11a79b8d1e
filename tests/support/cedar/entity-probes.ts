/** Records, attributes, entities, their hierarchy and tags: what is tried of them. */
import { type Dice, long, org, simpleBool, staff, string, tagKey } from "./expressions.ts";
import { between, COMPARISONS, erring, type Probe } from "./probe.ts";
import { TOPICS, type Topic } from "./world.ts";

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

export const ENTITY_PROBES = [...records, ...entities];
