/** An object of the public schema as the world has it, read lazily: what an answer is held against. */

/** An object of the schema. */
export interface TrueObject {
  readonly type: string;
  /** Null where the gateway derives the uid from the agency's own key. */
  readonly uid: string | null;
  /** Members whose own row it is; null where a row has no owner of its own. */
  readonly ownedBy: readonly string[] | null;
  /** What the words of a *rows* mask say of it: members that the row names, or everybody when it was published. */
  readonly inRowsOf: readonly string[];
  readonly fields: Readonly<Record<string, () => unknown>>;
}

export type Fields = Readonly<Record<string, unknown>>;
interface Marks {
  readonly uid?: string | null;
  readonly ownedBy?: readonly string[];
  readonly inRowsOf?: readonly string[];
}

export const isTrueObject = (value: unknown): value is TrueObject =>
  typeof value === "object" && value !== null && "fields" in value && "inRowsOf" in value;

/** Values may be given as they are, or as functions when they lead on. */
export function object(type: string, fields: Fields, marks: Marks = {}): TrueObject {
  const { uid = null, ownedBy = null, inRowsOf = [] } = marks;
  const thunk = (value: unknown): (() => unknown) =>
    typeof value === "function" ? once(value as () => unknown) : () => value;
  const lazily = Object.entries(fields).map(([name, value]) => [name, thunk(value)] as const);
  return { type, uid, ownedBy, inRowsOf, fields: Object.fromEntries(lazily) };
}

function once(read: () => unknown): () => unknown {
  let kept: { readonly value: unknown } | undefined;
  return () => {
    kept ??= { value: read() };
    return kept.value;
  };
}

export const objects = <Row>(rows: readonly Row[], make: (row: Row) => TrueObject): readonly TrueObject[] =>
  rows.map(make);
export const value = (type: string, row: object | null | undefined): TrueObject | null =>
  row ? object(type, row as Fields) : null;

/** Fields that are there and whose value this file does not know: ids from own keys, the stage. */
export const SOME_TEXT = Symbol("some text");

export const pick = <Row extends object, Name extends keyof Row>(
  row: Row,
  names: readonly Name[],
): Pick<Row, Name> => Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<Row, Name>;

export const pickOrNull = <Row extends object, Name extends keyof Row>(
  row: Row | undefined,
  names: readonly Name[],
): Record<string, unknown> => Object.fromEntries(names.map((name) => [name, row ? row[name] : null]));
