/** Fields that hold no object: a leaf, a cursor, a case's stage; each decided by its row once more, unless it is open on every row. */
import type { Gate } from "../plan/internal-operation.ts";
import type { FieldShape, LeafFieldShape, StageFieldShape } from "../plan/shape.ts";
import { note, type OpenGroup } from "./disclosure.ts";
import { compileFile, isFile, undecidedFile } from "./file-leaf.ts";
import { leafWriter, type Write } from "./leaf.ts";
import { stageOf } from "./stage.ts";
import { type FieldWriter, isShown, isTransformed, masked, refuse } from "./writing.ts";

/** Shown on every row, as it is. */
export const isOpen = ({ verdict }: Gate): boolean =>
  verdict.kind === "settled" && verdict.outcome.effect === "ALLOW" && verdict.outcome.mask === null;

/** The group of a field that every row shows: noted once for the object that carries it. */
export function openGroup(shape: FieldShape): readonly OpenGroup[] {
  const isDecided =
    shape.kind === "object" || shape.kind === "plain" || (shape.kind === "leaf" && shape.cursorOf === null);
  const gate = isDecided ? shape.field.gate : null;
  if (gate?.verdict.kind !== "settled" || !isOpen(gate)) return [];
  return [{ group: gate.group, obligations: gate.verdict.outcome.obligations }];
}

export function compileLeaf(shape: LeafFieldShape): FieldWriter {
  const { field, cursorOf } = shape;
  const write: Write = leafWriter(shape.type);
  if (cursorOf !== null) {
    return (object, _facts, _subject, writing) => {
      const cursor = object[field.key];
      const given = typeof cursor === "string" ? writing.tools.sealCursor(cursor, cursorOf) : cursor;
      return write(given, writing.troubles);
    };
  }
  const { gate } = field;
  // A file that every row shows is a link like any other: what is open is not written as it came.
  if (isFile(shape)) {
    if (gate === null)
      return (object, _facts, _subject, writing) =>
        write(undecidedFile(object[field.key], writing), writing.troubles);
  } else if (gate === null || isOpen(gate))
    return (object, _facts, _subject, { troubles }) => write(object[field.key], troubles);
  const shown = isFile(shape) ? compileFile(shape, gate.group) : masked;
  return (object, facts, subject, writing) => {
    const outcome = writing.rows.gateOutcome(gate, facts, object);
    if (!isShown(outcome)) return refuse(shape, outcome, writing);
    note(subject, gate.group, outcome, writing.disclosures);
    const { troubles } = writing;
    const mark = troubles.count;
    const text = write(shown(outcome, object[field.key], writing, subject), troubles);
    if (isTransformed(outcome)) troubles.forget(mark);
    return text;
  };
}

export function compileStage(shape: StageFieldShape): FieldWriter {
  return (object, facts, subject, writing) => {
    const { rows } = writing;
    const outcome = rows.gateOutcome(shape.gate, facts, object);
    if (!isShown(outcome)) return refuse(shape, outcome, writing);
    const visible: Record<string, unknown> = {};
    for (const { key, gate } of shape.inputs) {
      const open = gate === null || isShown(rows.gateOutcome(gate, facts, object));
      const tracks = shape.tracks.get(key);
      if (open && (!tracks || tracks.some((track) => rows.mayOpen(track, facts, object))))
        visible[key] = object[key];
    }
    note(subject, shape.gate.group, outcome, writing.disclosures);
    return JSON.stringify(masked(outcome, stageOf(visible), writing) ?? null);
  };
}
