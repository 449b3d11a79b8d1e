/** A plan that would be silently wrong is refused, with what is wrong; the right one beside it is not. */
import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { checkPlan } from "../../src/plan/check-plan.ts";
import type { FetchPlan, PlanNode } from "../../src/plan/fetch-plan.ts";
import { servedBy } from "../../src/supergraph/served.ts";
import { composedSupergraph } from "../support/composed.ts";

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@external", "@requires", "@provides", "@shareable"])`;
const subgraph = (name: string, sdl: string) => ({ name, url: `subgraph:${name}`, sdl: `${LINK} ${sdl}` });

const SERVED = servedBy(
  parse(
    composedSupergraph([
      subgraph(
        "desk",
        `type Query { lead: Lead featured: Lead @provides(fields: "title place { code }") }
         type Lead @key(fields: "id") { id: ID! title: String @external place: Place @external heat: Int @external
           risk: Int @requires(fields: "heat") next: Lead }
         type Place @key(fields: "id") { id: ID! code: Int @external }`,
      ),
      subgraph(
        "field",
        `type Lead @key(fields: "id") { id: ID! title: String place: Place heat: Int }
         type Place @key(fields: "id") { id: ID! code: Int }`,
      ),
    ]),
  ),
);

const root = (operation: string, serviceName = "desk"): PlanNode => ({
  ...{ kind: "Fetch", serviceName, operationKind: "query", operation },
});
const entity = (serviceName: string, selection: string, path: readonly string[] = ["lead"]): PlanNode => ({
  kind: "Flatten",
  path: path.map((Field) => ({ Field })),
  node: {
    ...{ kind: "Fetch", serviceName, operationKind: "query" },
    operation: `query($r:[_Any!]!){_entities(representations:$r){...on Lead{${selection}}}}`,
    requires: [
      { kind: "InlineFragment", typeCondition: "Lead", selections: [{ kind: "Field", name: "id" }] },
    ],
  },
});
const sequence = (...nodes: PlanNode[]): FetchPlan => ({ node: { kind: "Sequence", nodes } });
const checked = (plan: FetchPlan, text: string) => () => checkPlan(plan, text, SERVED);

describe("a plan is run", () => {
  it.each<[string, FetchPlan, string]>([
    [
      "that asks each for its own",
      sequence(root("{lead{__typename id}}"), entity("field", "title heat")),
      "{lead{title heat}}",
    ],
    [
      "that takes what is brought along",
      { node: root("{featured{title place{code}}}") },
      "{featured{title place{code}}}",
    ],
    [
      "that gives a field its inputs",
      sequence(root("{lead{id}}"), entity("field", "heat"), entity("desk", "risk")),
      "{lead{risk}}",
    ],
    [
      "that asks for a key of an object that is brought along",
      { node: root("{featured{place{id code}}}") },
      "{featured{place{code}}}",
    ],
    ["for types that nobody may be of", { node: root("{lead{__typename}}") }, "{lead{...on Lead{title}}}"],
    [
      "that calls a field by another name in between",
      {
        node: {
          ...{ kind: "Fetch", serviceName: "desk", operationKind: "query", operation: "{lead{_0: id}}" },
          outputRewrites: [{ KeyRenamer: { path: [{ Key: "lead" }, { Key: "_0" }], renameKeyTo: "number" } }],
        },
      },
      "{lead{number: id}}",
    ],
    [
      "of which every branch is looked at",
      { node: { kind: "Condition", condition: "c", ifClause: root("{lead{id}}") } },
      "{lead{id}}",
    ],
  ])("%s", (_, plan, text) => {
    expect(checked(plan, text)).not.toThrow();
  });
});

describe("a plan is refused", () => {
  it.each<[string, FetchPlan, string, string]>([
    [
      "that asks for another's field",
      { node: root("{lead{title}}") },
      "{lead{title}}",
      "asks `desk` for `Lead.title`",
    ],
    [
      "that takes what is brought along elsewhere",
      { node: root("{featured{next{title}}}") },
      "{featured{next{title}}}",
      "asks `desk` for `Lead.title`",
    ],
    [
      "that leaves out the inputs of a field",
      { node: root("{lead{risk}}") },
      "{lead{risk}}",
      "asks `desk` for `Lead.risk`",
    ],
    [
      "that leaves out the inputs of a field below an entity",
      sequence(root("{lead{id}}"), entity("desk", "next{risk}")),
      "{lead{next{risk}}}",
      "asks `desk` for `Lead.risk`",
    ],
    [
      "that asks for what there is not",
      { node: root("{leads{id}}", "field") },
      "{lead{id}}",
      "asks `field` for `Query.leads`",
    ],
    [
      "that asks a subgraph that there is not",
      { node: root("{lead{id}}", "nobody") },
      "{lead{id}}",
      "asks `nobody` for `anything`",
    ],
    [
      "that asks nobody for a field",
      { node: root("{lead{__typename}}") },
      "{lead{next{id}}}",
      "asks nobody for `lead.next`",
    ],
    ["that is none", {}, "{lead{id}}", "asks nobody for `lead`"],
  ])("%s", (_, plan, text, message) => {
    expect(checked(plan, text)).toThrow(
      expect.objectContaining({ code: "PLANNER_UNAVAILABLE", message: expect.stringContaining(message) }),
    );
  });
});
