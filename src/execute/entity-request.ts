/**
 * The text of an entity fetch: as the planner wrote it where nothing is decided; composed of what each group of rows may be asked where
 * rows are pruned. And which keys it brings, to mark them when it fails.
 */
import { Kind, type OperationDefinitionNode, print, type SelectionSetNode } from "graphql";
import { keyOf } from "../kernel/fetch-text.ts";

/** Response keys of a selection, whatever the type: `__typename` left out. */
export function keysOf(set: SelectionSetNode | undefined): readonly string[] {
  const keys = new Set<string>();
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) keys.add(keyOf(selection));
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      for (const key of keysOf(selection.selectionSet)) keys.add(key);
  }
  keys.delete("__typename");
  return [...keys];
}

/** Types of an operation's variables, as text. */
export const variableTypes = (operation: OperationDefinitionNode): ReadonlyMap<string, string> =>
  new Map(operation.variableDefinitions?.map((node) => [node.variable.name.value, print(node.type)]));

/** One `_entities` field for each selection, with representations in `$r<n>`. */
export function prunedText(selections: readonly string[], types: ReadonlyMap<string, string>): string {
  const fields = selections
    .map((selection, i) => `e${i}:_entities(representations:$r${i}){${selection}}`)
    .join(" ");
  const used = new Set(
    [...fields.matchAll(/\$([_A-Za-z][_0-9A-Za-z]*)/g)].map((match) => match[1] as string),
  );
  const passed = [...types].flatMap(([name, type]) => (used.has(name) ? [`$${name}:${type}`] : []));
  const declared = [...passed, ...selections.map((_, i) => `$r${i}:[_Any!]!`)];
  return `query(${declared.join(" ")}){${fields}}`;
}
