/**
 * Assembles the reply: data, the faults of agencies as localised errors, and what was withheld.
 *
 * Rule    an error shows its code and the agency, nothing that the agency said. A fetch that failed is told once; an error of a field at
 *         its place in the answer, and only if that place is shown. Without errors and without withheld fields neither `errors` nor
 *         `extensions` appears, so hidden and absent answers are byte for byte equal.
 */
import type { MissingValues } from "../execute/missing.ts";
import type { Fault } from "../execute/run.ts";
import type { Coordinate, SubgraphName } from "../kernel/brands.ts";
import type { ErrorCode } from "../kernel/errors.ts";
import { type Locale, localise } from "../kernel/messages.ts";
import type { Projected } from "./project.ts";
import type { Trouble } from "./sheet.ts";

export interface ReplyParts {
  readonly projected: Pick<Projected, "data" | "withheld" | "troubles">;
  readonly faults: readonly Fault[];
  readonly missing: MissingValues;
  readonly agencies: Agencies;
  readonly locale: Locale;
}

/** Agencies as errors name them. */
export interface Agencies {
  readonly ofSubgraph: (subgraph: SubgraphName) => string;
  readonly ofField: (field: Coordinate | null) => string;
}

type ErrorPath = readonly (string | number)[] | null;

/** The whole body as JSON text. */
export function respond({ projected, faults, missing, agencies, locale }: ReplyParts): string {
  const { data, withheld, troubles } = projected;
  if (faults.length === 0 && troubles.length === 0 && withheld.length === 0 && missing.size === 0)
    return `{"data":${data}}`;
  const write = (code: ErrorCode, path: ErrorPath, agency: string): object => ({
    message: localise({ code, message: code, detail: { agency } }, locale),
    ...(path ? { path } : {}),
    extensions: { code, agency },
  });
  const errors = [
    ...faults.map(({ code, path, subgraph }) => write(code, path, agencies.ofSubgraph(subgraph))),
    ...troubles.flatMap((trouble) => {
      if (trouble.isTold) return [];
      const agency = trouble.fault
        ? agencies.ofSubgraph(trouble.fault.subgraph)
        : agencies.ofField(trouble.coordinate);
      return [write(trouble.fault?.code ?? "AGENCY_BAD_REPLY", pathOf(trouble), agency)];
    }),
  ];
  const parts = [`"data":${data}`];
  if (errors.length > 0) parts.push(`"errors":${JSON.stringify(errors)}`);
  if (withheld.length > 0) parts.push(`"extensions":${JSON.stringify({ withheld })}`);
  return `{${parts.join(",")}}`;
}

const pathOf = ({ path, tail }: Trouble): ErrorPath => [...path.toReversed(), ...tail];
