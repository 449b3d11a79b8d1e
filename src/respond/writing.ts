/** What is carried along while an answer with decisions is written, and how a refusal is noted and written. */
import { type GraphQLOutputType, isListType, isNonNullType } from "graphql";
import type { Execution } from "../execute/execute.ts";
import type { Data } from "../execute/run.ts";
import type { Coordinate } from "../kernel/brands.ts";
import type { FieldShape, ObjectFieldShape, ObjectShape } from "../plan/shape.ts";
import type { Facts, MaskName, Outcome } from "../policy/verdict.ts";
import type { DisclosedGroup, Disclosures, Subject } from "./disclosure.ts";
import type { Troubles } from "./sheet.ts";

export interface WithheldEntry {
  readonly path: readonly string[];
  readonly reason: string | null;
}

/** A reference to a file of an agency, about to be shown. */
export interface ShownFile {
  readonly coordinate: Coordinate;
  /** Response names from the root to the field. */
  readonly path: readonly string[];
  readonly reference: string;
  /** Whom the file is about. */
  readonly subject: Pick<Subject, "type" | "uid"> | null;
  readonly shown: DisclosedGroup;
}

/** What stands in the answer for a file; null when the reference is none that can be asked for. */
export type FileTool = (shown: ShownFile) => string | null;

export interface ProjectTools {
  /** Instant of the answer, milliseconds since the epoch. */
  readonly now: number;
  /** Types that disclosures are about when no case is around them. */
  readonly subjects: ReadonlySet<string>;
  readonly sealId: (type: string, uid: string) => string;
  /** Seals a cursor for the connection at an internal key. */
  readonly sealCursor: (cursor: string, connection: string) => string;
  readonly mask: (name: MaskName, value: unknown) => unknown;
  /** References to files are shown as they came when left out, as in development. */
  readonly file?: FileTool;
  /** Results of introspection fields by response key. */
  readonly introspection: Readonly<Record<string, unknown>>;
}

export interface Writing {
  readonly troubles: Troubles;
  readonly rows: Execution["rows"];
  readonly tools: ProjectTools;
  readonly disclosures: Disclosures;
  readonly withheld: Map<string, WithheldEntry>;
  readonly refusals: Map<string, number>;
}

/** Writes one field of an object; undefined for a null that must propagate. */
export type FieldWriter = (
  object: Data,
  facts: Facts,
  subject: Subject | null,
  writing: Writing,
) => string | undefined;

/** The shape of the type that an object says it has. */
export function shapeFor({ shapes }: ObjectFieldShape, object: Data): ObjectShape | undefined {
  if (shapes.size === 1) return shapes.values().next().value;
  return shapes.get(String(object["__typename"]));
}

export function refuse(shape: FieldShape, outcome: Outcome, writing: Writing): string {
  count(writing, outcome);
  if (outcome.effect === "HIDE") return hiddenText(shape.type);
  const key = shape.path.join("\0");
  if (!writing.withheld.has(key))
    writing.withheld.set(key, { path: shape.path, reason: outcome.shownReason });
  return "null";
}

export function count({ refusals }: Writing, { reason }: Outcome): void {
  const key = reason ?? "none";
  refusals.set(key, (refusals.get(key) ?? 0) + 1);
}

export const hiddenText = (type: GraphQLOutputType): string =>
  isListType(isNonNullType(type) ? type.ofType : type) ? "[]" : "null";

export const isShown = ({ effect }: Outcome): boolean => effect === "ALLOW" || effect === "MASK";

/** A form of the value is shown; other masks leave it as it is. */
export const isTransformed = ({ effect, mask }: Outcome): boolean =>
  effect === "MASK" && mask !== null && mask !== "keep" && mask !== "rows";

export function masked(outcome: Outcome, value: unknown, { tools }: Writing): unknown {
  if (!isTransformed(outcome) || typeof value === "symbol") return value;
  const mask = outcome.mask as MaskName;
  return tools.mask(mask, value);
}

export const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);
