/**
 * Errors as an answer shows them: a code, the agency, and the place if there is one.
 *
 * Rule    nothing that an agency said is shown. A fetch that failed is told once; an error of a field at its place in the answer.
 */
import type { Fault } from "../execute/run.ts";
import type { Coordinate, SubgraphName } from "../kernel/brands.ts";
import { type ErrorCode, GatewayError } from "../kernel/errors.ts";
import { type Locale, localise } from "../kernel/messages.ts";
import type { Trouble } from "./sheet.ts";

/** Agencies as errors name them. */
export interface Agencies {
  readonly ofSubgraph: (subgraph: SubgraphName) => string;
  readonly ofField: (field: Coordinate | null) => string;
}

export interface ErrorWords {
  readonly agencies: Agencies;
  readonly locale: Locale;
}

type ErrorPath = readonly (string | number)[] | null;

export const faultError = ({ code, path, subgraph }: Fault, words: ErrorWords): object =>
  errorAt(code, path, words.agencies.ofSubgraph(subgraph), words);

/** The first agency that could not be asked, as a refusal of the whole; null when all answered. */
export function faultOf(
  { faults: [fault] }: { readonly faults: readonly Fault[] },
  agencies: Agencies,
): GatewayError | null {
  if (!fault) return null;
  return new GatewayError(fault.code, "an agency was not there", {
    agency: agencies.ofSubgraph(fault.subgraph),
  });
}

/** `base` is the path to the object that the trouble's own path starts at. */
export function troubleError(
  trouble: Trouble,
  words: ErrorWords,
  base: readonly (string | number)[],
): object {
  const { fault, coordinate, path, tail } = trouble;
  const { agencies } = words;
  const agency = fault ? agencies.ofSubgraph(fault.subgraph) : agencies.ofField(coordinate);
  return errorAt(fault?.code ?? "AGENCY_BAD_REPLY", [...base, ...path.toReversed(), ...tail], agency, words);
}

const errorAt = (code: ErrorCode, path: ErrorPath, agency: string, { locale }: ErrorWords): object => ({
  message: localise({ code, message: code, detail: { agency } }, locale),
  ...(path ? { path } : {}),
  extensions: { code, agency },
});
