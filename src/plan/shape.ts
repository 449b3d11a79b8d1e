/**
 * What the caller asked for, as projection will write it: response keys in the order requested, each tied to the
 * internal field it is read from, or settled at planning time.
 */
import type { DocumentNode, GraphQLOutputType } from "graphql";
import type { Outcome } from "../policy/verdict.ts";
import type { ObjectDeferral, Uses } from "./deferral.ts";
import type { Gate, InternalField, Position } from "./internal-operation.ts";
import type { PlainSelection } from "./plain-selection.ts";

export interface ObjectShape {
  readonly position: Position;
  readonly fields: readonly FieldShape[];
  /** For edges of a connection: the field whose absent node removes the whole edge. */
  readonly node: ObjectFieldShape | null;
  /** For connections: the edges, whether asked for or not. A page without one is written as an empty page. */
  readonly edges: ObjectFieldShape | null;
  /** Null in operations that defer nothing. */
  readonly deferral: ObjectDeferral | null;
}

interface AnyFieldShape {
  readonly responseKey: string;
  /** Response names from the root, without list indices: what `extensions.withheld` names. */
  readonly path: readonly string[];
  readonly type: GraphQLOutputType;
  /** Who selects it; null in operations that defer nothing. */
  readonly uses: Uses | null;
}

/** A scalar or enum, or a list of them. */
export interface LeafFieldShape extends AnyFieldShape {
  readonly kind: "leaf";
  readonly field: InternalField;
  /** A cursor: sealed on its way out, bound to the arguments of the connection at this internal key. */
  readonly cursorOf: string | null;
}

export interface ObjectFieldShape extends AnyFieldShape {
  readonly kind: "object";
  readonly field: InternalField;
  /** One shape for each object type that can stand here. */
  readonly shapes: ReadonlyMap<string, ObjectShape>;
}

/** An object below which nothing is decided: shown as it came. */
export interface PlainFieldShape extends AnyFieldShape {
  readonly kind: "plain";
  readonly field: InternalField;
  readonly selection: PlainSelection;
}

/** `id`: the object's uid, sealed for the reader. */
export interface IdFieldShape extends AnyFieldShape {
  readonly kind: "id";
}

/** `Case.stage`: computed from the tracks that the reader may see. */
export interface StageFieldShape extends AnyFieldShape {
  readonly kind: "stage";
  readonly gate: Gate;
  readonly inputs: readonly InternalField[];
  /** Gates that a track must pass beyond its own field, by input key: any of them opens it. */
  readonly tracks: ReadonlyMap<string, readonly Gate[]>;
}

export interface TypenameFieldShape extends AnyFieldShape {
  readonly kind: "typename";
}

/** `__schema` and `__type`: answered beside the plan. */
export interface IntrospectionFieldShape extends AnyFieldShape {
  readonly kind: "introspection";
}

/** Refused for every row, so nothing was planned for it. */
export interface WithheldFieldShape extends AnyFieldShape {
  readonly kind: "withheld";
  /** Told or hidden: settled for a root, decided by the row's facts for others. */
  readonly refusal: Outcome | Gate;
  /** A hidden connection is written as an empty one, in the shape that was asked for; null for other fields. */
  readonly connection: ObjectFieldShape | null;
}

export type FieldShape =
  | LeafFieldShape
  | ObjectFieldShape
  | PlainFieldShape
  | IdFieldShape
  | StageFieldShape
  | TypenameFieldShape
  | IntrospectionFieldShape
  | WithheldFieldShape;

export interface Projection {
  /** The whole answer is plain when nothing is decided from the root on. */
  readonly root: ObjectShape | PlainSelection;
  readonly introspection: DocumentNode | null;
}
