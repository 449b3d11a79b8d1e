/**
 * What a document may not say with `@defer`, beyond what graphql-js 16 knows.
 *
 * Source  GraphQL specification, draft "Incremental Delivery", 5.7 (graphql-spec pull request 1110): not on the root fields of a mutation
 *         or subscription; in a subscription only where a variable or `false` can switch it off; labels are literals, each used once.
 */
import {
  type DirectiveNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";

const deferOf = ({ directives = [] }: SelectionNode): DirectiveNode | undefined =>
  directives.find(({ name }) => name.value === "defer");

const argumentOf = (directive: DirectiveNode, name: string) =>
  directive.arguments?.find((argument) => argument.name.value === name)?.value;

const notOnRootFields: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === OperationTypeNode.QUERY) return;
    for (const selection of selectionsOf(node, context, false)) {
      const defer = deferOf(selection);
      if (defer) report(context, defer, `\`@defer\` cannot stand around root fields of a ${node.operation}.`);
    }
  },
});

const notInSubscriptions: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation !== OperationTypeNode.SUBSCRIPTION) return;
    for (const selection of selectionsOf(node, context, true)) {
      const defer = deferOf(selection);
      if (defer && !canBeOff(defer))
        report(context, defer, "`@defer` in a subscription needs an `if` that is a variable or `false`.");
    }
  },
});

const labelsAreUnique: ValidationRule = (context) => {
  const known = new Set<string>();
  return {
    Directive(node) {
      const label = node.name.value === "defer" ? argumentOf(node, "label") : undefined;
      if (!label || label.kind === Kind.NULL) return;
      if (label.kind !== Kind.STRING)
        return report(context, node, "The `label` of a `@defer` must be a literal.");
      if (known.has(label.value))
        report(context, node, `The label "${label.value}" is used for several \`@defer\`s.`);
      known.add(label.value);
    },
  };
};

export const DEFER_RULES: readonly ValidationRule[] = [notOnRootFields, notInSubscriptions, labelsAreUnique];

/** Every selection of an operation, each fragment once; what stands below its fields if `entersFields`. */
function* selectionsOf(
  operation: OperationDefinitionNode,
  context: ValidationContext,
  entersFields: boolean,
): Iterable<SelectionNode> {
  const seen = new Set<string>();
  const setOf = (node: SelectionNode): SelectionSetNode | undefined => {
    if (node.kind === Kind.FIELD) return entersFields ? node.selectionSet : undefined;
    if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet;
    const name = node.name.value;
    if (seen.has(name)) return undefined;
    seen.add(name);
    return context.getFragment(name)?.selectionSet;
  };
  const waiting: SelectionNode[] = [...operation.selectionSet.selections];
  for (let node = waiting.shift(); node; node = waiting.shift()) {
    yield node;
    waiting.push(...(setOf(node)?.selections ?? []));
  }
}

function canBeOff(directive: DirectiveNode): boolean {
  const value = argumentOf(directive, "if");
  return value?.kind === Kind.VARIABLE || (value?.kind === Kind.BOOLEAN && !value.value);
}

const report = (context: ValidationContext, node: DirectiveNode, message: string): void =>
  context.reportError(new GraphQLError(message, { nodes: node }));
