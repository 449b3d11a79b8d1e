/**
 * Writes the answer's JSON text in the shape that was asked for, deciding every row once more on its way out.
 *
 * In      the projection's shape, the executed data and its rows, what values are sealed and masked with.
 * Out     `data` as JSON text, withheld entries (one for each schema path, no count), what was disclosed.
 * Rule    nothing is written but what the shape names: keys, policy inputs and joins have no writer. HIDE leaves
 *         null or an empty list; DENY and AGGREGATE leave null and an entry (docs/policies.md, "Effects").
 * Cost    closures compiled once for each shape.
 */
import { type GraphQLOutputType, isListType, isNonNullType } from "graphql";
import type { Execution } from "../execute/execute.ts";
import type { Data } from "../execute/run.ts";
import type { Position } from "../plan/internal-operation.ts";
import type {
  FieldShape,
  LeafFieldShape,
  ObjectFieldShape,
  ObjectShape,
  Projection,
  StageFieldShape,
  WithheldFieldShape,
} from "../plan/shape.ts";
import type { Facts, MaskName, Outcome } from "../policy/verdict.ts";
import { type DisclosedSubject, Disclosures, note, REGISTER_SUBJECTS, type Subject } from "./disclosure.ts";
import { type BadValues, leafWriter, type Write } from "./leaf.ts";
import { stageOf } from "./stage.ts";

export interface WithheldEntry {
  readonly path: readonly string[];
  readonly reason: string | null;
}

export interface Projected {
  /** JSON text of `data`. */
  readonly data: string;
  readonly withheld: readonly WithheldEntry[];
  readonly disclosed: readonly DisclosedSubject[];
  /** Reasons as recorded, of everything withheld or hidden, with the number of places. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Values that were not of their declared type. */
  readonly badValues: number;
}

export interface ProjectTools {
  readonly sealId: (type: string, uid: string) => string;
  /** Seals a cursor for the connection at an internal key. */
  readonly sealCursor: (cursor: string, connection: string) => string;
  readonly mask: (name: MaskName, value: unknown) => unknown;
  /** Results of introspection fields by response key. */
  readonly introspection: Readonly<Record<string, unknown>>;
}

export function project(projection: Projection, execution: Execution, tools: ProjectTools): Projected {
  const writing: Writing = {
    rows: execution.rows,
    tools,
    disclosures: new Disclosures(),
    withheld: new Map(),
    refusals: new Map(),
    badValues: 0,
  };
  const write = objectWriterOf(projection.root);
  const data = write(execution.data, execution.rows.outer, null, writing);
  return {
    data: typeof data === "string" ? data : "null",
    withheld: [...writing.withheld.values()],
    disclosed: writing.disclosures.list(),
    refusals: writing.refusals,
    badValues: writing.badValues,
  };
}

interface Writing extends BadValues {
  readonly rows: Execution["rows"];
  readonly tools: ProjectTools;
  readonly disclosures: Disclosures;
  readonly withheld: Map<string, WithheldEntry>;
  readonly refusals: Map<string, number>;
}

/** The object is not there for the reader. */
const ABSENT = Symbol("absent");
type Written = string | undefined | typeof ABSENT;
type ObjectWriter = (object: Data, inherited: Facts, subject: Subject | null, writing: Writing) => Written;
type FieldWriter = (
  object: Data,
  facts: Facts,
  subject: Subject | null,
  writing: Writing,
) => string | undefined;

const writers = new WeakMap<ObjectShape, ObjectWriter>();

function objectWriterOf(shape: ObjectShape): ObjectWriter {
  let writer = writers.get(shape);
  if (!writer) {
    writer = compileObject(shape);
    writers.set(shape, writer);
  }
  return writer;
}

function compileObject(shape: ObjectShape): ObjectWriter {
  const { position } = shape;
  const fields = shape.fields.map((field) => ({
    lead: `${JSON.stringify(field.responseKey)}:`,
    write: compileField(field, position),
  }));
  const hasNode = shape.node ? compileEdgeNode(shape.node) : null;
  const hasRow = shape.edges ? compileHasRow(shape.edges) : null;
  return (found, inherited, outer, writing) => {
    const facts = writing.rows.enter(position, found, inherited);
    if (facts === null) return ABSENT;
    if (hasNode && !hasNode(found, facts, writing)) return ABSENT;
    const object = hasRow && !hasRow(found, facts, writing) ? emptyPage(found) : found;
    const subject = subjectAt(position, object, outer, writing.disclosures);
    let text = "";
    for (const { lead, write } of fields) {
      const value = write(object, facts, subject, writing);
      if (value === undefined) return undefined;
      text += `${text === "" ? "{" : ","}${lead}${value}`;
    }
    return text === "" ? "{}" : `${text}}`;
  };
}

