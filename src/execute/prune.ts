/**
 * Cuts from a fetch what a row's facts withhold, so that a field that the reader may not see on this row is not
 * asked for on this row. Rows with the same facts share one text.
 */
import { Kind, print, type SelectionNode, type SelectionSetNode } from "graphql";
import type { Gate, Position } from "../plan/internal-operation.ts";
import type { Run } from "./run.ts";
import type { Target } from "./walk.ts";

/**
 * The selection to fetch for a target, `...on Type{…}`; null when nothing of it may be shown. Equal selections are the same
 * string, so that grouping rows by it hashes nothing anew.
 */
export type Prune = (run: Run, target: Target) => string | null;

export function compilePrune(set: SelectionSetNode, position: Position): Prune {
  const gates: Gate[] = [];
  collectGates(set, position, gates);
  const whole = onType(position, set);
  if (gates.length === 0) return () => whole;
  const texts = new Map<string, string | null>();
  return (run, { facts, object }) => {
    let key = "";
    for (const gate of gates) key += run.rows.mayOpen(gate, facts, object) ? "1" : "0";
    let text = texts.get(key);
    if (text === undefined) {
      const closed = new Set(gates.filter((_, at) => key[at] === "0"));
      text = closed.size === 0 ? whole : prunedText(set, position, closed);
      texts.set(key, text);
    }
    return text;
  };
}

/** Gates that a row can close of the fields in a selection, down to where other facts begin. */
function collectGates(set: SelectionSetNode, position: Position, gates: Gate[]): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      collectGates(selection.selectionSet, branch(position, selection.typeCondition?.name.value), gates);
      continue;
    }
    const field = selection.kind === Kind.FIELD ? position.fields.get(keyOf(selection)) : undefined;
    if (!field || selection.kind !== Kind.FIELD) continue;
    const { gate } = field;
    if (gate && !gate.opensAlways && !gates.includes(gate)) gates.push(gate);
    const inherits = field.target !== null && field.target.facts === "inherit";
    if (selection.selectionSet && field.target && inherits)
      collectGates(selection.selectionSet, field.target, gates);
  }
}

function prunedText(set: SelectionSetNode, position: Position, closed: ReadonlySet<Gate>): string | null {
  const pruned = pruneSet(set, position, closed);
  const asksAnything = pruned.selections.some(
    (selection) => selection.kind !== Kind.FIELD || position.fields.has(keyOf(selection)),
  );
  return asksAnything ? onType(position, pruned) : null;
}

const onType = ({ type }: Position, set: SelectionSetNode): string => `...on ${type}${print(set)}`;

function pruneSet(set: SelectionSetNode, position: Position, closed: ReadonlySet<Gate>): SelectionSetNode {
  const selections: SelectionNode[] = [];
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = pruneSet(
        selection.selectionSet,
        branch(position, selection.typeCondition?.name.value),
        closed,
      );
      if (inner.selections.length > 0) selections.push({ ...selection, selectionSet: inner });
      continue;
    }
    if (selection.kind !== Kind.FIELD) continue;
    const field = position.fields.get(keyOf(selection));
    if (field?.gate && closed.has(field.gate)) continue;
    if (!selection.selectionSet || !field?.target) selections.push(selection);
    else
      selections.push({
        ...selection,
        selectionSet: orTypename(pruneSet(selection.selectionSet, field.target, closed)),
      });
  }
  return { kind: Kind.SELECTION_SET, selections };
}

const branch = (position: Position, type: string | undefined): Position =>
  (type === undefined ? undefined : position.byType?.get(type)) ?? position;

const keyOf = (node: {
  readonly alias?: { readonly value: string } | undefined;
  readonly name: { readonly value: string };
}): string => node.alias?.value ?? node.name.value;

/** The edge is open though nothing asked below it is: its being there is the answer. */
const orTypename = (set: SelectionSetNode): SelectionSetNode =>
  set.selections.length > 0
    ? set
    : {
        kind: Kind.SELECTION_SET,
        selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } }],
      };
