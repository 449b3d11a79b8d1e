/**
 * Compares two answers as GraphQL allows them to differ: not at all in data, the order of keys included; in errors only
 * where a null has propagated, for there the specification leaves free which of several errors below is reported.
 */

export interface AnswerError {
  readonly path?: readonly (string | number)[] | undefined;
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[] | undefined;
}

export interface Comparable {
  readonly data: unknown;
  /** Places, sorted: where a null is, whichever error below brought it there; then it is there once. */
  readonly errors: readonly string[];
}

export function comparable({ data, errors = [] }: Answer): Comparable {
  const own: string[] = [];
  const propagated = new Set<string>();
  for (const { path } of errors) {
    const at = path && nulledAt(data, path);
    if (path && at && at.length < path.length) propagated.add(JSON.stringify(at));
    else own.push(JSON.stringify(path ?? "no path"));
  }
  return {
    data: data === undefined ? null : JSON.parse(JSON.stringify(data)),
    errors: [...own, ...propagated].sort(),
  };
}

/** The shortest prefix of a path at which the data is null; the path itself when there is none. */
function nulledAt(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let value = data;
  for (const [i, key] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, i);
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return path;
}

/** Both as text; equal text, equal answers. */
export const comparableText = (answer: Answer): string => JSON.stringify(comparable(answer), null, 1);
