/**
 * Writes the answer's JSON text in the shape that was asked for, deciding every row once more on its way out.
 *
 * In      the projection's shape, the executed data and its rows, what values are sealed and masked with.
 * Out     `data` as JSON text, withheld entries (one for each schema path, no count), what was disclosed and is owed for it.
 * Rule    nothing is written but what the shape names: keys, policy inputs and joins have no writer. HIDE leaves
 *         null or an empty list; DENY and AGGREGATE leave null and an entry (docs/policies.md, "Effects").
 * Cost    closures compiled once for each shape.
 */
import { type GraphQLOutputType, isListType, isNonNullType } from "graphql";
import type { Execution } from "../execute/execute.ts";
import type { Data } from "../execute/run.ts";
import type { Coordinate } from "../kernel/brands.ts";
import { NO_OBLIGATIONS } from "../kernel/obligations.ts";
import type { ObjectDeferral } from "../plan/deferral.ts";
import type { Position } from "../plan/internal-operation.ts";
import type {
  FieldShape,
  ObjectFieldShape,
  ObjectShape,
  PlainFieldShape,
  Projection,
  WithheldFieldShape,
} from "../plan/shape.ts";
import type { Facts } from "../policy/verdict.ts";
import type { DeferredFields } from "./deferred.ts";
import {
  type DisclosedSubject,
  Disclosures,
  note,
  noterOf,
  nothingShown,
  type Subject,
  subjectAt,
} from "./disclosure.ts";
import { type ToldObligations, toldObligations } from "./extensions.ts";
import { compileLeaf, compileStage, isOpen, openGroup } from "./leaf-field.ts";
import { compileEdgeNode, compileHasRow, emptyPage } from "./pages.ts";
import { plainWriter, writePlainRoot } from "./plain-writer.ts";
import { type Trouble, Troubles } from "./sheet.ts";
import {
  count,
  type FieldWriter,
  hiddenText,
  isData,
  isShown,
  isTransformed,
  masked,
  type ProjectTools,
  refuse,
  shapeFor,
  type WithheldEntry,
  type Writing,
} from "./writing.ts";

export interface Projected {
  /** JSON text of `data`. */
  readonly data: string;
  /** Nulls that stand for an error. */
  readonly troubles: readonly Trouble[];
  readonly withheld: readonly WithheldEntry[];
  readonly disclosed: readonly DisclosedSubject[];
  readonly obligations: ToldObligations;
  /** Reasons as recorded, of everything withheld or hidden, with the number of places. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Fields that are written later (`@defer`). */
  readonly deferred: readonly DeferredFields[];
}

export function project(projection: Projection, execution: Execution, tools: ProjectTools): Projected {
  const { root } = projection;
  const { data: object, missing, rows } = execution;
  const troubles = new Troubles(missing);
  if (!("position" in root)) {
    const data = writePlainRoot(root, object, troubles, tools.introspection);
    const deferred = troubles.deferred();
    const nothing = { withheld: [], disclosed: [], obligations: {}, refusals: new Map() };
    return { data, troubles: troubles.list(), ...nothing, deferred };
  }
  const writing: Writing = {
    ...{ rows, tools, troubles },
    disclosures: new Disclosures(tools.subjects, nothingShown(root)),
    withheld: new Map(),
    refusals: new Map(),
  };
  const data = objectWriterOf(root)(object, rows.outer, null, writing);
  if (typeof data !== "string") troubles.settle(0);
  return {
    data: typeof data === "string" ? data : "null",
    troubles: troubles.list(),
    withheld: [...writing.withheld.values()],
    disclosed: writing.disclosures.list(),
    obligations: toldObligations(writing),
    refusals: writing.refusals,
    deferred: troubles.deferred(),
  };
}

/** The object is not there for the reader. */
const ABSENT = Symbol("absent");
type Written = string | undefined | typeof ABSENT;
type ObjectWriter = (object: Data, inherited: Facts, subject: Subject | null, writing: Writing) => Written;

const writers = new WeakMap<ObjectShape, ObjectWriter>();

function objectWriterOf(shape: ObjectShape): ObjectWriter {
  let writer = writers.get(shape);
  if (!writer) {
    const { deferral, fields } = shape;
    writer = deferral === null ? compileObject(shape, fields) : compileDeferring(shape, deferral);
    writers.set(shape, writer);
  }
  return writer;
}

/** What is deferred passes the same gates once more when it is written. */
function compileDeferring(shape: ObjectShape, deferral: ObjectDeferral): ObjectWriter {
  const { inline, later } = deferral.split(shape.fields);
  const { spread } = deferral;
  const write = compileObject(shape, inline);
  const groups = later.map(({ group, fields }) => ({ group, write: compileObject(shape, fields) }));
  return (found, inherited, outer, writing) => {
    const { troubles } = writing;
    const mark = troubles.count;
    const text = write(found, inherited, outer, writing);
    if (typeof text !== "string") return text;
    for (const each of groups) {
      troubles.defer(each.group, (then) => {
        const subject = outer && then.disclosures.subject(outer.type, outer.uid);
        const written = each.write(found, inherited, subject, then);
        return written === ABSENT ? null : written;
      });
    }
    troubles.standAt(mark, spread);
    return text;
  };
}

