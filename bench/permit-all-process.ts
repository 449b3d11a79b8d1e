/**
 * One side of `permit-all.ts` as a process of its own: asks for a page of 100 workers again and again, stages called directly.
 *
 * In      whether a reader whom Cedar policies permit everything asks, or nothing is decided and the plan is at hand.
 * Out     the answer as it is written; CPU microseconds of a round's request.
 */
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { execute } from "../src/execute/execute.ts";
import { ANONYMOUS } from "../src/identity/anonymous.ts";
import type { AgencyCode, MemberAddress } from "../src/kernel/brands.ts";
import { unsealed } from "../src/kernel/seals.ts";
import { createPrepare } from "../src/operation/prepare.ts";
import { bind } from "../src/plan/bind.ts";
import { createPlanStage } from "../src/plan/plan.ts";
import { startPlanner } from "../src/plan/planner.ts";
import { cedarSchema } from "../src/policy/cedar-schema.ts";
import { compilePolicyTexts } from "../src/policy/compile.ts";
import { type Domain, loadDomain } from "../src/policy/domain.ts";
import { permitAll } from "../src/policy/permit-all.ts";
import type { PolicySet, ProfileReader } from "../src/policy/policy-set.ts";
import { ReaderTools } from "../src/reader-tools.ts";
import { agenciesOf } from "../src/respond/agencies.ts";
import { project } from "../src/respond/project.ts";
import { respond } from "../src/respond/respond.ts";
import { loadSupergraph } from "../src/supergraph/load.ts";
import { plainSupergraph } from "../src/supergraph/plain-supergraph.ts";
import type { Supergraph } from "../src/supergraph/supergraph.ts";
import { cannedBackend } from "./canned-backend.ts";
import { OPERATIONS } from "./operations.ts";
import { serveWorker } from "./serve-worker.ts";

const { role, purpose, query } = OPERATIONS.find(({ name }) => name === "workers")!;
const READER = {
  ...ANONYMOUS,
  ...{ agency: "LMRA" as AgencyCode, member: "BH/GOV/LMRA/inspection" as MemberAddress, role, purpose },
};
const WIDE = { maxTokens: 2_000, maxDepth: 20, maxAliases: 30, maxSelections: 2_000 };
const SCHEMA = join(PACKAGE_ROOT, "schema");

/** Every group of fields, clear, to everybody for any purpose. */
function permitEverything({ fields }: Domain): string {
  const groups = new Set([...fields.values()].map(({ group }) => `Action::"${group}:clear"`));
  return ['action == Action::"claim"', `action in [${[...groups].join(", ")}]`]
    .map(
      (action, at) =>
        `@id("all-${at}") @title("t") @legalBasis("R7") @owner("LMRA")\npermit (principal, ${action}, resource);`,
    )
    .join("\n");
}

type Ask = () => Promise<Buffer>;
type Policies = Pick<PolicySet, "profile" | "domain"> | typeof permitAll;

export type PermitAllQuestions = {
  readonly answer: () => Promise<string>;
  readonly round: (requests: number) => Promise<number>;
};

serveWorker<{ readonly decides: boolean }>(async ({ decides }) => {
  const supergraph = await loadSupergraph(SCHEMA);
  const planner = await startPlanner(supergraph.sdl);
  const ask = decides
    ? await asking(planner, { supergraph, policies: await everythingPermitted(), keepsPlan: false })
    : await asking(planner, {
        supergraph: plainSupergraph(supergraph.sdl),
        policies: permitAll,
        keepsPlan: true,
      });
  const answers: PermitAllQuestions = {
    answer: async () => (await ask()).toString(),
    round: (requests) => cpuUsOf(ask, requests),
  };
  return { ready: null, answers, stop: () => planner.close() };
});

async function everythingPermitted(): Promise<PolicySet> {
  const domain = loadDomain(SCHEMA);
  const file = { file: "lmra/all.cedar", text: permitEverything(domain) };
  return compilePolicyTexts([file], cedarSchema(domain), domain);
}

interface Side {
  readonly supergraph: Supergraph;
  readonly policies: Policies;
  /** The plan is looked up once. */
  readonly keepsPlan: boolean;
}

async function asking(
  planner: Parameters<typeof createPlanStage>[0],
  { supergraph, policies, keepsPlan }: Side,
): Promise<Ask> {
  const operation = createPrepare(supergraph.publicSchema, WIDE, new Set())(query, undefined);
  const planStage = createPlanStage(planner);
  const agencies = agenciesOf(supergraph);
  const parts = { supergraph, policies, seals: unsealed, manyMembered: new Set<AgencyCode>() };
  const backends = new Map(
    [...supergraph.subgraphs.keys()].map((subgraph) => [
      subgraph,
      cannedBackend(subgraph, supergraph.fullSchema),
    ]),
  );
  const planFor = (tools: ReaderTools) => {
    const gates = tools.gateMaker(policies.profile(READER as ProfileReader));
    return planStage({ operation, conditions: "", hasIssue: false, gates });
  };
  const { signal } = new AbortController();
  const kept = await planFor(new ReaderTools(parts, READER, Date.now()));
  return async () => {
    const tools = new ReaderTools(parts, READER, Date.now());
    const plan = keepsPlan ? kept : await planFor(tools);
    const { variables, filterHash } = bind(plan.internal, {}, tools.bindTools());
    const rules = { ...tools.factRules(), issue: tools.issue, variables: {} };
    const execution = await execute({ plan, variables, rules, reader: tools.outbound(), backends, signal });
    const projected = project(plan.projection, execution, tools.projectTools(filterHash, {}));
    const { faults } = execution;
    return Buffer.from(respond({ projected, faults, agencies, locale: "en" }));
  };
}

async function cpuUsOf(ask: Ask, requests: number): Promise<number> {
  const from = process.cpuUsage();
  for (let i = 0; i < requests; i++) await ask();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / requests;
}
