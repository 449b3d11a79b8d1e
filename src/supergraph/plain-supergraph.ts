/**
 * Any finished supergraph as a `Supergraph` in which nothing is decided: no groups, no owners, no sealed ids.
 *
 * In      supergraph SDL of any composer, Federation 2.0 to 2.9.
 * Out     the schemas, without what is `@inaccessible` or `@policyInput`; the subgraphs; a field table without labels.
 * Errors  SUPERGRAPH_INVALID for text that cannot be read, and for what could not be honoured (`features.ts`).
 * Why     `ihala dev`: what others measure and test us with has no ownership manifest (docs/architecture.md, "Dev mode").
 */
import type { AgencyCode, SubgraphName } from "../kernel/brands.ts";
import { coordinatesOf } from "./field-info.ts";
import { graphsOf } from "./join.ts";
import { NO_MANIFEST } from "./manifest.ts";
import type { Supergraph } from "./supergraph.ts";
import { readSupergraph, supergraphPlacer } from "./supergraph-document.ts";
import { supergraphOf } from "./supergraph-of.ts";

export function plainSupergraph(sdl: string): Supergraph {
  const read = readSupergraph(sdl);
  const { fields, subgraphs } = coordinatesOf(read.document, NO_MANIFEST);
  const coordinates = {
    fields,
    subgraphs: new Map(
      [...subgraphs.keys()].map((name) => [name, { name, agency: name as string as AgencyCode }]),
    ),
    entities: new Set<string>(),
    subjects: new Set<string>(),
    filters: new Map(),
  };
  return supergraphOf(read, coordinates, supergraphPlacer(sdl));
}

/** Where the SDL says that each subgraph is; empty for those without a URL. */
export const subgraphUrls = (sdl: string): ReadonlyMap<SubgraphName, string> =>
  new Map(graphsOf(readSupergraph(sdl).document).map(({ name, url }) => [name, url]));
