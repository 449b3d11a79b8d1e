/**
 * Assembles the reply: data, the faults of agencies as localised errors, what was withheld and what is owed.
 *
 * Rule    a fetch that failed is told once; an error of a field only if its place is shown. Members that would be empty do not appear, so
 *         that hidden and absent answers are byte for byte equal.
 */
import type { Fault } from "../execute/run.ts";
import { type ErrorWords, faultError, troubleError } from "./errors.ts";
import { extensionsText } from "./extensions.ts";
import type { Projected } from "./project.ts";

export interface ReplyParts extends ErrorWords {
  readonly projected: Pick<Projected, "data" | "withheld" | "obligations" | "troubles">;
  readonly faults: readonly Fault[];
}

/** The whole body as JSON text. */
export const respond = (parts: ReplyParts): string => `{${replyMembers(parts)}}`;

/** Its members, without braces. */
export function replyMembers({ projected, faults, ...words }: ReplyParts): string {
  const { data, troubles } = projected;
  const errors = [
    ...faults.map((fault) => faultError(fault, words)),
    ...troubles.flatMap((trouble) => (trouble.isTold ? [] : [troubleError(trouble, words, [])])),
  ];
  const extensions = extensionsText(projected);
  const parts = [`"data":${data}`];
  if (errors.length > 0) parts.push(`"errors":${JSON.stringify(errors)}`);
  if (extensions) parts.push(extensions);
  return parts.join(",");
}
