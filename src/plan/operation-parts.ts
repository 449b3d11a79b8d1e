/**
 * The canonical text of an operation: one for a query or a subscription, one for each root field of a mutation.
 *
 * Why     the planner orders a mutation's root fields, but runs entity reads of one beside the next (architecture §4): each root field is
 *         planned and run by itself, the next one after it (GraphQL specification 6.2.2).
 * Out     adds to `slots` the arguments that the texts pass on.
 */
import { isNonNullType } from "graphql";
import { type DraftPosition, printField, printSelection } from "./draft.ts";
import {
  type ArgumentSlot,
  type InternalOperation,
  type OperationPart,
  READER_VARIABLE,
} from "./internal-operation.ts";

export function operationParts(
  kind: InternalOperation["kind"],
  draft: DraftPosition,
  slots: Set<ArgumentSlot>,
): readonly OperationPart[] {
  if (kind === "mutation") return [...mutationParts(draft, slots)];
  if (!asksAnything(draft)) return [];
  const used = new Set<ArgumentSlot>();
  const selection = printSelection(draft, used);
  return [{ text: operationText(kind, selection, used, slots), essential: null }];
}

function* mutationParts(draft: DraftPosition, slots: Set<ArgumentSlot>): Iterable<OperationPart> {
  for (const field of draft.fields.values()) {
    const used = new Set<ArgumentSlot>();
    const selection = `{${printField(field, used)}}`;
    yield { text: operationText("mutation", selection, used, slots), essential: null };
  }
  for (const { field, alone } of draft.plain.flatMap((selection) => selection.fieldByField())) {
    if (field.key === null) continue;
    const used = new Set<ArgumentSlot>();
    const text = operationText("mutation", alone.print(used), used, slots);
    yield { text, essential: isNonNullType(field.type) ? field.key : null };
  }
}

const asksAnything = (draft: DraftPosition): boolean =>
  draft.fields.size > 0 ||
  draft.plain.some((selection) => selection.fieldsOf(selection.type.name)?.some(({ key }) => key !== null));

function operationText(
  kind: InternalOperation["kind"],
  selection: string,
  used: ReadonlySet<ArgumentSlot>,
  slots: Set<ArgumentSlot>,
): string {
  const declared = [...used].map(({ variable, type }) => `$${variable}:${type}`);
  for (const slot of used) slots.add(slot);
  if (selection.includes(`$${READER_VARIABLE}`)) declared.push(`$${READER_VARIABLE}:ReaderInput!`);
  return `${kind}${declared.length > 0 ? `(${declared.join(" ")})` : ""}${selection}`;
}
