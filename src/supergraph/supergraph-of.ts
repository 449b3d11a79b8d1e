/** Puts a `Supergraph` together from a document that was read and what is known of its coordinates. */
import { createHash } from "node:crypto";
import { printSchema } from "graphql";
import type { Coordinates } from "./field-info.ts";
import { schemasOf } from "./schemas.ts";
import type { Supergraph } from "./supergraph.ts";
import type { SupergraphDocument } from "./supergraph-document.ts";

/** `place` puts positions before problems: SUPERGRAPH_INVALID when what readers may name is no schema. */
export function supergraphOf(
  { document, sdl }: SupergraphDocument,
  coordinates: Coordinates,
  place: (problem: string) => string,
): Supergraph {
  const schemas = schemasOf(document, place);
  return Object.freeze({
    sdl,
    version: createHash("sha256").update(sdl).digest("hex"),
    ...schemas,
    publicSdl: printSchema(schemas.publicSchema),
    ...coordinates,
  });
}
