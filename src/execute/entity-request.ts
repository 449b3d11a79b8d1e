/**
 * The text of an entity fetch: as the planner wrote it where nothing is decided; composed of what each group of rows may be asked where
 * rows are pruned. And which keys it brings, to mark them when it fails.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  visit,
} from "graphql";

/** The one operation of a fetch; the planner shares repeated selections as fragments, which are written out here. */
export function operationOf(text: string): OperationDefinitionNode {
  const { definitions } = parse(text, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const operation = definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;
  return visit(operation, {
    FragmentSpread: ({ name }) => {
      const { typeCondition, selectionSet } = fragments.get(name.value) as FragmentDefinitionNode;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet };
    },
  });
}

/** `_entities`, or the alias of one place of a batch. */
export const entityField = (operation: OperationDefinitionNode, responseKey: string): FieldNode =>
  operation.selectionSet.selections.find(
    (selection) => selection.kind === Kind.FIELD && keyOf(selection) === responseKey,
  ) as FieldNode;

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

export const keyOf = (node: FieldNode): string => node.alias?.value ?? node.name.value;

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
