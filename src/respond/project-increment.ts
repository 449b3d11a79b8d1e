/**
 * Writes what has become ready of an answer in pieces, each object through the same gates as the initial answer.
 *
 * Out     the payload's parts as text, with its own withheld entries, disclosures and refusals: they are recorded before it leaves.
 */
import type { Execution } from "../execute/execute.ts";
import type { DeferredFragment } from "../plan/deferral.ts";
import { Disclosures } from "./disclosure.ts";
import { toldObligations } from "./extensions.ts";
import type { Increment, Increments } from "./increments.ts";
import type { Projected } from "./project.ts";
import { Troubles } from "./sheet.ts";
import type { ProjectTools, Writing } from "./writing.ts";

export interface ProjectedIncrement
  extends Pick<Projected, "withheld" | "obligations" | "disclosed" | "refusals"> {
  readonly increment: Increment;
}

export function projectIncrement(
  increments: Increments,
  isReady: (fragment: DeferredFragment) => boolean,
  { rows, missing }: Execution,
  tools: ProjectTools,
): ProjectedIncrement {
  const payload: Omit<Writing, "troubles"> = {
    ...{ rows, tools },
    disclosures: new Disclosures(tools.subjects),
    withheld: new Map(),
    refusals: new Map(),
  };
  const increment = increments.deliver(isReady, (fields) => {
    const troubles = new Troubles(missing);
    const text = fields.write({ ...payload, troubles });
    if (text === undefined) troubles.settle(0);
    return { text, troubles: troubles.list(), registered: troubles.deferred() };
  });
  return {
    increment,
    withheld: [...payload.withheld.values()],
    disclosed: payload.disclosures.list(),
    obligations: toldObligations(payload),
    refusals: payload.refusals,
  };
}
