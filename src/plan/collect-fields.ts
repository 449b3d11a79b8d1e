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

export function collectFields(
  type: string,
  sets: readonly SelectionSetNode[],
  selected: Selected,
): ReadonlyMap<string, readonly FieldNode[]> {
  const groups = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  for (const set of sets) gather(type, set, selected, groups, spread);
  return groups;
}

function gather(
  type: string,
  set: SelectionSetNode,
  selected: Selected,
  groups: Map<string, FieldNode[]>,
  spread: Set<string>,
): void {
  for (const selection of set.selections) {
    if (!included(selection, selected.conditions)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const group = groups.get(key);
      if (group) group.push(selection);
      else groups.set(key, [selection]);
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
    if (condition !== undefined && !selected.satisfies(type, condition)) continue;
    gather(type, fragment.selectionSet, selected, groups, spread);
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
