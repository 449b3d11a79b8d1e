/** Whether an answer may carry a tag: nothing was decided, nobody is spoken of, and nothing went wrong. */
import type { Execution } from "../execute/execute.ts";
import type { Plan } from "../plan/plan.ts";
import type { Projected } from "./project.ts";

export function isPublic(
  { projection: { root } }: Plan,
  { faults }: Execution,
  projected: Projected,
): boolean {
  const isPlain =
    !("position" in root) || root.fields.every(({ kind }) => kind === "plain" || kind === "typename");
  return isPlain && faults.length === 0 && projected.troubles.length === 0;
}
