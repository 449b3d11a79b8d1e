/**
 * Reads a finished supergraph, from any composer, and refuses it when the gateway could not keep what it promises.
 *
 * In      supergraph SDL: Federation 2.0 to 2.9, elements of features under any name.
 * Out     the document with canonical names, and its text: the given one, letter by letter, when nothing was renamed.
 * Errors  SUPERGRAPH_INVALID with every problem and its position in the text.
 */
import { type DocumentNode, parse, print, Source } from "graphql";
import { canonical } from "./canonical.ts";
import { featureProblems } from "./features.ts";
import { placer, syntaxProblem } from "./positions.ts";
import { supergraphInvalid } from "./problems.ts";

const FILE = "supergraph.graphql";

export interface SupergraphDocument {
  readonly document: DocumentNode;
  /** What is planned against: the planner knows canonical names only. */
  readonly sdl: string;
}

export function readSupergraph(sdl: string): SupergraphDocument {
  const given = parseSupergraph(sdl, { noLocation: true });
  const { document, problems } = canonical(given);
  const all = [...problems, ...featureProblems(document)];
  if (all.length > 0) throw supergraphInvalid(all.map(supergraphPlacer(sdl)));
  return { document, sdl: document === given ? sdl : `${print(document)}\n` };
}

/** Puts positions in a supergraph's text before problems. It is read anew: a document kept for long has no positions. */
export const supergraphPlacer = (sdl: string): ((problem: string) => string) =>
  placer(() => [parseSupergraph(sdl, { noLocation: false })], "supergraph");

function parseSupergraph(sdl: string, options: { readonly noLocation: boolean }): DocumentNode {
  try {
    return parse(new Source(sdl, FILE), options);
  } catch (cause) {
    throw supergraphInvalid([syntaxProblem(FILE, cause)], cause);
  }
}