function compileObject(shape: ObjectShape, shown: readonly FieldShape[]): ObjectWriter {
  const { position } = shape;
  const fields = shown.map((field) => ({
    lead: `${JSON.stringify(field.responseKey)}:`,
    write: compileField(field, position),
    responseKey: field.responseKey,
    coordinate: coordinateOf(field),
  }));
  const noteOpen = noterOf(shown.flatMap(openGroup));
  const hasNode = shape.node ? compileEdgeNode(shape.node) : null;
  const hasRow = shape.edges ? compileHasRow(shape.edges) : null;
  const isThere = position.isPlain || (position.facts === "inherit" && position.existence === null);
  return (found, inherited, outer, writing) => {
    const facts = isThere ? inherited : writing.rows.enter(position, found, inherited);
    if (facts === null) return ABSENT;
    if (hasNode && !hasNode(found, facts, writing)) return ABSENT;
    const object = hasRow && !hasRow(found, facts, writing) ? emptyPage(found) : found;
    const subject = subjectAt(position, object, outer, writing.disclosures);
    noteOpen(subject, writing.disclosures);
    const { troubles } = writing;
    let text = "";
    let mark = troubles.count;
    for (const { lead, write, responseKey, coordinate } of fields) {
      const value = write(object, facts, subject, writing);
      if (troubles.count !== mark) {
        troubles.lieUnder(mark, responseKey, coordinate);
        mark = troubles.count;
      }
      if (value === undefined) return undefined;
      text += `${text === "" ? "{" : ","}${lead}${value}`;
    }
    return text === "" ? "{}" : `${text}}`;
  };
}

function compileField(shape: FieldShape, position: Position): FieldWriter {
  switch (shape.kind) {
    case "leaf":
      return compileLeaf(shape);
    case "object":
      return compileEdge(shape, compileValue(shape, shape.type));
    case "plain": {
      const write = plainWriter(shape.type, shape.selection);
      return compileEdge(shape, (value, _facts, _subject, { troubles }) => write(value, troubles));
    }
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

const coordinateOf = (shape: FieldShape): Coordinate | null =>
  "field" in shape ? shape.field.coordinate : null;

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
  const write = compileEdge(connection, compileValue(connection, connection.type));
  return (_object, facts, subject, writing) => {
    count(writing, refusal);
    return write(empty, facts, subject, writing);
  };
}

function compileEdge(shape: ObjectFieldShape | PlainFieldShape, write: ValueWriter): FieldWriter {
  const { field } = shape;
  const { gate } = field;
  if (gate === null) {
    return (object, facts, subject, writing) =>
      presentOr(write(object[field.key], facts, subject, writing), "null");
  }
  if (isOpen(gate)) {
    const absent = hiddenText(shape.type);
    return (object, facts, subject, writing) =>
      presentOr(write(object[field.key], facts, subject, writing), absent);
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
    note(subject, gate.group, isShown(outcome) ? outcome : SOME_SHOWN, writing.disclosures);
    const plain = Array.isArray(items) || someShown || typeof items === "symbol" ? items : null;
    const mark = writing.troubles.count;
    const text = write(masked(outcome, plain, writing), facts, subject, writing);
    if (isTransformed(outcome)) writing.troubles.forget(mark);
    return text === ABSENT ? hiddenText(shape.type) : text;
  };
}

/** By what stands below the edge: the edge itself shows nothing, and nothing is owed for it. */
const SOME_SHOWN = { effect: "MASK", obligations: NO_OBLIGATIONS } as const;

type ValueWriter = (value: unknown, facts: Facts, subject: Subject | null, writing: Writing) => Written;

function compileValue(shape: ObjectFieldShape, type: GraphQLOutputType): ValueWriter {
  if (isNonNullType(type)) {
    const write = compileValue(shape, type.ofType);
    return (value, facts, subject, writing) => {
      if (value === null || value === undefined) {
        writing.troubles.note(value);
        return undefined;
      }
      const text = write(value, facts, subject, writing);
      return text === "null" ? undefined : text;
    };
  }
  if (isListType(type)) return compileList(compileValue(shape, type.ofType));
  const writerFor = compileChoice(shape);
  return (value, facts, subject, writing) => {
    if (value === null || value === undefined) return "null";
    const write = isData(value) ? writerFor(value) : undefined;
    const mark = writing.troubles.count;
    if (write) {
      const text = write(value as Data, facts, subject, writing);
      if (text !== undefined) return text;
      writing.troubles.settle(mark);
    } else writing.troubles.note(value);
    return "null";
  };
}

/** How an object is written, by the type that it says it has; compiled when the first one is. */
function compileChoice(shape: ObjectFieldShape): (object: Data) => ObjectWriter | undefined {
  let only: ObjectWriter | undefined;
  return (object) => {
    if (only) return only;
    const chosen = shapeFor(shape, object);
    if (!chosen) return undefined;
    const writer = objectWriterOf(chosen);
    if (shape.shapes.size === 1) only = writer;
    return writer;
  };
}

function compileList(item: ValueWriter): ValueWriter {
  return (value, facts, subject, writing) => {
    if (value === null || value === undefined) return "null";
    const { troubles } = writing;
    if (!Array.isArray(value)) {
      troubles.note(value);
      return "null";
    }
    const first = troubles.count;
    let text = "[";
    let written = 0;
    for (const each of value) {
      const mark = troubles.count;
      const shown = item(each, facts, subject, writing);
      // The place among what is shown: rows that are not there for the reader do not count.
      if (troubles.count !== mark) troubles.lieUnder(mark, written, null);
      if (shown === undefined) {
        troubles.settle(first);
        return "null";
      }
      if (shown !== ABSENT) text += written++ === 0 ? shown : `,${shown}`;
    }
    return `${text}]`;
  };
}

const presentOr = (text: Written, otherwise: string): string | undefined =>
  text === ABSENT ? otherwise : text;
