/**
 * Loads the schema folder into the `Supergraph` that every stage reads. Also tells what is wrong with it.
 *
 * In      a schema folder: agency documents with vocabulary and manifest, or a finished `supergraph.graphql` alone.
 * Out     an immutable `Supergraph`. The composed file is used when it says that it was composed from exactly these
 *         documents; otherwise they are composed anew, so that a stale file is never planned against.
 * Errors  SUPERGRAPH_INVALID with every problem found: syntax, manifest, composition, labels, filters, keys.
 * Cost    about 0.15 s, with composition 0.5 s; at start-up and on a change only.
 */
import { type DocumentNode, parse } from "graphql";
import { GatewayError } from "../kernel/errors.ts";
import { subgraphProblems } from "./check-subgraphs.ts";
import { supergraphProblems } from "./check-supergraph.ts";
import { composedSdl, sourceLine } from "./compose.ts";
import { coordinatesOf, filterProblems } from "./field-info.ts";
import { compositionHints } from "./hints.ts";
import { loadOwnKeys, ownKeyProblems } from "./keys.ts";
import { loadManifest, type Manifest } from "./manifest.ts";
import { placer } from "./positions.ts";
import { supergraphInvalid } from "./problems.ts";
import { readSchemaFolder } from "./schema-folder.ts";
import { subgraphDocuments } from "./subgraph-documents.ts";
import type { Supergraph } from "./supergraph.ts";
import { readSupergraph, supergraphPlacer } from "./supergraph-document.ts";
import { supergraphOf } from "./supergraph-of.ts";

export interface LoadedSchema {
  readonly supergraph: Supergraph;
  /** What composition changed without an error; none for a supergraph that was composed elsewhere. */
  readonly hints: readonly string[];
}

export const loadSupergraph = async (schemaDir: string): Promise<Supergraph> =>
  (await loadSchema(schemaDir)).supergraph;

export async function loadSchema(schemaDir: string): Promise<LoadedSchema> {
  const [folder, manifest] = await Promise.all([readSchemaFolder(schemaDir), loadManifest(schemaDir)]);
  const parts = subgraphDocuments(folder);
  const { documents, vocabulary } = parts;
  if (folder.subgraphs.length === 0) {
    const sdl = folder.supergraph ?? "";
    const place = supergraphPlacer(sdl);
    return { supergraph: buildSupergraph(sdl, { manifest, vocabulary, place }), hints: [] };
  }
  const problems = [
    ...subgraphProblems(parts, manifest),
    ...ownKeyProblems(documents, await loadOwnKeys(schemaDir)),
  ];
  const isFresh = folder.supergraph?.startsWith(sourceLine(folder.source)) && problems.length === 0;
  const sdl =
    (isFresh && folder.supergraph) || `${sourceLine(folder.source)}${composedSdl(parts, problems)}\n`;
  const place = placer(() => [...documents.map(({ own }) => own), vocabulary], "supergraph");
  return {
    supergraph: buildSupergraph(sdl, { manifest, vocabulary, place }),
    hints: compositionHints(documents, parse(sdl, { noLocation: true })),
  };
}

/** Everything that is wrong with a schema folder, one line each; empty when it can be used. */
export async function describeSupergraphProblems(schemaDir: string): Promise<readonly string[]> {
  try {
    await loadSupergraph(schemaDir);
    return [];
  } catch (error) {
    if (error instanceof GatewayError && error.code === "SUPERGRAPH_INVALID")
      return error.detail.problems ?? [];
    throw error;
  }
}

interface Held {
  readonly manifest: Manifest;
  readonly vocabulary: DocumentNode;
  /** Puts positions before problems: in agencies' documents when there are any, else in the supergraph. */
  readonly place: (problem: string) => string;
}

/** A supergraph from finished SDL, held to the manifest. */
function buildSupergraph(sdl: string, { manifest, vocabulary, place }: Held): Supergraph {
  const read = readSupergraph(sdl);
  const coordinates = coordinatesOf(read.document, manifest);
  const problems = [
    ...supergraphProblems(read.document, manifest, vocabulary),
    ...filterProblems(coordinates),
  ];
  if (problems.length > 0) throw supergraphInvalid(problems.map(place));
  return supergraphOf(read, coordinates, place);
}
