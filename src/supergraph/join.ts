/**
 * Reads the join machinery of a composed supergraph: which subgraph serves which field.
 *
 * In      supergraph SDL, parsed (join specification 0.2 to 0.5) with canonical names.
 * Out     subgraph names, and for each field the subgraphs that serve it.
 */
import { type DirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import { directivesNamed, isTrue, type ObjectNode, textArgument } from "./ast.ts";
import { isApolloFeature } from "./canonical.ts";
import { featuresOf } from "./links.ts";

/** Tells machinery of federation from types that readers know: `join__Graph`, `link__Import`, `policy__Policy`. */
export function machineryOf(document: DocumentNode): (name: string) => boolean {
  const prefixes = new Set([
    "join",
    "link",
    ...featuresOf(document)
      .filter(isApolloFeature)
      .map(({ name }) => name),
  ]);
  return (name) => prefixes.has(/^(.+?)__/.exec(name)?.[1] ?? "");
}

/** A subgraph as the SDL knows it: `EPC_SPINE`, `epc_spine`, and where it says that it is. */
interface Graph {
  readonly id: string;
  readonly name: SubgraphName;
  readonly url: string;
}

export function graphsOf(document: DocumentNode): readonly Graph[] {
  const graphs = document.definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === "join__Graph",
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (graphs.values ?? []).flatMap((value) =>
    directivesNamed(value, "join__graph").map((use) => ({
      id: value.name.value,
      name: (textArgument(use, "name") ?? value.name.value.toLowerCase()) as SubgraphName,
      url: textArgument(use, "url") ?? "",
    })),
  );
}

/** `EPC_SPINE` → `epc_spine` */
export const subgraphNames = (document: DocumentNode): ReadonlyMap<string, SubgraphName> =>
  new Map(graphsOf(document).map(({ id, name }) => [id, name]));

/** Subgraphs that answer for a field: those it names, or all of its type's when it names none. */
export function serversOf(
  node: ObjectNode,
  field: FieldDefinitionNode,
  names: ReadonlyMap<string, SubgraphName>,
): readonly SubgraphName[] {
  const own = directivesNamed(field, "join__field");
  const uses = own.length > 0 ? own.filter((use) => !onlyKnows(use)) : directivesNamed(node, "join__type");
  return [...new Set(uses.flatMap((use) => graphOf(use, names) ?? []))];
}

/** A subgraph that names a field without answering for it: as an input of its own, or because another took it over. */
export const onlyKnows = (use: DirectiveNode): boolean =>
  isTrue(use, "external") || (isTrue(use, "usedOverridden") && textArgument(use, "overrideLabel") === null);

function graphOf(use: DirectiveNode, names: ReadonlyMap<string, SubgraphName>): SubgraphName | null {
  const graph = textArgument(use, "graph");
  return graph === null ? null : (names.get(graph) ?? null);
}
