/** Which fetches may wait: none that brings what rows that are shown at once are decided by, or what another fetch at once requires. */
import { GraphQLString, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { Deferral, type DeferredFragment, UNDEFERRED, type Uses } from "../../src/plan/deferral.ts";
import { DraftPosition } from "../../src/plan/draft.ts";
import type { FetchNode, PlanNode, RequiredSelection } from "../../src/plan/fetch-plan.ts";
import type { FieldShape, ObjectShape, Projection } from "../../src/plan/shape.ts";
import { splitPlan } from "../../src/plan/split-plan.ts";

const FRAGMENT: DeferredFragment = { label: "f", parent: null };
const DEFERRED: Uses = new Set([FRAGMENT]);

const deferral = (): Deferral =>
  new Deferral({
    definition: parse("{ a }").definitions[0] as never,
    fragments: [FRAGMENT],
    ofField: new WeakMap(),
    ofSet: new WeakMap(),
  });

const internal = (key: string) => ({ key, coordinate: `T.${key}` as never, gate: null, target: null });
const base = (key: string, uses: Uses) => ({ responseKey: key, path: [key], type: GraphQLString, uses });
const leaf = (key: string, uses: Uses): FieldShape => ({
  ...{ kind: "leaf", ...base(key, uses), cursorOf: null },
  field: { ...internal(key), responsePath: [key], underList: false },
});
const shape = (
  type: string,
  fields: readonly FieldShape[],
  injected: readonly string[] = [],
): ObjectShape => {
  const position = new DraftPosition(type);
  for (const one of injected) position.injected.add(one);
  return { position, fields, node: null, edges: null, deferral: null };
};
const person = (uses: Uses, fields: readonly FieldShape[], injected: readonly string[] = []): Projection => ({
  introspection: null,
  root: shape("Query", [
    {
      ...{ kind: "object", ...base("person", uses) },
      field: { ...internal("person"), responsePath: ["person"], underList: false },
      shapes: new Map([["Person", shape("Person", fields, injected)]]),
    },
  ]),
});

const root: FetchNode = {
  ...{ kind: "Fetch", serviceName: "register", operationKind: "query" },
  operation: "{person{__typename uid name}}",
};
const entity = (serviceName: string, selection: string, required: readonly string[] = ["uid"]): PlanNode => ({
  kind: "Flatten",
  path: [{ Field: "person" }],
  node: {
    ...{ kind: "Fetch", serviceName, operationKind: "query" },
    operation: `query($r:[_Any!]!){_entities(representations:$r){...on Person{${selection}}}}`,
    requires: [
      {
        kind: "InlineFragment",
        typeCondition: "Person",
        selections: required.map((name): RequiredSelection => ({ kind: "Field", name })),
      },
    ],
  },
});

/** Subgraphs that are asked late. */
function lateOf(projection: Projection, nodes: readonly PlanNode[]): readonly string[] {
  const plan: PlanNode = { kind: "Sequence", nodes: [root, ...nodes] };
  const { parts, late } = splitPlan([{ fetches: { node: plan } }], projection, deferral());
  const all = namesIn(plan);
  const first = parts.flatMap(({ fetches: { node } }) => (node ? namesIn(node) : []));
  const after = late.flatMap((one) => one.parts.flatMap(namesIn));
  expect([...first, ...after].sort()).toEqual([...all].sort());
  return after;
}

function namesIn(node: PlanNode): readonly string[] {
  if ("nodes" in node) return node.nodes.flatMap(namesIn);
  if (node.kind === "Flatten") return namesIn(node.node);
  return "serviceName" in node ? [node.serviceName] : [];
}

const NAME = leaf("name", UNDEFERRED);
const BED = leaf("bed", DEFERRED);
const ACCESS = "_p_access:access(reader:$_p_reader){child}";

describe("a fetch", () => {
  it.each<[string, Projection, readonly PlanNode[], readonly string[]]>([
    ["waits when only a fragment selects it", person(UNDEFERRED, [NAME, BED]), [entity("s", "bed")], ["s"]],
    [
      "does not wait when anything of it is selected at once",
      person(UNDEFERRED, [NAME, BED, leaf("room", UNDEFERRED)]),
      [entity("s", "bed room")],
      [],
    ],
    [
      "does not wait when it brings what a row that is shown is decided by",
      person(UNDEFERRED, [NAME, BED], [ACCESS]),
      [entity("s", `bed ${ACCESS}`)],
      [],
    ],
    [
      "waits with what decides a row that itself waits",
      person(DEFERRED, [BED], [ACCESS]),
      [entity("s", `bed ${ACCESS}`)],
      ["register", "s"],
    ],
    [
      "does not wait when a fetch at once requires what it brings, through others too",
      person(UNDEFERRED, [NAME, BED, leaf("tag", UNDEFERRED)]),
      [entity("s", "bed"), entity("m", "mid", ["uid", "bed"]), entity("c", "tag", ["uid", "mid"])],
      [],
    ],
    [
      "waits with the fetches that only one that waits requires",
      person(UNDEFERRED, [NAME, leaf("tag", DEFERRED)]),
      [entity("s", "bed"), entity("c", "tag", ["uid", "bed"])],
      ["s", "c"],
    ],
    [
      "does not wait when nobody knows what it is for",
      person(UNDEFERRED, [NAME, BED]),
      [entity("s", "other")],
      [],
    ],
    [
      "does not wait when it tells the type of a row that is shown",
      person(UNDEFERRED, [NAME, BED]),
      [entity("s", "__typename bed")],
      [],
    ],
  ])("%s", (_, projection, nodes, late) => {
    expect(lateOf(projection, nodes)).toEqual(late);
  });
});
