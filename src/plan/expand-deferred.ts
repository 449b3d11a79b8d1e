/**
 * Writes the fragments of an operation out, so that each field and each `@defer` stands at one place.
 *
 * In      a prepared operation and the values of its conditions. `@skip` and `@include` stay, and come before `@defer`.
 * Out     what is deferred; null when nothing is.
 * Cost    one walk; as many nodes as the operation has selections, which `operation/bounds.ts` bounds with every fragment written out.
 */
import {
  type FieldNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { PreparedOperation } from "../operation/prepared.ts";
import { Deferral, type DeferredFragment } from "./deferral.ts";

export function expandDeferred(operation: PreparedOperation, conditions: string): Deferral | null {
  if (!operation.defers || operation.definition.operation === "subscription") return null;
  const expansion = new Expansion(operation, conditions);
  const selectionSet = expansion.setOf(operation.definition.selectionSet, null);
  const { fragments, ofField, ofSet } = expansion;
  if (fragments.length === 0) return null;
  return new Deferral({ definition: { ...operation.definition, selectionSet }, fragments, ofField, ofSet });
}

class Expansion {
  readonly fragments: DeferredFragment[] = [];
  readonly ofField = new WeakMap<FieldNode, DeferredFragment | null>();
  readonly ofSet = new WeakMap<SelectionSetNode, readonly DeferredFragment[]>();
  readonly #operation: PreparedOperation;
  readonly #conditions: string;

  constructor(operation: PreparedOperation, conditions: string) {
    this.#operation = operation;
    this.#conditions = conditions;
  }

  /** The selection set of a field, or of the operation. */
  setOf(set: SelectionSetNode, within: DeferredFragment | null): SelectionSetNode {
    const spread: DeferredFragment[] = [];
    const expanded = this.#expand(set, within, spread);
    this.ofSet.set(expanded, spread);
    return expanded;
  }

  #expand(set: SelectionSetNode, within: DeferredFragment | null, spread: DeferredFragment[]) {
    const selections = set.selections.flatMap((node) => this.#selection(node, within, spread));
    return { kind: Kind.SELECTION_SET, selections } as const;
  }

  #selection(
    node: SelectionNode,
    within: DeferredFragment | null,
    spread: DeferredFragment[],
  ): readonly SelectionNode[] {
    if (node.kind === Kind.FIELD) {
      const { selectionSet } = node;
      const field = selectionSet ? { ...node, selectionSet: this.setOf(selectionSet, within) } : { ...node };
      this.ofField.set(field, within);
      return [field];
    }
    const source = node.kind === Kind.INLINE_FRAGMENT ? node : this.#operation.fragments.get(node.name.value);
    if (!source) return [];
    const inside = this.#isDeferred(node) ? this.#fragment(node, within, spread) : within;
    const { directives = [] } = node;
    const selectionSet = this.#expand(source.selectionSet, inside, spread);
    const { typeCondition } = source;
    return [
      { kind: Kind.INLINE_FRAGMENT, directives, selectionSet, ...(typeCondition ? { typeCondition } : {}) },
    ];
  }

  #fragment(
    node: FragmentSpreadNode | InlineFragmentNode,
    parent: DeferredFragment | null,
    spread: DeferredFragment[],
  ): DeferredFragment {
    const value = argumentOf(node, "label");
    const fragment = { label: value?.kind === Kind.STRING ? value.value : null, parent };
    this.fragments.push(fragment);
    spread.push(fragment);
    return fragment;
  }

  /** A variable that was left out leaves the argument at its default: deferred. */
  #isDeferred(node: FragmentSpreadNode | InlineFragmentNode): boolean {
    if (!node.directives?.some(({ name }) => name.value === "defer")) return false;
    const value = argumentOf(node, "if");
    if (value?.kind !== Kind.VARIABLE) return value?.kind !== Kind.BOOLEAN || value.value;
    return this.#conditions[this.#operation.conditionVariables.indexOf(value.name.value)] !== "0";
  }
}

const argumentOf = ({ directives = [] }: FragmentSpreadNode | InlineFragmentNode, name: string) =>
  directives
    .find((directive) => directive.name.value === "defer")
    ?.arguments?.find((argument) => argument.name.value === name)?.value;
