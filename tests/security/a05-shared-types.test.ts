/**
 * A5: a value type that several agencies declare has one rule, whoever declares it. And the read schema holds no interface and no
 * union: whoever adds one finds this test, and A1, A2 and A6 (`a01-interfaces.test.ts`), which hold that each type is decided alone.
 */
import { join } from "node:path";
import { type GraphQLNamedType, getNamedType, isAbstractType, isObjectType, Kind, parse } from "graphql";
import { beforeAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import { subgraphSdl } from "../../src/supergraph/subgraph-documents.ts";
import type { Supergraph } from "../../src/supergraph/supergraph.ts";

const SCHEMA_DIR = join(PACKAGE_ROOT, "schema");
let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await loadSupergraph(SCHEMA_DIR);
});

it("a field that several agencies declare has one group and one class in all of them", async () => {
  const rules = new Map<string, Set<string>>();
  const declared = new Map<string, number>();
  for (const name of supergraph.subgraphs.keys()) {
    for (const type of parse(await subgraphSdl(SCHEMA_DIR, name)).definitions) {
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      for (const field of type.fields ?? []) {
        const directives =
          field.directives?.filter((node) => ["group", "class"].includes(node.name.value)) ?? [];
        if (field.directives?.some((node) => node.name.value === "external")) continue;
        const rule = directives
          .map(
            (node) =>
              `${node.name.value} ${node.arguments?.map(({ value }) => ("value" in value ? value.value : "")).join()}`,
          )
          .toSorted()
          .join("; ");
        const at = `${type.name.value}.${field.name.value}`;
        rules.set(at, (rules.get(at) ?? new Set()).add(rule));
        declared.set(at, (declared.get(at) ?? 0) + 1);
      }
    }
  }
  const shared = [...declared].filter(([, count]) => count > 1).map(([at]) => at);
  expect(shared).toEqual(expect.arrayContaining(["Suspect.role", "Compensation.amount"]));
  expect(shared.length).toBeGreaterThan(10);
  expect(shared.filter((at) => (rules.get(at)?.size ?? 0) > 1 && !/\.uid$/.test(at))).toEqual([]);
});

it("no question can reach an interface or a union", () => {
  const seen = new Set<GraphQLNamedType>();
  const reach = (type: GraphQLNamedType | undefined): void => {
    if (!type || seen.has(type)) return;
    seen.add(type);
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) reach(getNamedType(field.type));
  };
  reach(supergraph.publicSchema.getQueryType() ?? undefined);
  expect(seen.size).toBeGreaterThan(50);
  expect([...seen].filter(isAbstractType).map(({ name }) => name)).toEqual([]);
});
