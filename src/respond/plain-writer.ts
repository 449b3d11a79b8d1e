/**
 * Writes what lies where nothing is decided: the value as it came, in the shape that was asked for, by the schema's types.
 *
 * Rule    GraphQL specification 6.4.3 and 6.4.4. Nothing is written but what the selection names: keys and joins have no writer.
 * Cost    closures compiled when the first object of a type is written, and kept with the selection.
 */
import { type GraphQLOutputType, isListType, isNonNullType } from "graphql";
import type { ReplyPath } from "../execute/missing.ts";
import type { Data } from "../execute/run.ts";
import type { PlainField, PlainSelection } from "../plan/plain-selection.ts";
import { leafWriter, listOf, nonNull, type Write } from "./leaf.ts";
import type { Troubles } from "./sheet.ts";

/** Results of `__schema` and `__type`, by response key. */
export type Introspected = Readonly<Record<string, unknown>>;

type ObjectWriter = (object: Data, troubles: Troubles) => string | undefined;

const writers = new WeakMap<PlainSelection, Write>();

/** Writes the value of a field of that type. */
export function plainWriter(type: GraphQLOutputType, selection: PlainSelection): Write {
  if (isNonNullType(type)) return nonNull(plainWriter(type.ofType, selection));
  if (isListType(type)) return listOf(plainWriter(type.ofType, selection));
  let write = writers.get(selection);
  if (!write) {
    write = nullable(selection);
    writers.set(selection, write);
  }
  return write;
}

/** The answer's root: null when a null went all the way up. */
export function writePlainRoot(
  selection: PlainSelection,
  data: Data,
  troubles: Troubles,
  introspected: Introspected,
): string {
  const fields = selection.fieldsOf(selection.type.name) ?? [];
  const write = objectWriter(selection, fields, selection.type.name, introspected);
  const text = write(data, troubles);
  if (text === undefined) troubles.settle(0);
  return text ?? "null";
}

function nullable(selection: PlainSelection): Write {
  const byType = new Map<unknown, ObjectWriter | null>();
  const writerFor = (type: unknown): ObjectWriter | null => {
    let write = byType.get(type);
    if (write === undefined) {
      const name = typeof type === "string" ? type : undefined;
      const fields = selection.fieldsOfObject(name);
      write = fields && objectWriter(selection, fields, name ?? selection.type.name, {});
      byType.set(type, write);
    }
    return write;
  };
  return (value, troubles) => {
    if (value === null || value === undefined) return "null";
    const write =
      typeof value === "object" && !Array.isArray(value) ? writerFor((value as Data)["__typename"]) : null;
    if (write === null) {
      noteUnknown(value, selection, troubles);
      return "null";
    }
    const mark = troubles.count;
    const text = write(value as Data, troubles);
    if (text !== undefined) return text;
    troubles.settle(mark);
    return "null";
  };
}

function objectWriter(
  { deferral }: PlainSelection,
  fields: readonly PlainField[],
  type: string,
  introspected: Introspected,
): ObjectWriter {
  if (deferral === null) return fieldsWriter(fields, type, introspected);
  const { inline, later } = deferral.split(fields);
  const { spread } = deferral;
  const write = fieldsWriter(inline, type, introspected);
  const groups = later.map(({ group, fields: some }) => ({
    group,
    write: fieldsWriter(some, type, introspected),
  }));
  return (object, troubles) => {
    const mark = troubles.count;
    const text = write(object, troubles);
    if (text === undefined) return undefined;
    for (const each of groups) troubles.defer(each.group, (writing) => each.write(object, writing.troubles));
    troubles.standAt(mark, spread);
    return text;
  };
}

function fieldsWriter(fields: readonly PlainField[], type: string, introspected: Introspected): ObjectWriter {
  const parts = fields.map((field, i) => ({
    lead: `${i === 0 ? "{" : ","}${JSON.stringify(field.responseKey)}:`,
    key: field.key ?? "",
    write: fieldWriter(field, type, introspected),
    ...{ responseKey: field.responseKey, coordinate: field.coordinate },
  }));
  if (parts.length === 0) return () => "{}";
  return (object, troubles) => {
    let text = "";
    let mark = troubles.count;
    for (const { lead, key, write, responseKey, coordinate } of parts) {
      const written = write(object[key], troubles);
      if (troubles.count !== mark) {
        troubles.lieUnder(mark, responseKey, coordinate);
        mark = troubles.count;
      }
      if (written === undefined) return undefined;
      text += lead + written;
    }
    return `${text}}`;
  };
}

function fieldWriter(field: PlainField, type: string, introspected: Introspected): Write {
  switch (field.kind) {
    case "leaf":
      return leafWriter(field.type);
    case "composite":
      return lazily(() => plainWriter(field.type, field.selection as PlainSelection));
    case "typename": {
      const text = JSON.stringify(type);
      return () => text;
    }
    case "introspection":
      return () => JSON.stringify(introspected[field.responseKey] ?? null);
  }
}

/** Compiled when the first value is written: what never comes is never compiled. */
function lazily(make: () => Write): Write {
  let write: Write | null = null;
  return (value, troubles) => {
    write ??= make();
    return write(value, troubles);
  };
}

/** Nothing can be shown of a value: it is none, or its type did not arrive, for which a mark in it may say why. */
function noteUnknown(value: unknown, selection: PlainSelection, troubles: Troubles): void {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const marked = entries.find(([, held]) => typeof held === "symbol");
  if (!marked) troubles.note(value, (tail) => responseTail(selection, tail));
  else troubles.note(marked[1], (tail) => responseTail(selection, [marked[0], ...tail]));
}

/** An agency's path below a null in the client's words, as far as they are known. */
function responseTail(selection: PlainSelection, tail: ReplyPath): ReplyPath {
  let here: PlainSelection | null = selection;
  return tail.map((step) => {
    if (typeof step === "number") return step;
    const field: PlainField | undefined = here?.fieldsOf(here.type.name)?.find(({ key }) => key === step);
    here = field?.selection ?? null;
    return field?.responseKey ?? step;
  });
}
