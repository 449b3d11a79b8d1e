/**
 * What each subgraph knows of each type, by the join machinery.
 *
 * In      supergraph SDL, parsed (join specification 0.2 to 0.5) with canonical names.
 * Out     by subgraph and type: its keys and its fields, with what it needs for a field and what it brings along with it.
 */
import { type DirectiveNode, type DocumentNode, Kind, parse, type SelectionSetNode } from "graphql";
import type { SubgraphName } from "../kernel/brands.ts";
import { directivesNamed, isTrue, namedType, namedTypeOf, textArgument } from "./ast.ts";
import { graphsOf, onlyKnows } from "./join.ts";
import type { Supergraph } from "./supergraph.ts";

export interface ServedField {
  /** Name of the type that it leads to, as the subgraph has it. */
  readonly returns: string;
  /** Another subgraph answers for it: it is an input, a key, or brought along (`@provides`). */
  readonly onlyKnown: boolean;
  /** Needs values of other subgraphs (`@requires`). */
  readonly hasInputs: boolean;
  /** What it brings along of what others answer for. */
  readonly provides: SelectionSetNode | null;
}

export interface ServedType {
  readonly name: string;
  /** An interface of the supergraph that the subgraph knows as an object type. */
  readonly isInterfaceObject: boolean;
  readonly isInterface: boolean;
  readonly keys: readonly SelectionSetNode[];
  readonly fields: ReadonlyMap<string, ServedField>;
}

export type Served = ReadonlyMap<SubgraphName, ReadonlyMap<string, ServedType>>;

const tables = new WeakMap<Supergraph, Served>();

/** Of a supergraph; made on first use. */
export function servedOf(supergraph: Supergraph): Served {
  let served = tables.get(supergraph);
  if (!served) {
    served = servedBy(parse(supergraph.sdl, { noLocation: true }));
    tables.set(supergraph, served);
  }
  return served;
}

export function servedBy(document: DocumentNode): Served {
  const graphs = graphsOf(document);
  const served = new Map(graphs.map(({ name }) => [name, new Map<string, ServedType>()]));
  for (const node of document.definitions) {
    if (!("name" in node) || !node.name || !("directives" in node)) continue;
    const uses = directivesNamed(node, "join__type");
    const fields =
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? (node.fields ?? [])
        : [];
    for (const { id, name } of graphs) {
      const own = uses.filter((use) => textArgument(use, "graph") === id);
      if (own.length === 0) continue;
      const known = fields.flatMap((field) => {
        const joins = directivesNamed(field, "join__field");
        const join = joins.find((use) => textArgument(use, "graph") === id);
        if (joins.length > 0 && !join) return [];
        return [[field.name.value, servedField(join, namedType(field.type))] as const];
      });
      served.get(name)?.set(node.name.value, {
        name: node.name.value,
        isInterfaceObject: own.some((use) => isTrue(use, "isInterfaceObject")),
        isInterface: node.kind === Kind.INTERFACE_TYPE_DEFINITION,
        keys: own.flatMap((use) => selectionOf(use, "key") ?? []),
        fields: new Map(known),
      });
    }
  }
  return served;
}

function servedField(join: DirectiveNode | undefined, returns: string): ServedField {
  if (!join) return { returns, onlyKnown: false, hasInputs: false, provides: null };
  const type = textArgument(join, "type");
  return {
    returns: type === null ? returns : namedTypeOf(type),
    onlyKnown: onlyKnows(join),
    hasInputs: textArgument(join, "requires") !== null,
    provides: selectionOf(join, "provides"),
  };
}

/** A field set: a selection without its braces. */
function selectionOf(use: DirectiveNode, argument: string): SelectionSetNode | null {
  const text = textArgument(use, argument);
  if (text === null) return null;
  const [operation] = parse(`{${text}}`, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : null;
}