type Test = (object: Data, facts: Facts, writing: Writing) => boolean;

function compileHasRow(edges: ObjectFieldShape): Test {
  const [edge] = edges.shapes.values();
  if (!edge?.node) return () => true;
  const hasNode = compileEdgeNode(edge.node);
  return (page, facts, writing) => {
    const rows = page[edges.field.key];
    return Array.isArray(rows) && rows.some((row) => isData(row) && hasNode(row, facts, writing));
  };
}

/** Of rows that are not there for the reader, the page's cursors and its next page must not tell either. */
function emptyPage(page: Data): Data {
  const { pageInfo } = page;
  const end = { hasNextPage: false, startCursor: null, endCursor: null };
  return { ...page, edges: [], ...(isData(pageInfo) ? { pageInfo: { ...pageInfo, ...end } } : {}) };
}

/** An edge whose node is not there for the reader is not there either. */
function compileEdgeNode(node: ObjectFieldShape): Test {
  return (edge, facts, writing) => {
    const value = edge[node.field.key];
    if (!isData(value)) return false;
    const shape = shapeFor(node, value);
    return shape !== undefined && writing.rows.enter(shape.position, value, facts) !== null;
  };
}

function subjectAt(
  position: Position,
  object: Data,
  outer: Subject | null,
  disclosures: Disclosures,
): Subject | null {
  if (position.facts === "case") {
    const uid =
      position.type === "Case" ? object["uid"] : (object["case"] as Data | null | undefined)?.["uid"];
    return typeof uid === "string" ? disclosures.subject("Case", uid) : outer;
  }
  if (outer?.type === "Case" || !REGISTER_SUBJECTS.has(position.type)) return outer;
  const { uid } = object as { readonly uid?: unknown };
  return typeof uid === "string" ? disclosures.subject(position.type, uid) : outer;
}

function compileField(shape: FieldShape, position: Position): FieldWriter {
  switch (shape.kind) {
    case "leaf":
      return compileLeaf(shape);
    case "object":
      return compileEdge(shape);
    case "id":
      return ({ uid }, _facts, _subject, { tools }) =>
        typeof uid === "string" ? JSON.stringify(tools.sealId(position.type, uid)) : undefined;
    case "stage":
      return compileStage(shape);
    case "typename": {
      const name = JSON.stringify(position.type);
      return () => name;
    }
    case "introspection":
      return (_object, _facts, _subject, { tools }) =>
        JSON.stringify(tools.introspection[shape.responseKey] ?? null);
    case "withheld":
      return compileWithheld(shape);
  }
}

function compileLeaf(shape: LeafFieldShape): FieldWriter {
  const { field, cursorOf } = shape;
  const write: Write = leafWriter(shape.type);
  if (cursorOf !== null) {
    return (object, _facts, _subject, writing) => {
      const cursor = object[field.key];
      return write(typeof cursor === "string" ? writing.tools.sealCursor(cursor, cursorOf) : cursor, writing);
    };
  }
  const { gate } = field;
  if (gate === null) return (object, _facts, _subject, writing) => write(object[field.key], writing);
  return (object, facts, subject, writing) => {
    const outcome = writing.rows.gateOutcome(gate, facts, object);
    if (!isShown(outcome)) return refuse(shape, outcome, writing);
    note(subject, gate.group, outcome.effect);
    return write(masked(outcome, object[field.key], writing), writing);
  };
}

function compileStage(shape: StageFieldShape): FieldWriter {
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
    note(subject, shape.gate.group, outcome.effect);
    return JSON.stringify(masked(outcome, stageOf(visible), writing) ?? null);
  };
}

