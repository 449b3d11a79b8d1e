/**
 * CollectFields (GraphQL specification 6.3.2) for one concrete type, with `@skip` and `@include` already decided:
 * response keys in the order requested, each with every field node that asks for it.
 */
import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";

export interface Selected {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Values of the variables that conditions read. */
  readonly conditions: ReadonlyMap<string, boolean>;
  /** True when an object of `type` satisfies the type condition `condition`. */
  readonly satisfies: (type: string, condition: string) => boolean;
}

/** What becomes of the selections of a set, in the order in which they stand. */
export interface SelectionVisitor {
  /** True when whatever stands at the set's type satisfies the condition: the fragment is part of the set. */
  readonly inside: (condition: string) => boolean;
  /** A field, and the type that its definition is found on. */
  readonly field: (node: FieldNode, within: string) => void;
  /** A fragment on something narrower. */
  readonly branch: (condition: string, set: SelectionSetNode) => void;
}

export function collectFields(
  type: string,
  sets: readonly SelectionSetNode[],
  selected: Selected,
): ReadonlyMap<string, readonly FieldNode[]> {
  const groups = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const visitor: SelectionVisitor = {
    inside: (condition) => selected.satisfies(type, condition),
    field: (node) => {
      const key = node.alias?.value ?? node.name.value;
      const group = groups.get(key);
      if (group) group.push(node);
      else groups.set(key, [node]);
    },
    branch: () => {},
  };
  for (const set of sets) visitSelections(type, set, selected, visitor, spread);
  return groups;
}

/** Each named fragment is visited once in a set (GraphQL specification 6.3.2). */
export function visitSelections(
  within: string,
  set: SelectionSetNode,
  selected: Selected,
  visitor: SelectionVisitor,
  spread: Set<string> = new Set(),
): void {
  for (const selection of set.selections) {
    if (!included(selection, selected.conditions)) continue;
    if (selection.kind === Kind.FIELD) {
      visitor.field(selection, within);
      continue;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (spread.has(selection.name.value)) continue;
      spread.add(selection.name.value);
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : selected.fragments.get(selection.name.value);
    if (!fragment) continue;
    const condition = fragment.typeCondition?.name.value;
    if (condition === undefined || visitor.inside(condition))
      visitSelections(condition ?? within, fragment.selectionSet, selected, visitor, spread);
    else visitor.branch(condition, fragment.selectionSet);
  }
}

function included(
  node: { readonly directives?: FieldNode["directives"] },
  conditions: ReadonlyMap<string, boolean>,
): boolean {
  for (const directive of node.directives ?? []) {
    const name = directive.name.value;
    if (name !== "skip" && name !== "include") continue;
    const value = directive.arguments?.[0]?.value;
    const holds =
      value?.kind === Kind.VARIABLE
        ? conditions.get(value.name.value) === true
        : value?.kind === Kind.BOOLEAN && value.value;
    if (holds !== (name === "include")) return false;
  }
  return true;
}
