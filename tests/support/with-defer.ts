/** Puts `@defer` around selections of an operation, by a seed: on fragments that are there, and on new ones. */
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";

export function withDefer(text: string, seed: number): string {
  const next = randomBelow(seed);
  let labels = 0;
  const defer = (): DirectiveNode => {
    const label = next(2) === 0 ? `label: "l${labels++}"` : "";
    const condition = next(6) === 0 ? `if: ${next(2) === 0}` : "";
    const passed = label || condition ? `(${label} ${condition})` : "";
    const [definition] = parse(`{ ...@defer${passed} { a } }`).definitions;
    return (definition as { selectionSet: SelectionSetNode }).selectionSet.selections[0]
      ?.directives?.[0] as DirectiveNode;
  };
  const deferred = (selections: readonly SelectionNode[]): SelectionNode => ({
    kind: Kind.INLINE_FRAGMENT,
    directives: [defer()],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  });
  const document: DocumentNode = parse(text);
  const roots = new Set<SelectionSetNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION && node.operation === "mutation")
      roots.add(node.selectionSet);
  const mutates = roots.size > 0;
  return print(
    visit(document, {
      Field: { enter: (node: FieldNode) => (node.name.value.startsWith("__") ? false : undefined) },
      SelectionSet: {
        leave(set, _key, parent) {
          // Around root fields of a mutation there may be none: neither in fragments that might stand there.
          const isField = (parent as { kind?: string } | undefined)?.kind === Kind.FIELD;
          if (mutates && !isField) return undefined;
          const selections = set.selections.map((selection) => {
            if (next(3) > 0) return selection;
            if (selection.kind === Kind.FIELD) return deferred([selection]);
            return { ...selection, directives: [...(selection.directives ?? []), defer()] };
          });
          return { ...set, selections: next(5) === 0 ? [deferred(selections)] : selections };
        },
      },
    }),
  );
}

/** Mulberry32. */
export function randomBelow(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}
