import { graphql, parse, print, visit } from "graphql";
import { describe, expect, it } from "vitest";
import { fragmentBomb } from "../../../bench/federation/fragment-bomb.ts";
import { agencyQuestions } from "../../../bench/federation/many-agencies.ts";
import { rowQuestions } from "../../../bench/federation/rows.ts";
import { SHOP } from "../../../bench/federation/shop.ts";
import { DISTINCT_IDS, distinct, standard } from "../../../bench/federation/shop-questions.ts";
import { type Planned, supergraphOf, trueAnswer } from "../../../bench/federation/workload.ts";
import { type WorkloadName, workloadNamed } from "../../../bench/federation/workloads.ts";
import { federatedSchema } from "../../../src/connectors/federated-schema.ts";
import { plainSupergraph } from "../../../src/supergraph/plain-supergraph.ts";

const PLANNED: readonly (readonly [name: string, workload: WorkloadName, planned: Planned])[] = [
  ["standard", "shop", standard()],
  ["distinct", "shop", distinct("123")],
  ["rows", "rows", rowQuestions(10)[0]!],
  ["agencies", 3, agencyQuestions()[0]!],
];

describe("the public benchmark's questions", () => {
  it("have answers of its size", async () => {
    expect(Buffer.byteLength(await trueAnswer(SHOP, standard().operation))).toBe(87_599);
    expect(Buffer.byteLength(await trueAnswer(SHOP, distinct("123").operation))).toBe(5_066);
  });

  it("are planned with its number of calls", () => {
    const calls = (planned: Planned) => planned.plan.map((wave) => wave.length);
    expect([calls(standard()), calls(distinct("123"))]).toEqual([
      [2, 2, 2, 1],
      [1, 1, 2, 1],
    ]);
  });

  it("have nothing in common from one user to another", async () => {
    const [one = "", other = ""] = DISTINCT_IDS;
    const bodies = (id: string) =>
      distinct(id)
        .plan.flat()
        .map((call) => JSON.stringify(call));
    expect(bodies(one).filter((body) => bodies(other).includes(body))).toEqual([]);
    expect(await trueAnswer(SHOP, distinct(one).operation)).not.toBe(
      await trueAnswer(SHOP, distinct(other).operation),
    );
  });
});

describe("a workload", () => {
  it.each(PLANNED)("%s composes into a supergraph with its places", (_, workload) => {
    const { subgraphs } = workloadNamed(workload);
    const text = supergraphOf(workloadNamed(workload), "http://127.0.0.1:4000");
    for (const { name } of subgraphs) expect(text).toContain(`"http://127.0.0.1:4000/${name}"`);
    expect(plainSupergraph(text).subgraphs.size).toBe(subgraphs.length);
  });

  it.each(PLANNED)("%s answers every call of its plan without an error", async (_, workload, { plan }) => {
    const schemas = new Map(workloadNamed(workload).subgraphs.map((one) => [one.name, federatedSchema(one)]));
    for (const { subgraph, query, variables } of plan.flat()) {
      const schema = schemas.get(subgraph)!;
      const { data, errors } = await graphql({ schema, source: query, variableValues: { ...variables } });
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data)).not.toContain("[null");
    }
  });

  it("of many agencies holds each of them", () => {
    expect(workloadNamed(60).subgraphs.map(({ name }) => name)).toHaveLength(60);
  });
});

describe("a fragment bomb", () => {
  it("is short, and more than 1.4 MB when written out", () => {
    const text = fragmentBomb(123_456);
    expect(text.length).toBeLessThan(676);
    expect(expandedBytes(text)).toBeGreaterThan(1_400_000);
  });

  it("is another text each time", () => {
    expect(fragmentBomb(1)).not.toBe(fragmentBomb(2));
  });
});

/** Bytes of the operation with every spread written out, each fragment measured once. */
function expandedBytes(text: string): number {
  const sizes = new Map<string, number>();
  const { definitions } = parse(text, { noLocation: true });
  for (const definition of definitions.toReversed()) {
    const spreads: string[] = [];
    visit(definition, { FragmentSpread: ({ name }) => void spreads.push(name.value) });
    const own = print(definition).replaceAll(/\s+|\.\.\.\w+|^.* on/g, " ");
    const size =
      own.replaceAll(/ +/g, " ").length + spreads.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    if (definition.kind === "FragmentDefinition") sizes.set(definition.name.value, size);
    else return size;
  }
  return sizes.get("a") ?? 0;
}
