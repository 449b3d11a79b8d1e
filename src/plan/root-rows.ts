/** Root fields of which no row can be there for the reader: settled while planning, so that nobody is asked. */
import { getNamedType } from "graphql";
import type { DraftField, DraftPosition } from "./draft.ts";
import { mayPermit, refusalOf } from "./gates.ts";
import type { Existence } from "./internal-operation.ts";
import type { FieldShape, ObjectFieldShape } from "./shape.ts";
import { isConnection, isWrapper } from "./way.ts";

/** The shape as it is, or withheld when nothing behind it could be shown; then the field leaves the draft. */
export function settleRoot(shape: ObjectFieldShape, field: DraftField, root: DraftPosition): FieldShape {
  const existence = rowExistence(field.target);
  if (existence === null || existence.verdicts.some(mayPermit)) return shape;
  root.fields.delete(field.key);
  const { responseKey, path, type, uses } = shape;
  const connection = isConnection(getNamedType(type)) ? shape : null;
  const refusal = refusalOf(existence.verdicts);
  return { kind: "withheld", responseKey, path, type, uses, refusal, connection };
}

/** What decides the rows of a root field: at the field's own position, or at the nodes of its connection. */
function rowExistence(position: DraftPosition | null): Existence | null {
  if (position === null || !isWrapper(position.type)) return position?.existence ?? null;
  const inner = position.fields.get("edges") ?? position.fields.get("node");
  return rowExistence(inner?.target ?? null);
}
