/** Reads the text of a fetch, as the planner writes it. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
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

/** The key under which a field's value arrives. */
export const keyOf = (node: FieldNode): string => node.alias?.value ?? node.name.value;
