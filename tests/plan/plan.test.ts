/** The plan stage runs no plan unchecked, whatever the planner says. */
import { expect, it } from "vitest";
import { createPrepare } from "../../src/operation/prepare.ts";
import type { FetchPlan } from "../../src/plan/fetch-plan.ts";
import { createPlanStage, type Plan } from "../../src/plan/plan.ts";
import { NO_PERSON, REGISTER_FACTS } from "../../src/policy/facts.ts";
import { permitAll } from "../../src/policy/permit-all.ts";
import { plainSupergraph } from "../../src/supergraph/plain-supergraph.ts";
import { composedSupergraph } from "../support/composed.ts";

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])`;
const supergraph = plainSupergraph(
  composedSupergraph([
    {
      name: "desk",
      url: "subgraph:desk",
      sdl: `${LINK} type Query { lead: Lead } type Lead @key(fields: "id") { id: ID! }`,
    },
    {
      name: "field",
      url: "subgraph:field",
      sdl: `${LINK} type Lead @key(fields: "id") { id: ID! title: String }`,
    },
  ]),
);
const limits = { maxTokens: 100, maxDepth: 10, maxAliases: 10, maxSelections: 100 };

function planned(text: string, operation: string): Promise<Plan> {
  const plan: FetchPlan = { node: { kind: "Fetch", serviceName: "desk", operationKind: "query", operation } };
  const stage = createPlanStage({ plan: async () => plan, close: async () => {} });
  const gates = {
    ...{ supergraph, profile: permitAll.profile(), isOwn: () => true },
    registerFacts: REGISTER_FACTS(NO_PERSON, 0),
  };
  const prepared = createPrepare(supergraph.publicSchema, limits, new Set())(text, undefined);
  return stage({ operation: prepared, conditions: "", hasIssue: false, gates });
}

it("refuses a plan that asks a subgraph for another's field", async () => {
  await expect(planned("{ lead { title } }", "{lead{title}}")).rejects.toMatchObject({
    code: "PLANNER_UNAVAILABLE",
  });
});

it("takes the plan that asks each for its own", async () => {
  expect((await planned("{ lead { id } }", "{lead{id}}")).parts).toHaveLength(1);
});
