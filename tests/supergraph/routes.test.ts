/**
 * The route audit: every field of every type, at the shortest path from a root, planned alone. Why: a shared field or
 * a key at the wrong agency composes, plans, and asks somebody who has no such row, or must not know of it.
 */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { coordinate } from "../../src/kernel/brands.ts";
import type { BatchFetchNode, FetchNode, PlanNode } from "../../src/plan/fetch-plan.ts";
import { type Planner, startPlanner } from "../../src/plan/planner.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import type { Supergraph } from "../../src/supergraph/supergraph.ts";
import { SCHEMA_DIR } from "./schema-copy.ts";

/** A root field and the fields on the way down, with their arguments, to an object of a type. */
interface Place {
  readonly path: readonly string[];
  readonly type: GraphQLObjectType;
}
type Field = GraphQLField<unknown, unknown>;

/** Fields on the longest way that is looked at; the schema is reached long before. */
const MAX_DEPTH = 7;
const MAX_WAVES = 3;

let supergraph: Supergraph;
let planner: Planner;

beforeAll(async () => {
  supergraph = await loadSupergraph(SCHEMA_DIR);
  planner = await startPlanner(supergraph.sdl);
});
afterAll(() => planner.close());

it("asks no foreign agency, and at most three waves deep", async () => {
  const findings: string[] = [];
  let planned = 0;
  for (const place of places()) {
    const on = new Set(subgraphsOf(await plan(place.path, "{ __typename }")));
    for (const field of selectable(place.type)) {
      const node = await plan([...place.path, call(field)], below(place.type.name, field));
      planned += 1;
      const allowed = new Set([
        ...on,
        ...servers(place.type.name, field.name),
        ...serversBelow(place.type.name, field),
      ]);
      const foreign = new Set(subgraphsOf(node)).difference(allowed);
      const name = `${place.path.join(" > ")} > ${field.name}`;
      if (foreign.size > 0) findings.push(`${name} asks ${[...foreign].join(", ")}`);
      for (const entry of sharedEntries(node)) findings.push(`${name} enters ${entry}`);
      if (wavesOf(node) > MAX_WAVES) findings.push(`${name} takes ${wavesOf(node)} waves`);
    }
  }
  expect(planned).toBeGreaterThan(500);
  expect(findings).toEqual([]);
}, 120_000);

it("plans a case overview over every agency in three waves", async () => {
  const node = await plan(
    ['case(id: "c")'],
    `{ nrmNumber identificationState justiceState owner { name { en } } caseWorker { name }
       victim { code person { nameLatin { full } cpr residence { validUntil } passports { number } worker { workPermitNo employer { name } } }
         traffickingStatus statusDecision { status } assistance { kind } }
       referrals { status transnational { country } to { name { en } } }
       screening { outcome } shelterStays { facility { name licence { number } } } investigation { policeNumber suspects { role } }
       prosecution { number charges { defendant { perpetratorRoles } } } trial { court } compensation { amount { amount } paidOn } }`,
  );
  expect(wavesOf(node)).toBeLessThanOrEqual(3);
  expect(new Set(subgraphsOf(node))).toEqual(
    new Set([...supergraph.subgraphs.keys()].filter((name) => name !== "rtc")),
  );
});

/** Every object type at its shortest path from each edge that leads to it, root fields first. */
function places(): readonly Place[] {
  const query = supergraph.fullSchema.getQueryType();
  if (!query) return [];
  const found: Place[] = [];
  const seen = new Set<string>();
  const queue = [{ path: [] as readonly string[], type: query }];
  for (const { path, type } of queue) {
    if (path.length > 0) found.push({ path, type });
    if (path.length === MAX_DEPTH) continue;
    for (const field of Object.values(type.getFields())) {
      const edge = `${type.name}.${field.name}`;
      const target = getNamedType(field.type);
      if (seen.has(edge) || !isObjectType(target)) continue;
      seen.add(edge);
      queue.push({ path: [...path, call(field)], type: target });
    }
  }
  return found;
}

