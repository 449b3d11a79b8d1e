/**
 * The routes of a schema folder: what each field of each type, at its shortest path from a root, is planned to ask.
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
import { coordinate } from "../../src/kernel/brands.ts";
import type { BatchFetchNode, FetchNode, PlanNode } from "../../src/plan/fetch-plan.ts";
import { type Planner, startPlanner } from "../../src/plan/planner.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import type { Supergraph } from "../../src/supergraph/supergraph.ts";

/** A root field and the fields on the way down, with their arguments, to an object of a type. */
interface Place {
  readonly path: readonly string[];
  readonly type: GraphQLObjectType;
}
type Field = GraphQLField<unknown, unknown>;
export type Plan = PlanNode | undefined;

/** Fields on the longest way that is looked at; the whole schema is reached before. */
const MAX_DEPTH = 7;
const MAX_WAVES = 3;

const SAMPLES: Readonly<Record<string, string>> = {
  ReaderInput:
    '{ agency: EPC, address: "BH/GOV/LMRA/epc", role: "EPC.caseWorker", staff: "s", purpose: SHELTER_CARE }',
  IdentityInput: '{ name: "n" }',
  PolicyQuestion: '{ agency: EPC, role: "EPC.caseWorker", purpose: SHELTER_CARE, field: "Case.id" }',
  ReportKind: "R01",
};

export class Routes implements AsyncDisposable {
  readonly supergraph: Supergraph;
  readonly #planner: Planner;

  private constructor(supergraph: Supergraph, planner: Planner) {
    this.supergraph = supergraph;
    this.#planner = planner;
  }

  static async of(schemaDir: string): Promise<Routes> {
    const supergraph = await loadSupergraph(schemaDir);
    return new Routes(supergraph, await startPlanner(supergraph.sdl));
  }

  async plan(path: readonly string[], selection: string): Promise<Plan> {
    const text = path.reduceRight((inner, field) => `{ ${field} ${inner} }`, selection);
    return (await this.#planner.plan(text)).node;
  }

  /** Plans every field alone; tells of agencies that have no business with it, and of long ways. */
  async audit(): Promise<{ readonly planned: number; readonly findings: readonly string[] }> {
    const findings: string[] = [];
    let planned = 0;
    for (const place of this.#places()) {
      const base = subgraphsOf(await this.plan(place.path, "{ __typename }"));
      for (const field of selectable(place.type)) {
        planned += 1;
        for (const finding of await this.#auditField(place, field, base))
          findings.push(`${[...place.path, field.name].join(" > ")} ${finding}`);
      }
    }
    return { planned, findings };
  }

  async #auditField(
    { path, type }: Place,
    field: Field,
    base: readonly string[],
  ): Promise<readonly string[]> {
    const node = await this.plan([...path, call(field)], this.#below(type.name, field));
    const allowed = new Set([
      ...base,
      ...this.#newServers(type.name, field.name),
      ...this.#serversBelow(type.name, field),
    ]);
    const foreign = new Set(subgraphsOf(node)).difference(allowed);
    const waves = wavesOf(node);
    return [
      ...[...foreign].map((subgraph) => `asks ${subgraph}`),
      ...this.#sharedEntries(node),
      ...(waves > MAX_WAVES ? [`takes ${waves} waves`] : []),
    ];
  }

  /** Every object type at its shortest path from each edge that leads to it, root fields first. */
  #places(): readonly Place[] {
    const query = this.supergraph.fullSchema.getQueryType();
    if (!query) return [];
    const places: Place[] = [{ path: [], type: query }];
    const seen = new Set<string>();
    for (const { path, type } of places) {
      if (path.length === MAX_DEPTH) continue;
      for (const field of Object.values(type.getFields())) {
        const edge = `${type.name}.${field.name}`;
        const target = getNamedType(field.type);
        if (seen.has(edge) || !isObjectType(target)) continue;
        seen.add(edge);
        places.push({ path: [...path, call(field)], type: target });
      }
    }
    return places.slice(1);
  }

  #servers(type: string, field: string): readonly string[] {
    return this.supergraph.fields.get(coordinate(type, field))?.servedBy ?? [];
  }

  /** Who may be asked anew for a field: a field of several servers is answered by whoever listed the row. */
  #newServers(type: string, field: string): readonly string[] {
    const all = this.#servers(type, field);
    return all.length === 1 ? all : [];
  }

  /** The smallest selection below a field: one leaf, of the field's own server where that has one. */
  #below(parent: string, field: Field): string {
    const next = this.#nextBelow(parent, field);
    return next ? `{ ${call(next)} ${this.#below(getNamedType(field.type).name, next)} }` : "";
  }

  #serversBelow(parent: string, field: Field): readonly string[] {
    const next = this.#nextBelow(parent, field);
    const type = getNamedType(field.type).name;
    return next ? [...this.#newServers(type, next.name), ...this.#serversBelow(type, next)] : [];
  }

  #nextBelow(parent: string, field: Field): Field | undefined {
    const type = getNamedType(field.type);
    if (!isObjectType(type)) return undefined;
    const own = new Set(this.#servers(parent, field.name));
    const fields = selectable(type);
    const leaves = fields.filter((candidate) => isLeafType(getNamedType(candidate.type)));
    const near = leaves.find((leaf) => this.#servers(type.name, leaf.name).some((server) => own.has(server)));
    return near ?? leaves[0] ?? fields[0];
  }

  /** Entity fetches that reach an agency by a field which others serve too: it need not have that row. */
  #sharedEntries(node: Plan): readonly string[] {
    return fetchesOf(node).flatMap(({ serviceName, operation }) =>
      [...operation.matchAll(/\.\.\.\s*on (\w+)\s*\{\s*(?:__typename\s+)?(\w+)/g)].flatMap(
        ([, type = "", field = ""]) =>
          field !== "uid" && this.#servers(type, field).length > 1
            ? [`enters ${serviceName} by ${type}.${field}`]
            : [],
      ),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#planner.close();
  }
}

/** Ids are computed from the key and never fetched. */
const selectable = (type: GraphQLObjectType): readonly Field[] =>
  Object.values(type.getFields()).filter(({ name }) => name !== "id" && name !== "uid");

/** A field with the arguments that it needs. */
function call(field: Field): string {
  const needed = field.args.filter((argument) => isNonNullType(argument.type) || argument.name === "id");
  const values = needed.map((argument) => `${argument.name}: ${sample(argument)}`);
  return values.length > 0 ? `${field.name}(${values.join(", ")})` : field.name;
}

function sample({ type }: GraphQLArgument): string {
  const named = getNamedType(type);
  return SAMPLES[named.name] ?? (isInputObjectType(named) ? "{}" : '"x"');
}

function fetchesOf(node: Plan): readonly (FetchNode | BatchFetchNode)[] {
  if (!node) return [];
  if ("serviceName" in node) return [node];
  if ("nodes" in node) return node.nodes.flatMap(fetchesOf);
  return "node" in node ? fetchesOf(node.node) : [];
}

export const subgraphsOf = (node: Plan): readonly string[] =>
  fetchesOf(node).map(({ serviceName }) => serviceName);

export function wavesOf(node: Plan): number {
  if (!node) return 0;
  if ("serviceName" in node) return 1;
  if (!("nodes" in node)) return "node" in node ? wavesOf(node.node) : 0;
  const waves = node.nodes.map(wavesOf);
  return node.kind === "Parallel" ? Math.max(0, ...waves) : waves.reduce((sum, wave) => sum + wave, 0);
}