function compileWithheld(shape: WithheldFieldShape): FieldWriter {
  const { connection, refusal } = shape;
  if ("verdict" in refusal) {
    return (object, facts, _subject, writing) =>
      refuse(shape, writing.rows.gateOutcome(refusal, facts, object), writing);
  }
  if (connection === null || refusal.effect !== "HIDE") {
    return (_object, _facts, _subject, writing) => refuse(shape, refusal, writing);
  }
  const empty: Data = {
    [connection.field.key]: { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false } },
  };
  const write = compileEdge(connection);
  return (_object, facts, subject, writing) => {
    count(writing, refusal);
    return write(empty, facts, subject, writing);
  };
}

function compileEdge(shape: ObjectFieldShape): FieldWriter {
  const { field } = shape;
  const { gate } = field;
  const write = compileValue(shape, shape.type);
  if (gate === null) {
    return (object, facts, subject, writing) =>
      presentOr(write(object[field.key], facts, subject, writing), "null");
  }
  return (object, facts, subject, writing) => {
    const outcome = writing.rows.gateOutcome(gate, facts, object);
    const shows = (item: unknown): boolean =>
      isData(item) && writing.rows.itemShows(gate, facts, object, item);
    const value = object[field.key];
    const items = Array.isArray(value) ? value.filter(shows) : value;
    const someShown = Array.isArray(items) ? items.length > 0 : shows(items);
    // Nothing behind a closed edge reads as if there were rows behind it.
    if (!someShown && !isShown(outcome) && !writing.rows.opensWhenEmpty(gate, facts, object)) {
      return refuse(shape, outcome, writing);
    }
    note(subject, gate.group, isShown(outcome) ? outcome.effect : "MASK");
    const plain = Array.isArray(items) || someShown ? items : null;
    const text = write(masked(outcome, plain, writing), facts, subject, writing);
    return text === ABSENT ? hiddenText(shape.type) : text;
  };
}

type ValueWriter = (value: unknown, facts: Facts, subject: Subject | null, writing: Writing) => Written;

function compileValue(shape: ObjectFieldShape, type: GraphQLOutputType): ValueWriter {
  if (isNonNullType(type)) {
    const write = compileValue(shape, type.ofType);
    return (...input) => {
      const text = write(...input);
      return text === "null" ? undefined : text;
    };
  }
  if (isListType(type)) return compileList(compileValue(shape, type.ofType));
  return (value, facts, subject, writing) => {
    if (value === null || value === undefined) return "null";
    const object = isData(value) ? shapeFor(shape, value) : undefined;
    if (object) {
      const text = objectWriterOf(object)(value as Data, facts, subject, writing);
      return text === undefined ? "null" : text;
    }
    writing.badValues++;
    return "null";
  };
}

function compileList(item: ValueWriter): ValueWriter {
  return (value, facts, subject, writing) => {
    if (value === null || value === undefined) return "null";
    if (!Array.isArray(value)) {
      writing.badValues++;
      return "null";
    }
    const texts: string[] = [];
    for (const each of value) {
      const text = item(each, facts, subject, writing);
      if (text === undefined) return "null";
      if (text !== ABSENT) texts.push(text);
    }
    return `[${texts.join(",")}]`;
  };
}

function shapeFor({ shapes }: ObjectFieldShape, object: Data): ObjectShape | undefined {
  if (shapes.size === 1) return shapes.values().next().value;
  return shapes.get(String(object["__typename"]));
}

function refuse(shape: FieldShape, outcome: Outcome, writing: Writing): string {
  count(writing, outcome);
  if (outcome.effect === "HIDE") return hiddenText(shape.type);
  const key = shape.path.join("\0");
  if (!writing.withheld.has(key))
    writing.withheld.set(key, { path: shape.path, reason: outcome.shownReason });
  return "null";
}

function count({ refusals }: Writing, { reason }: Outcome): void {
  const key = reason ?? "none";
  refusals.set(key, (refusals.get(key) ?? 0) + 1);
}

const hiddenText = (type: GraphQLOutputType): string =>
  isListType(isNonNullType(type) ? type.ofType : type) ? "[]" : "null";

const presentOr = (text: Written, otherwise: string): string | undefined =>
  text === ABSENT ? otherwise : text;

const isShown = ({ effect }: Outcome): boolean => effect === "ALLOW" || effect === "MASK";

function masked({ effect, mask }: Outcome, value: unknown, { tools }: Writing): unknown {
  if (effect !== "MASK" || mask === null || mask === "keep" || mask === "rows") return value;
  return Array.isArray(value) ? value.map((item) => tools.mask(mask, item)) : tools.mask(mask, value);
}

const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);
