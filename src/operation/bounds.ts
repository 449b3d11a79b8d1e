/**
 * Refuses documents that are too big to be planned, before validation and planning touch them.
 *
 * In      a parsed document, any fragments, cyclic ones included.
 * Out     nothing, or `LIMIT_EXCEEDED` naming the limit and the figure found (capped at the limit plus one).
 * Bounds  depth, aliases, deferred fragments and *expanded* selections: what the document would hold with every spread written out.
 *         Introspection has a depth of its own, so that tools can ask their usual question; it nests no lists without end
 *         (`MaxIntrospectionDepthRule`). Each fragment is measured once, so a 2^14 fragment bomb costs as much as its text
 *         (docs/architecture.md, "Planning, safely").
 * Errors  a fragment cycle is left to validation (GraphQL specification 5.5.2.2); it counts once here.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { GatewayError } from "../kernel/errors.ts";
import { MAX_DEFERRED_FRAGMENTS, MAX_INTROSPECTION_DEPTH } from "../kernel/limits.ts";

export interface OperationLimits {
  /** Lexical tokens of a document. */
  readonly maxTokens: number;
  /** Nesting of fields. */
  readonly maxDepth: number;
  /** Aliased fields plus `__typename`s, expanded. */
  readonly maxAliases: number;
  /** Fields, expanded. */
  readonly maxSelections: number;
}

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly selections: number;
  readonly deferred: number;
}

const NOTHING: Size = { depth: 0, aliases: 0, selections: 0, deferred: 0 };

const beside = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  selections: a.selections + b.selections,
  deferred: a.deferred + b.deferred,
});

export function checkBounds(document: DocumentNode, limits: OperationLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Size>();

  const fragmentSize = (name: string): Size => {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, NOTHING);
    const fragment = fragments.get(name);
    const size = fragment ? sizeOf(fragment.selectionSet, depthWithin(fragment)) : NOTHING;
    measured.set(name, size);
    return size;
  };

  const depthWithin = ({ typeCondition }: FragmentDefinitionNode): number =>
    typeCondition.name.value.startsWith("__") ? MAX_INTROSPECTION_DEPTH : limits.maxDepth;

  const sizeOf = (set: SelectionSetNode, maxDepth: number): Size => {
    let total = NOTHING;
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const inside =
          selection.kind === Kind.INLINE_FRAGMENT
            ? sizeOf(selection.selectionSet, maxDepth)
            : fragmentSize(selection.name.value);
        total = beside(total, isDeferred(selection) ? { ...inside, deferred: inside.deferred + 1 } : inside);
      } else {
        const introspects = INTROSPECTION.has(selection.name.value);
        const depth = introspects ? MAX_INTROSPECTION_DEPTH : maxDepth;
        const below = selection.selectionSet ? sizeOf(selection.selectionSet, depth) : NOTHING;
        const named = selection.alias !== undefined || selection.name.value === "__typename";
        total = beside(total, {
          ...below,
          depth: introspects ? 1 : below.depth + 1,
          aliases: below.aliases + (named ? 1 : 0),
          selections: below.selections + 1,
        });
      }
      refuseOver(total, { ...limits, maxDepth });
    }
    return total;
  };

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) sizeOf(definition.selectionSet, limits.maxDepth);
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragmentSize(definition.name.value);
  }
}

const INTROSPECTION: ReadonlySet<string> = new Set(["__schema", "__type"]);

const isDeferred = ({ directives = [] }: SelectionNode): boolean =>
  directives.some(({ name }) => name.value === "defer");

function refuseOver(size: Size, limits: OperationLimits): void {
  refuse("depth", size.depth, limits.maxDepth);
  refuse("aliases", size.aliases, limits.maxAliases);
  refuse("selections", size.selections, limits.maxSelections);
  refuse("deferred fragments", size.deferred, MAX_DEFERRED_FRAGMENTS);
}

function refuse(limit: string, found: number, most: number): void {
  if (found <= most) return;
  throw new GatewayError("LIMIT_EXCEEDED", `the document exceeds the limit of ${most} for \`${limit}\``, {
    params: { limit, most },
  });
}
