/** The stages from operation to projection over the mirror world, for one profile at a time. */
import { join } from "node:path";
import { expect } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { execute } from "../../src/execute/execute.ts";
import type { SubgraphName } from "../../src/kernel/brands.ts";
import { coerceVariables } from "../../src/operation/coerce.ts";
import { createPrepare } from "../../src/operation/prepare.ts";
import { bind } from "../../src/plan/bind.ts";
import { createPlanStage } from "../../src/plan/plan.ts";
import { startPlanner } from "../../src/plan/planner.ts";
import { type CaseAccessJson, factsFromAccess, NO_PERSON, REGISTER_FACTS } from "../../src/policy/facts.ts";
import { outcome } from "../../src/policy/reasons.ts";
import type { Outcome, Profile } from "../../src/policy/verdict.ts";
import { type Projected, project } from "../../src/respond/project.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import { subgraphSdl } from "../../src/supergraph/subgraph-documents.ts";
import type { Supergraph } from "../../src/supergraph/supergraph.ts";
import { DOMAIN } from "../policy/shipped.ts";
import { mirrorBackend } from "./mirror-world.ts";

const SCHEMA_DIR = join(PACKAGE_ROOT, "schema");
const LIMITS = { maxTokens: 5_000, maxDepth: 12, maxAliases: 500, maxSelections: 5_000 };
const READER = { agency: "EPC", role: "r", staff: "s", purpose: "SHELTER_CARE" };

export const ALLOW: Outcome = outcome("ALLOW", null, []);

export const sealId = (type: string, uid: string): string => `sealed:${type}|${uid}`;

export interface Mirror {
  readonly supergraph: Supergraph;
  readonly backends: ReadonlyMap<SubgraphName, ReturnType<typeof mirrorBackend>>;
  answer(text: string, profile: Profile): Promise<Projected & { readonly data: unknown }>;
  close(): Promise<void>;
}

export async function startMirror(): Promise<Mirror> {
  const supergraph = await loadSupergraph(SCHEMA_DIR);
  const planner = await startPlanner(supergraph.sdl);
  const plan = createPlanStage(planner);
  const prepare = createPrepare(supergraph.publicSchema, LIMITS, new Set());
  const { groups } = DOMAIN;
  const registerFacts = REGISTER_FACTS(NO_PERSON, 0);
  const backends = new Map<SubgraphName, ReturnType<typeof mirrorBackend>>();
  for (const name of supergraph.subgraphs.keys()) {
    backends.set(name, mirrorBackend(name, await subgraphSdl(SCHEMA_DIR, name), supergraph.entities));
  }

  return {
    supergraph,
    backends,
    close: () => planner.close(),
    async answer(text, profile) {
      const operation = prepare(text, undefined);
      const { values, conditions } = coerceVariables(supergraph.publicSchema, operation, {});
      const gates = { supergraph, profile, isOwn: () => true, registerFacts };
      const planned = await plan({ operation, conditions, hasIssue: true, gates });
      const reader = { ...READER, address: "x" };
      const { variables } = bind(planned.internal, values, {
        maxPageSize: 100,
        openId: (id) => id,
        openCursor: (c) => c,
        reader,
      });
      const execution = await execute({
        plan: planned,
        variables,
        rules: {
          registerFacts,
          caseFacts: (access) =>
            factsFromAccess(access as CaseAccessJson, {
              caseBound: true,
              breakGlassUntil: 0,
              now: 0,
              groups,
            }),
          personFacts: () => registerFacts,
          issue: null,
          variables: values,
        },
        reader: { requestId: "r", ...READER, member: "x", issue: null },
        backends,
        signal: new AbortController().signal,
      });
      expect(execution.faults).toEqual([]);
      const tools = {
        now: 0,
        subjects: supergraph.subjects,
        sealId,
        sealCursor: (cursor: string) => cursor,
        mask: (_: string, value: unknown) => value,
        introspection: {},
      };
      const projected = project(planned.projection, execution, tools);
      expect(projected.troubles).toEqual([]);
      return { ...projected, data: JSON.parse(projected.data) };
    },
  };
}
