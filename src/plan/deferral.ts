/**
 * Which selections of an operation are deferred, and by whom: what the plan is split by, and what is written when.
 *
 * In      the operation with its fragments written out, so that each field node and each `@defer` stands at one place (`expand-deferred.ts`).
 * Out     for each field the fragments that select it; for each object its fields in groups that are written together.
 * Rule    a field is written with the first of the fragments that select it: without any as soon as one selection is not deferred; a
 *         fragment inside another one that selects the field too does not count. So a field is written once.
 * Source  GraphQL specification, draft "Incremental Delivery", BuildExecutionPlan (graphql-spec pull request 1110).
 */
import type { FieldNode, OperationDefinitionNode, SelectionSetNode } from "graphql";

/** A `@defer` at one place of the operation. */
export interface DeferredFragment {
  readonly label: string | null;
  /** The deferred fragment around it. */
  readonly parent: DeferredFragment | null;
}

/** Who selects a field; null for a selection that is not deferred. */
export type Uses = ReadonlySet<DeferredFragment | null>;
export const UNDEFERRED: Uses = new Set([null]);

/** The fragments that a group of fields belongs to; empty for what is not deferred. Equal groups are the same object. */
export type DeferGroup = readonly DeferredFragment[];

export interface Split<Field> {
  /** Written with the object. */
  readonly inline: readonly Field[];
  readonly later: readonly { readonly group: DeferGroup; readonly fields: readonly Field[] }[];
}

export interface ExpandedOperation {
  readonly definition: OperationDefinitionNode;
  readonly fragments: readonly DeferredFragment[];
  readonly ofField: WeakMap<FieldNode, DeferredFragment | null>;
  /** Fragments that stand in the selection set of a field, those in fragments in it included. */
  readonly ofSet: WeakMap<SelectionSetNode, readonly DeferredFragment[]>;
}

export class Deferral {
  readonly definition: OperationDefinitionNode;
  readonly fragments: readonly DeferredFragment[];
  readonly #expanded: ExpandedOperation;
  readonly #inlined = new Set<DeferredFragment>();
  readonly #groups = new Map<string, DeferGroup>();

  constructor(expanded: ExpandedOperation) {
    this.#expanded = expanded;
    this.definition = expanded.definition;
    this.fragments = expanded.fragments;
  }

  usesOf(nodes: readonly FieldNode[]): Uses {
    return new Set(nodes.map((node) => this.#expanded.ofField.get(node) ?? null));
  }

  /** The object that a field leads to. */
  at(uses: Uses, sets: readonly SelectionSetNode[]): ObjectDeferral {
    return new ObjectDeferral(this, uses, sets);
  }

  /** From now on these fragments are as if they were not deferred: nothing would be gained. */
  inline(fragments: Iterable<DeferredFragment>): void {
    for (const fragment of fragments) this.#inlined.add(fragment);
  }

  /** The fragment itself, or the next one around it that is deferred. */
  effective(fragment: DeferredFragment | null): DeferredFragment | null {
    return fragment !== null && this.#inlined.has(fragment) ? this.effective(fragment.parent) : fragment;
  }

  groupOf(uses: Uses): DeferGroup {
    const fragments = new Set<DeferredFragment>();
    for (const use of uses) {
      const fragment = this.effective(use);
      if (fragment === null) return this.#group([]);
      fragments.add(fragment);
    }
    const isInside = ({ parent }: DeferredFragment): boolean =>
      parent !== null && (fragments.has(parent) || isInside(parent));
    return this.#group([...fragments].filter((fragment) => !isInside(fragment)));
  }

  spreadIn(sets: readonly SelectionSetNode[]): readonly DeferredFragment[] {
    const all = sets.flatMap((set) => this.#expanded.ofSet.get(set) ?? []);
    return all.filter((fragment) => !this.#inlined.has(fragment));
  }

  #group(fragments: DeferGroup): DeferGroup {
    const key = fragments
      .map((fragment) => this.fragments.indexOf(fragment))
      .sort((a, b) => a - b)
      .join();
    const known = this.#groups.get(key);
    if (known) return known;
    this.#groups.set(key, fragments);
    return fragments;
  }
}

/** An object at one place of the operation. Asked only when the plan has been split. */
export class ObjectDeferral {
  readonly #deferral: Deferral;
  readonly #uses: Uses;
  readonly #sets: readonly SelectionSetNode[];

  constructor(deferral: Deferral, uses: Uses, sets: readonly SelectionSetNode[]) {
    this.#deferral = deferral;
    this.#uses = uses;
    this.#sets = sets;
  }

  /** Deferred fragments that stand at the object. */
  get spread(): readonly DeferredFragment[] {
    return this.#deferral.spreadIn(this.#sets);
  }

  /** The deferred fragment around one, as far as it is deferred. */
  split<Field extends { readonly uses: Uses | null }>(fields: readonly Field[]): Split<Field> {
    const own = this.#deferral.groupOf(this.#uses);
    const groups = Map.groupBy(fields, ({ uses }) => this.#deferral.groupOf(uses ?? UNDEFERRED));
    const later = [...groups].flatMap(([group, members]) =>
      group === own ? [] : [{ group, fields: members }],
    );
    return { inline: groups.get(own) ?? [], later };
  }
}
