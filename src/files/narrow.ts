/**
 * The part of an operation that leads to one field: what is asked again when a link to a file is used.
 *
 * In      a prepared query and the response names that lead to the field; both are within bounds, fragments written out.
 * Out     a query of its own, unnamed, fragments written out, nothing deferred, with the variables that it uses. Arguments, type
 *         conditions, `@skip` and `@include` stay as they were, so what it reaches is what the operation reached.
 */
import {
  type DirectiveNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from "graphql";
import type { PreparedOperation } from "../operation/prepared.ts";

export interface Narrowed {
  readonly query: string;
  /** Names of its variables. */
  readonly variables: ReadonlySet<string>;
}

export function narrow({ definition, fragments }: PreparedOperation, path: readonly string[]): Narrowed {
  const below = ({ selections }: SelectionSetNode, names: readonly string[]): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.flatMap((selection) => kept(selection, names)),
  });

  const kept = (selection: SelectionNode, names: readonly string[]): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      const [name, ...rest] = names;
      if ((selection.alias ?? selection.name).value !== name) return [];
      if (rest.length === 0 || !selection.selectionSet) return rest.length === 0 ? [selection] : [];
      const selectionSet = below(selection.selectionSet, rest);
      return selectionSet.selections.length === 0 ? [] : [{ ...selection, selectionSet }];
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return [];
    const selectionSet = below(fragment.selectionSet, names);
    if (selectionSet.selections.length === 0) return [];
    const { typeCondition } = fragment;
    const directives = withoutDefer(selection.directives);
    return [
      { kind: Kind.INLINE_FRAGMENT, ...(typeCondition && { typeCondition }), directives, selectionSet },
    ];
  };

  const selectionSet = below(definition.selectionSet, path);
  const variables = new Set<string>();
  visit(selectionSet, { Variable: ({ name }) => void variables.add(name.value) });
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: definition.operation,
    variableDefinitions: (definition.variableDefinitions ?? []).filter(({ variable }) =>
      variables.has(variable.name.value),
    ),
    selectionSet,
  };
  return { query: stripIgnoredCharacters(print(operation)), variables };
}

const withoutDefer = (directives: readonly DirectiveNode[] = []): readonly DirectiveNode[] =>
  directives.filter(({ name }) => name.value !== "defer");
