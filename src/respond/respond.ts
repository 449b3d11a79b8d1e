/**
 * Assembles the reply: data, the faults of agencies as localised errors, and what was withheld.
 *
 * Rule    a fetch that failed is told once; an error of a field only if its place is shown. Without errors and without withheld fields
 *         neither `errors` nor `extensions` appears, so hidden and absent answers are byte for byte equal.
 */
import type { MissingValues } from "../execute/missing.ts";
import type { Fault } from "../execute/run.ts";
import { type ErrorWords, faultError, troubleError } from "./errors.ts";
import type { Projected } from "./project.ts";

export interface ReplyParts extends ErrorWords {
  readonly projected: Pick<Projected, "data" | "withheld" | "troubles">;
  readonly faults: readonly Fault[];
  readonly missing: MissingValues;
}

/** The whole body as JSON text. */
export const respond = (parts: ReplyParts): string => `{${replyMembers(parts)}}`;

/** Its members, without braces. */
export function replyMembers({ projected, faults, missing, ...words }: ReplyParts): string {
  const { data, withheld, troubles } = projected;
  if (faults.length === 0 && troubles.length === 0 && withheld.length === 0 && missing.size === 0)
    return `"data":${data}`;
  const errors = [
    ...faults.map((fault) => faultError(fault, words)),
    ...troubles.flatMap((trouble) => (trouble.isTold ? [] : [troubleError(trouble, words, [])])),
  ];
  const parts = [`"data":${data}`];
  if (errors.length > 0) parts.push(`"errors":${JSON.stringify(errors)}`);
  if (withheld.length > 0) parts.push(`"extensions":${JSON.stringify({ withheld })}`);
  return parts.join(",");
}
