/**
 * Reads a YAML file that officers write, and says where it is wrong.
 *
 * Out     data in the shape that was asked for, with the place of every part of it; or every problem with its place.
 */
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { Place, PolicyProblem } from "./problem.ts";

export type Path = readonly (string | number)[];

export interface YamlData<T> {
  readonly data: T;
  readonly placeOf: (path: Path) => Place;
}

type Yaml<T> = YamlData<T> | { readonly problems: readonly PolicyProblem[] };

export function readYaml<T>(file: string, text: string, shape: z.ZodType<T>): Yaml<T> {
  try {
    return read(file, text, shape);
  } catch (error) {
    // Aliases that multiply, or brackets within brackets without end: what is read is bounded there.
    const message = `cannot be read: ${(error as Error).message}`;
    return { problems: [{ place: { file, line: 1, column: 1 }, message }] };
  }
}

function read<T>(file: string, text: string, shape: z.ZodType<T>): Yaml<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const placeOf = (path: Path) => at(rangeOf(document.getIn(path, true)));
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({
      place: at(pos[0]),
      message: message.replace(/ at line \d+, column \d+:[\s\S]*$/, ""),
    }));
    return { problems };
  }
  const parsed = shape.safeParse(document.toJS());
  if (parsed.success) return { data: parsed.data, placeOf };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    place: placeOf(path as Path),
    message: path.length > 0 ? `\`${path.join(".")}\`: ${message}` : message,
  }));
  return { problems };
}

const rangeOf = (node: unknown): number =>
  (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0;
