/** What is wrong with a policies folder, and where: for a list on a terminal as for squiggles in an editor. */
import { GatewayError } from "../kernel/errors.ts";
import { lineAndColumn } from "./policy-text.ts";

export interface Place {
  /** Relative to the policies folder, with `/`. */
  readonly file: string;
  /** Both counted from one; columns count characters, also in Arabic text. */
  readonly line: number;
  readonly column: number;
}

export interface PolicyProblem {
  /** Null for what concerns the folder as a whole. */
  readonly place: Place | null;
  readonly message: string;
}

export function placeIn(
  { file, text }: { readonly file: string; readonly text: string },
  offset: number,
): Place {
  return { file, ...lineAndColumn(text, offset) };
}

export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** `file:line:column: message`, which editors and terminals can follow. */
export const problemText = ({ place, message }: PolicyProblem): string =>
  place ? `${placeText(place)}: ${message}` : message;

/** `file:line: message`, or `file:line:column: message`, as data again; the name of a file holds no colon. */
export function placedProblem(text: string): PlacedProblem {
  const [, file = null, line, column, message] = /^([^:\n]+):(\d+):(?:(\d+):)? ([\s\S]*)$/.exec(text) ?? [];
  return {
    file,
    line: line === undefined ? null : Number(line),
    column: column === undefined ? null : Number(column),
    message: message ?? text,
  };
}

export interface PlacedProblem {
  readonly file: string | null;
  readonly line: number | null;
  /** Null where a line as a whole is meant. */
  readonly column: number | null;
  readonly message: string;
}

/** In the order of files and lines; what has no place comes first. */
export function inOrder(problems: readonly PolicyProblem[]): PolicyProblem[] {
  return problems.toSorted(({ place: a }, { place: b }) => {
    if (!a || !b) return Number(a !== null) - Number(b !== null);
    return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
  });
}

export const policyInvalid = (problems: readonly PolicyProblem[]): GatewayError =>
  new GatewayError("POLICY_INVALID", `the policies are not valid: ${problems.length} problem(s)`, {
    problems: problems.map(problemText),
  });

/** One problem of the folder as a whole. */
export const folderInvalid = (message: string): GatewayError => policyInvalid([{ place: null, message }]);