/** Ids are computed from the key and never fetched. */
const selectable = (type: GraphQLObjectType): readonly Field[] =>
  Object.values(type.getFields()).filter(({ name }) => name !== "id" && name !== "uid");

const servers = (type: string, field: string): readonly string[] =>
  supergraph.fields.get(coordinate(type, field))?.servedBy ?? [];

/** Who may be asked anew for a field: a field of several servers is answered by whoever listed the row, and nobody else. */
function newServers(type: string, field: string): readonly string[] {
  const all = servers(type, field);
  return all.length === 1 ? all : [];
}

/** A field with the arguments that it needs. */
function call(field: Field): string {
  const needed = field.args.filter((argument) => isNonNullType(argument.type) || argument.name === "id");
  const values = needed.map((argument) => `${argument.name}: ${sample(argument)}`);
  return values.length > 0 ? `${field.name}(${values.join(", ")})` : field.name;
}

const SAMPLES: Readonly<Record<string, string>> = {
  ReaderInput:
    '{ agency: EPC, address: "BH/GOV/LMRA/epc", role: "EPC.caseWorker", staff: "s", purpose: SHELTER_CARE }',
  IdentityInput: '{ name: "n" }',
  PolicyQuestion: '{ agency: EPC, role: "EPC.caseWorker", purpose: SHELTER_CARE, field: "Case.id" }',
  ReportKind: "R01",
};

function sample({ type }: GraphQLArgument): string {
  const named = getNamedType(type);
  return SAMPLES[named.name] ?? (isInputObjectType(named) ? "{}" : '"x"');
}

/** The smallest selection below a field: one leaf, of the field's own server where that has one. */
function below(parent: string, field: Field): string {
  const next = nextBelow(parent, field);
  return next ? `{ ${call(next)} ${below(getNamedType(field.type).name, next)} }` : "";
}

function nextBelow(parent: string, field: Field): Field | undefined {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return undefined;
  const own = new Set(servers(parent, field.name));
  const fields = selectable(type);
  const leaves = fields.filter((candidate) => isLeafType(getNamedType(candidate.type)));
  const near = leaves.find((leaf) => servers(type.name, leaf.name).some((server) => own.has(server)));
  return near ?? leaves[0] ?? fields[0];
}

function serversBelow(parent: string, field: Field): readonly string[] {
  const next = nextBelow(parent, field);
  const type = getNamedType(field.type).name;
  return next ? [...newServers(type, next.name), ...serversBelow(type, next)] : [];
}

async function plan(path: readonly string[], selection: string): Promise<PlanNode | undefined> {
  const text = path.reduceRight((inner, field) => `{ ${field} ${inner} }`, selection);
  return (await planner.plan(text)).node;
}

function fetchesOf(node: PlanNode | undefined): readonly (FetchNode | BatchFetchNode)[] {
  if (!node) return [];
  if ("serviceName" in node) return [node];
  return "nodes" in node ? node.nodes.flatMap(fetchesOf) : fetchesOf(node.node);
}

const subgraphsOf = (node: PlanNode | undefined): readonly string[] =>
  fetchesOf(node).map(({ serviceName }) => serviceName);

/** Entity fetches that reach an agency by a field which others serve too: it need not have the row. */
function sharedEntries(node: PlanNode | undefined): readonly string[] {
  return fetchesOf(node).flatMap(({ serviceName, operation }) =>
    [...operation.matchAll(/\.\.\.\s*on (\w+)\s*\{\s*(?:__typename\s+)?(\w+)/g)].flatMap(
      ([, type = "", field = ""]) =>
        servers(type, field).length > 1 && field !== "uid" ? [`${serviceName} by ${type}.${field}`] : [],
    ),
  );
}

function wavesOf(node: PlanNode | undefined): number {
  if (!node) return 0;
  if ("serviceName" in node) return 1;
  if (!("nodes" in node)) return wavesOf(node.node);
  const waves = node.nodes.map(wavesOf);
  return node.kind === "Parallel" ? Math.max(0, ...waves) : waves.reduce((sum, wave) => sum + wave, 0);
}
