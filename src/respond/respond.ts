/**
 * Assembles the reply: data, the faults of agencies as localised errors, and what was withheld.
 *
 * Rule    an agency's fault shows its code and the agency, nothing that the agency said. Without faults and without
 *         withheld fields neither `errors` nor `extensions` appears, so hidden and absent answers are byte for byte equal.
 */

import type { Fault } from "../execute/run.ts";
import type { SubgraphName } from "../kernel/brands.ts";
import { type Locale, localise } from "../kernel/messages.ts";
import type { Projected } from "./project.ts";

export interface ReplyParts {
  readonly projected: Pick<Projected, "data" | "withheld">;
  readonly faults: readonly Fault[];
  /** The agency behind a subgraph, as errors name it. */
  readonly agencyOf: (subgraph: SubgraphName) => string;
  readonly locale: Locale;
}

/** The whole body as JSON text. */
export function respond({ projected, faults, agencyOf, locale }: ReplyParts): string {
  const parts = [`"data":${projected.data}`];
  if (faults.length > 0) {
    parts.push(
      `"errors":${JSON.stringify(faults.map((fault) => errorOf(fault, agencyOf(fault.subgraph), locale)))}`,
    );
  }
  if (projected.withheld.length > 0) {
    parts.push(`"extensions":${JSON.stringify({ withheld: projected.withheld })}`);
  }
  return `{${parts.join(",")}}`;
}

function errorOf({ code, path }: Fault, agency: string, locale: Locale): object {
  const message = localise({ code, message: code, detail: { agency } }, locale);
  return { message, ...(path ? { path } : {}), extensions: { code, agency } };
}
