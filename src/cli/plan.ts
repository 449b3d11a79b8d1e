/**
 * `ihala plan`: what would be asked of which agency for an operation and a reader, and what policy cut, masked, left to the rows or
 * added, and why. Asks nobody.
 *
 * In      GraphQL text, a role, a purpose (its first unless told), certificates, whether an issue is named.
 * Out     `describePlan`'s plain data, as text for people or as JSON.
 * Errors  those of the stages: GRAPHQL_*, LIMIT_EXCEEDED, PURPOSE_NOT_HELD; BAD_USER_INPUT for an unknown role.
 */
import { buffer } from "node:stream/consumers";
import type { Config } from "../config/config.ts";
import { readDomain } from "../config/domain.ts";
import { type Roles, rolesOf } from "../identity/roles.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { coerceVariables } from "../operation/coerce.ts";
import { createPrepare } from "../operation/prepare.ts";
import { type DescribedField, describePlan, type PlanDescription, type Treatment } from "../plan/describe.ts";
import { createPlanStage } from "../plan/plan.ts";
import { startPlanner } from "../plan/planner.ts";
import { compilePolicies } from "../policy/compile.ts";
import { loadSupergraph } from "../supergraph/load.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";
import { policySource, schemaDirectory } from "./folders.ts";
import { gateMaker } from "./gate-maker.ts";
import { suggest } from "./suggest.ts";
import type { Terminal } from "./terminal.ts";

export interface PlanOptions {
  readonly role: string;
  readonly purpose?: string;
  readonly certificates?: readonly string[];
  readonly issue?: boolean;
  readonly operation?: string;
  /** JSON. */
  readonly variables?: string;
  readonly json?: boolean;
}

export async function runPlan(config: Config, options: PlanOptions, terminal: Terminal): Promise<number> {
  const roles = rolesOf(await readDomain(schemaDirectory(config)));
  const reader = readerOf(roles, options);
  const [supergraph, policies, text] = await Promise.all([
    loadSupergraph(schemaDirectory(config)),
    compilePolicies(policySource(config)),
    buffer(terminal.input).then(String),
  ]);
  const operation = createPrepare(supergraph.publicSchema, config.limits, new Set())(text, options.operation);
  const { conditions } = coerceVariables(
    supergraph.publicSchema,
    operation,
    parseVariables(options.variables),
  );
  const gates = gateMaker(config, supergraph, reader.agency, policies.profile(reader));
  const planner = await startPlanner(supergraph.sdl, config.planner.deadlineMs);
  try {
    const hasIssue = options.issue === true;
    const plan = describePlan(await createPlanStage(planner)({ operation, conditions, hasIssue, gates }));
    terminal.out(
      options.json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, subgraphNames(supergraph)),
    );
    return 0;
  } finally {
    await planner.close();
  }
}

function readerOf(roles: Roles, { role: name, purpose, certificates = [] }: PlanOptions) {
  const role = roles.get(name);
  if (!role)
    throw new GatewayError("BAD_USER_INPUT", `there is no role \`${name}\`${suggest(name, roles.keys())}`);
  return {
    agency: role.agency ?? ("IGA" as AgencyCode),
    role: role.id,
    purpose: purpose ?? role.purposes[0] ?? "",
    certificates: new Set(certificates),
  };
}

function parseVariables(text = "{}"): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Told below, like a list or a text.
  }
  throw new GatewayError("BAD_USER_INPUT", "`--variables` is not a JSON object");
}

const subgraphNames =
  ({ subgraphs }: Supergraph) =>
  (name: string): string =>
    [...subgraphs.values()].find((subgraph) => subgraph.name === name)?.agency ?? "the gateway";

const HEADINGS: Readonly<Record<Treatment, string>> = {
  cut: "Cut before planning",
  masked: "Shown masked",
  "by row": "Decided row by row",
};

function planText(
  { fetches, fields, added }: PlanDescription,
  agencyOf: (subgraph: string) => string,
): string {
  const asked = fetches.flatMap(({ wave, subgraph, at, query }) => [
    `  ${wave}. ${subgraph} (${agencyOf(subgraph)})${at.length > 0 ? ` for ${at.join(", ")}` : ""}`,
    `     ${query}`,
  ]);
  const treated = (Object.keys(HEADINGS) as Treatment[]).flatMap((treatment) =>
    list(HEADINGS[treatment], fields.filter((field) => field.treatment === treatment).map(fieldText)),
  );
  const lines = [
    ...(asked.length > 0 ? ["Asked, wave by wave", ...asked] : ["Nobody is asked."]),
    ...treated,
    ...list(
      "Added to decide and to join",
      added.map((selection) => `  ${selection}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

const list = (heading: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? ["", heading, ...lines] : [];

function fieldText({ path, coordinate, effect, reason, policies, reads }: DescribedField): string {
  const why = [
    coordinate && coordinate !== path ? coordinate : null,
    effect,
    reason,
    policies.length > 0 ? `by ${policies.join(", ")}` : null,
    reads.length > 0 ? `reads ${reads.join(", ")}` : null,
  ];
  return `  ${path}: ${why.filter((part) => part !== null).join("; ")}`;
}
