/**
 * The internal operation while it is being built: positions that can still grow, and their canonical text.
 *
 * Canonical keys: a field without arguments is its own key, whatever the client called it; a field with arguments
 * gets a numbered key. So no client alias can stand where the planner, a key or a policy input is read.
 */
import type { ArgumentSlot, Existence, FactsSource, InternalField, Position } from "./internal-operation.ts";
import type { PlainSelection } from "./plain-selection.ts";

export interface DraftField extends InternalField {
  readonly name: string;
  readonly slots: readonly ArgumentSlot[];
  readonly target: DraftPosition | null;
}

export class DraftPosition implements Position {
  readonly type: string;
  readonly byType: Map<string, DraftPosition> | null;
  readonly fields = new Map<string, DraftField>();
  /** Selections added beside the client's: keys, policy inputs. */
  readonly injected = new Set<string>();
  facts: FactsSource = "inherit";
  existence: Existence | null = null;
  /** What was selected where nothing is decided. Two selections of one field stand side by side here. */
  readonly plain: PlainSelection[] = [];

  constructor(type: string, abstract = false) {
    this.type = type;
    this.byType = abstract ? new Map() : null;
  }

  get isPlain(): boolean {
    return this.plain.length > 0;
  }

  /** The position of one concrete type: itself, or a branch of an abstract one. */
  at(type: string): DraftPosition {
    if (this.byType === null) return this;
    let branch = this.byType.get(type);
    if (!branch) {
      branch = new DraftPosition(type);
      this.byType.set(type, branch);
    }
    return branch;
  }

  /** The field of that key, made on first use; later uses share its target, so selections merge. */
  field(key: string, make: () => DraftField): DraftField {
    const known = this.fields.get(key);
    if (known) return known;
    const field = make();
    this.fields.set(key, field);
    return field;
  }
}

/** Canonical text; adds to `slots` the arguments that it passes on, in the order in which it mentions them. */
export function printSelection(position: DraftPosition, slots: Set<ArgumentSlot>): string {
  if (position.isPlain) return mergedPlain(position.plain, slots);
  const parts: string[] = [];
  if (position.byType !== null) {
    parts.push("__typename");
    for (const [type, branch] of position.byType) parts.push(`...on ${type}${printSelection(branch, slots)}`);
  } else {
    parts.push(...position.injected);
    for (const field of position.fields.values()) parts.push(printField(field, slots));
    if (parts.length === 0) parts.push("__typename");
  }
  return `{${parts.join(" ")}}`;
}

export function printField({ name, key, slots: own, target }: DraftField, slots: Set<ArgumentSlot>): string {
  const alias = key === name ? "" : `${key}:`;
  for (const slot of own) slots.add(slot);
  const passed = own.map(({ argument, variable }) => `${argument}:$${variable}`).join(" ");
  return `${alias}${name}${passed ? `(${passed})` : ""}${target ? printSelection(target, slots) : ""}`;
}

/** GraphQL merges what one set selects twice. */
const mergedPlain = (selections: readonly PlainSelection[], slots: Set<ArgumentSlot>): string =>
  `{${selections.map((selection) => selection.print(slots).slice(1, -1)).join(" ")}}`;
