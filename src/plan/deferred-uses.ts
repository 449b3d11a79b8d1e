/**
 * Who needs what: for every place of the data, by internal keys, the deferred fragments that select it.
 *
 * Rule    what decides whether a row is there, and with which facts, is needed as soon as the row is: policy inputs, keys, and the rows of
 *         a connection. Types are not told apart: what is needed for one type is taken to be needed for all.
 */
import { type DeferredFragment, UNDEFERRED, type Uses } from "./deferral.ts";
import type { PlainSelection } from "./plain-selection.ts";
import type { FieldShape, ObjectFieldShape, ObjectShape, Projection } from "./shape.ts";

/** A place in the data. */
export class Use {
  readonly by = new Set<DeferredFragment | null>();
  /** Keys of the policy inputs of the rows here: nothing below is asked for before they have come. */
  readonly inputs = new Set<string>();
  readonly below = new Map<string, Use>();
  readonly #above: Use | null;

  constructor(above: Use | null) {
    this.#above = above;
  }

  at(key: string): Use {
    let use = this.below.get(key);
    if (!use) {
      use = new Use(this);
      this.below.set(key, use);
    }
    return use;
  }

  add(uses: Iterable<DeferredFragment | null>): this {
    for (const one of uses) this.by.add(one);
    return this;
  }

  /** Adds who asks for something here: they need the policy inputs of the rows on the way. How many need each, together. */
  addToInputs(uses: Iterable<DeferredFragment | null>): number {
    const needing = [...this.inputs].map((key) => this.at(key).add(uses).by.size);
    return needing.reduce((sum, size) => sum + size, this.#above?.addToInputs(uses) ?? 0);
  }
}

export function usesIn({ root }: Projection): Use {
  const use = new Use(null).add(UNDEFERRED);
  if ("position" in root) visitObject(root, use, UNDEFERRED);
  else visitPlain(root, use);
  return use;
}

function visitObject({ position, fields, edges, node }: ObjectShape, use: Use, uses: Uses): void {
  for (const injected of position.injected) {
    const key = /^\w*/.exec(injected)?.[0] ?? injected;
    use.at(key).add(uses);
    use.inputs.add(key);
  }
  for (const field of fields) visitField(field, use);
  for (const carried of [edges, node]) if (carried) visitEdge(carried, use, uses);
}

function visitField(field: FieldShape, use: Use): void {
  const uses = field.uses ?? UNDEFERRED;
  switch (field.kind) {
    case "leaf":
      use.at(field.field.key).add(uses);
      return;
    case "object":
      visitEdge(field, use, uses);
      return;
    case "plain":
      visitPlain(field.selection, use.at(field.field.key).add(uses));
      return;
    case "stage":
      for (const { key } of field.inputs) use.at(key).add(uses);
      return;
    case "typename":
      use.at("__typename").add(uses);
      return;
    case "id":
    case "introspection":
    case "withheld":
      return;
  }
}

function visitEdge({ field, shapes }: ObjectFieldShape, use: Use, uses: Uses): void {
  const below = use.at(field.key).add(uses);
  for (const shape of shapes.values()) visitObject(shape, below, uses);
}

function visitPlain(selection: PlainSelection, use: Use): void {
  for (const { key, kind, uses, selection: below } of selection.allFields()) {
    const at = kind === "typename" ? "__typename" : key;
    if (at === null) continue;
    const place = use.at(at).add(uses ?? UNDEFERRED);
    if (below) visitPlain(below, place);
  }
}
