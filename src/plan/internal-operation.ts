/**
 * The operation as it is planned and executed, as a tree of positions: canonical keys, every gate that policy put
 * on it, and what was injected to decide rows. Built by `rewrite.ts`; read by the executor and by projection.
 */
import type { GraphQLInputType } from "graphql";
import type { Coordinate } from "../kernel/brands.ts";
import type { Verdict } from "../policy/verdict.ts";

/** Internal keys of injected policy inputs. A client can name none of them: its aliases are renamed first. */
export const ACCESS_KEY = "_p_access";
export const OWN_KEY = "_p_own";
export const IN_ROWS_KEY = "_p_in_rows";
export const ABOUT_KEY = "_p_about";
export const READER_VARIABLE = "_p_reader";

/**
 * Where the facts about an object at a position come from.
 * `case`: its own injected access; `person`: the injected access of a person read from a register;
 * `inherit`: the object around it, at the root the constant facts of a register.
 */
export type FactsSource = "case" | "person" | "inherit";

/** An object position in the internal operation. */
export interface Position {
  /** Object type, or an abstract type when `byType` is set. */
  readonly type: string;
  /** Nothing is decided here or below: neither fields nor branches are listed. */
  readonly isPlain: boolean;
  /** Positions by concrete type, for abstract types only. */
  readonly byType: ReadonlyMap<string, Position> | null;
  readonly facts: FactsSource;
  readonly existence: Existence | null;
  /** Selections added beside what was asked: keys, policy inputs. */
  readonly injected: ReadonlySet<string>;
  /** Fields by internal key, injected ones left out. */
  readonly fields: ReadonlyMap<string, InternalField>;
}

/** When an object is there at all for the reader: when any of the verdicts permits. */
export interface Existence {
  readonly verdicts: readonly Verdict[];
  readonly own: OwnSource;
  /** Lookups and filters that reached the object: those in use must be allowed on the row, or it is absent. */
  readonly lookups: readonly Lookup[];
}

/** A filter, lookup argument or order that reads a field. */
export interface Lookup {
  readonly coordinate: Coordinate;
  readonly verdict: Verdict;
  readonly used: (variables: Readonly<Record<string, unknown>>) => boolean;
}

/** `own` of a row: `row` when the row itself says so, else known for the whole position. */
export type OwnSource = "row" | boolean;

export interface InternalField {
  readonly key: string;
  readonly coordinate: Coordinate;
  /** Null when nothing is to be decided: ids, roots, fields of value types. */
  readonly gate: Gate | null;
  readonly target: Position | null;
  /** Response names of the first selection that asks for it, list indices left out. */
  readonly responsePath: readonly string[];
  /** True when the field or one above it returns a list, so that `responsePath` is no complete error path. */
  readonly underList: boolean;
}

export interface Gate {
  readonly coordinate: Coordinate;
  readonly group: string;
  readonly verdict: Verdict;
  /** An edge to a record opens when any of these, the verdicts of the record's fields, permits. Empty for others. */
  readonly below: readonly Verdict[];
  /** All of them, each once: fields that no policy tells apart share one verdict. */
  readonly verdicts: readonly Verdict[];
  /** One of them permits whatever the row says: no row has to be looked at to pass. */
  readonly opensAlways: boolean;
  readonly own: OwnSource;
  /** For edges: `own` is read off the items, not off the object that carries the edge. */
  readonly ownOfItems: boolean;
}

/** An argument as the internal operation passes it on: a variable of its own, so no literal reaches the planner. */
export interface ArgumentSlot {
  readonly variable: string;
  /** Name of the argument. */
  readonly argument: string;
  /** Type of the variable: one that may be left out where the schema gives a value. */
  readonly type: GraphQLInputType;
  /** Coordinate of the argument, `Query.case(id:)`. */
  readonly coordinate: string;
  /** The value that the schema gives when the client gives none. */
  readonly preset: unknown;
  /** The coerced value for a request; undefined when the client left it out. */
  readonly read: (variables: Readonly<Record<string, unknown>>) => unknown;
  /** Internal key of the field that carries it: a cursor is bound to the field's other arguments. */
  readonly field: string;
}

/** An operation that is planned and run by itself; a mutation has one for each root field, run one after the other. */
export interface OperationPart {
  /** Canonical text, `query(…){…}`. */
  readonly text: string;
  /** Internal key whose null ends the whole operation, so that nothing after it runs; null when there is none. */
  readonly essential: string | null;
}

export interface InternalOperation {
  readonly kind: "query" | "mutation" | "subscription";
  /** Empty when nothing is to be fetched. */
  readonly parts: readonly OperationPart[];
  readonly root: Position;
  readonly arguments: readonly ArgumentSlot[];
  /** Connections by internal key, for their cursors. */
  readonly connections: ReadonlyMap<string, Coordinate>;
  /** Every filter, lookup and order that the operation may make use of. */
  readonly lookups: readonly Lookup[];
  /** Coordinates that may be read under an issue only; empty when the request names one. */
  readonly beyondHeader: readonly Coordinate[];
}
