/**
 * Any finished supergraph as a `Supergraph` in which nothing is decided: no groups, no owners, no policy inputs, no sealed ids.
 *
 * In      supergraph SDL of any composer.
 * Out     the schemas, the subgraphs with the URLs that the SDL names, and a field table without labels.
 * Errors  SUPERGRAPH_INVALID for text that cannot be read.
 * Why     `ihala dev`: what others measure and test us with has no ownership manifest (docs/architecture.md, "Dev mode").
 */
import { createHash } from "node:crypto";
import { type DocumentNode, Kind, parse, printSchema } from "graphql";
import type { AgencyCode, SubgraphName } from "../kernel/brands.ts";
import { directivesNamed, textArgument } from "./ast.ts";
import { coordinatesOf } from "./field-info.ts";
import { GRAPH_ENUM } from "./join.ts";
import { NO_MANIFEST } from "./manifest.ts";
import { supergraphInvalid } from "./problems.ts";
import { schemasOf } from "./schemas.ts";
import type { Supergraph } from "./supergraph.ts";

export function plainSupergraph(sdl: string): Supergraph {
  const document = parsed(sdl);
  const { fields, subgraphs } = coordinatesOf(document, NO_MANIFEST);
  const schemas = schemasOf(document);
  return Object.freeze({
    sdl,
    version: createHash("sha256").update(sdl).digest("hex"),
    ...schemas,
    publicSdl: printSchema(schemas.publicSchema),
    fields,
    subgraphs: new Map(
      [...subgraphs.keys()].map((name) => [name, { name, agency: name as string as AgencyCode }]),
    ),
    entities: new Set<string>(),
    filters: new Map(),
  });
}

/** Where the SDL says that each subgraph is; empty for those without a URL. */
export function subgraphUrls(sdl: string): ReadonlyMap<SubgraphName, string> {
  const graphs = parsed(sdl).definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === GRAPH_ENUM,
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return new Map();
  return new Map(
    (graphs.values ?? []).flatMap((value) =>
      directivesNamed(value, "join__graph").map((use) => [
        (textArgument(use, "name") ?? value.name.value.toLowerCase()) as SubgraphName,
        textArgument(use, "url") ?? "",
      ]),
    ),
  );
}

function parsed(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (cause) {
    throw supergraphInvalid([`supergraph: ${cause instanceof Error ? cause.message : "unreadable"}`], cause);
  }
}
