/**
 * Reads the join machinery of a composed supergraph: which subgraph serves which field.
 *
 * In      supergraph SDL, parsed (join specification 0.3 to 0.5).
 * Out     subgraph names, and for each field the subgraphs that serve it.
 */
import { type DirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import { directivesNamed, type ObjectNode, textArgument } from "./ast.ts";

/** Whether a definition or directive is machinery: `join__Graph`, `@join__field`, `link__Import`, `@link`. */
export const isMachinery = (name: string): boolean =>
  name.startsWith("join__") || name.startsWith("link__") || name === "link" || name === "core";

/** The enumeration that names the subgraphs. */
export const GRAPH_ENUM = "join__Graph";

/** `EPC_SPINE` → `epc_spine` */
export function subgraphNames(document: DocumentNode): ReadonlyMap<string, SubgraphName> {
  const graphs = document.definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === GRAPH_ENUM,
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return new Map();
  return new Map(
    (graphs.values ?? []).flatMap((value) =>
      directivesNamed(value, "join__graph").map((use) => {
        const name = textArgument(use, "name") ?? value.name.value.toLowerCase();
        return [value.name.value, name as SubgraphName] as const;
      }),
    ),
  );
}

/** Subgraphs of a field: those it names, or all of its type's when it names none. */
export function serversOf(
  node: ObjectNode,
  field: FieldDefinitionNode,
  names: ReadonlyMap<string, SubgraphName>,
): readonly SubgraphName[] {
  const own = directivesNamed(field, "join__field");
  const uses = own.length > 0 ? own : directivesNamed(node, "join__type");
  return [...new Set(uses.flatMap((use) => graphOf(use, names) ?? []))];
}

function graphOf(use: DirectiveNode, names: ReadonlyMap<string, SubgraphName>): SubgraphName | null {
  const graph = textArgument(use, "graph");
  return graph === null ? null : (names.get(graph) ?? null);
}

/** Ways of serving a field that give one agency another's data: none is allowed in a supergraph of ours. */
export const REFUSED_JOINS = [
  "override",
  "requires",
  "provides",
  "external",
  "usedOverridden",
  "contextArguments",
];
