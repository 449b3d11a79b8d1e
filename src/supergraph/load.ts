/**
 * Loads the schema folder into the `Supergraph` that every stage reads. Also tells what is wrong with it.
 *
 * In      a schema folder: agency documents with vocabulary and manifest, or a finished `supergraph.graphql` alone.
 * Out     an immutable `Supergraph`. The composed file is used when it says that it was composed from exactly these
 *         documents; otherwise they are composed anew, so that a stale file is never planned against.
 * Errors  SUPERGRAPH_INVALID with every problem found: syntax, manifest, composition, labels, filters, keys.
 * Cost    about 0.15 s, with composition 0.5 s; at start-up and on a change only.
 */
import { createHash } from "node:crypto";
import { type DocumentNode, parse, printSchema } from "graphql";
import { GatewayError } from "../kernel/errors.ts";
import { subgraphProblems } from "./check-subgraphs.ts";
import { supergraphProblems } from "./check-supergraph.ts";
import { compose, sourceLine } from "./compose.ts";
import { coordinatesOf, filterProblems } from "./field-info.ts";
import { loadOwnKeys, ownKeyProblems } from "./keys.ts";
import { loadManifest, type Manifest } from "./manifest.ts";
import { supergraphInvalid } from "./problems.ts";
import { readSchemaFolder, type SchemaFolder } from "./schema-folder.ts";
import { schemasOf } from "./schemas.ts";
import { type SubgraphDocuments, subgraphDocuments } from "./subgraph-documents.ts";
import type { Supergraph } from "./supergraph.ts";

export async function loadSupergraph(schemaDir: string): Promise<Supergraph> {
  const [folder, manifest] = await Promise.all([readSchemaFolder(schemaDir), loadManifest(schemaDir)]);
  const parts = subgraphDocuments(folder);
  if (folder.subgraphs.length === 0)
    return buildSupergraph(folder.supergraph ?? "", manifest, parts.vocabulary);

  const problems = [
    ...parts.problems,
    ...subgraphProblems(parts, manifest),
    ...ownKeyProblems(parts.documents, await loadOwnKeys(schemaDir)),
  ];
  if (problems.length > 0) throw supergraphInvalid(problems);
  return buildSupergraph(composedSdl(folder, parts), manifest, parts.vocabulary);
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

function composedSdl(folder: SchemaFolder, parts: SubgraphDocuments): string {
  const line = sourceLine(folder.source);
  if (folder.supergraph?.startsWith(line)) return folder.supergraph;
  const { sdl, problems } = compose(parts.documents);
  if (sdl === null) throw supergraphInvalid(problems);
  return `${line}${sdl}\n`;
}

/** A supergraph from finished SDL, held to the manifest. */
export function buildSupergraph(sdl: string, manifest: Manifest, vocabulary: DocumentNode): Supergraph {
  const document = parseSupergraph(sdl);
  const coordinates = coordinatesOf(document, manifest);
  const problems = [...supergraphProblems(document, manifest, vocabulary), ...filterProblems(coordinates)];
  if (problems.length > 0) throw supergraphInvalid(problems);
  const schemas = schemasOf(document);
  return Object.freeze({
    sdl,
    version: createHash("sha256").update(sdl).digest("hex"),
    ...schemas,
    publicSdl: printSchema(schemas.publicSchema),
    ...coordinates,
  });
}

function parseSupergraph(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (cause) {
    throw supergraphInvalid(
      [`supergraph.graphql: ${cause instanceof Error ? cause.message : "unreadable"}`],
      cause,
    );
  }
}
