/**
 * A field that names a file of an agency: a link stands in its place, and the agency's reference stays behind.
 *
 * Rule    what the reader may see of the field is decided as for any other. A mask that changes the value leaves nothing of a
 *         file, and neither does a reference that cannot be asked for: the place is null, an error in the latter case.
 * Plain   references are written as they came where nothing links them: `ihala dev`, which decides nothing.
 */
import { getNamedType } from "graphql";
import { FILE_SCALAR } from "../kernel/file-scalar.ts";
import type { LeafFieldShape } from "../plan/shape.ts";
import type { Outcome } from "../policy/verdict.ts";
import { levelOf, type Subject } from "./disclosure.ts";
import { isTransformed, type Writing } from "./writing.ts";

export const isFile = ({ type }: Pick<LeafFieldShape, "type">): boolean =>
  getNamedType(type).name === FILE_SCALAR;

/** No value of any type: written as null, and noted as an agency's fault. */
const UNUSABLE = Symbol("unusable reference");

/** What is written of the value: links, in its own form. */
export function compileFile({ field, path }: LeafFieldShape, group: string) {
  const { coordinate } = field;
  return (outcome: Outcome, value: unknown, { tools }: Writing, subject: Subject | null): unknown => {
    const link = tools.file;
    if (!link || typeof value === "symbol") return value;
    if (isTransformed(outcome)) return null;
    const shown = { group, level: levelOf(outcome), obligations: outcome.obligations };
    return linked(value, (reference) => link({ coordinate, path, reference, subject, shown }));
  };
}

/** The schema's checks leave no such field in a deployment: what is not decided is not linked. */
export const undecidedFile = (value: unknown, { tools }: Writing): unknown =>
  tools.file && value !== null && value !== undefined ? UNUSABLE : value;

function linked(value: unknown, link: (reference: string) => string | null): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((each) => linked(each, link));
  return (typeof value === "string" ? link(value) : null) ?? UNUSABLE;
}
