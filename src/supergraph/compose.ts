/**
 * Composes subgraph documents into one Federation 2 supergraph.
 *
 * In      complete subgraph documents.
 * Out     supergraph SDL, or the composer's errors, one line each. URLs in it are placeholders: where an agency is
 *         comes from the configuration only.
 * Cost    about 0.3 s for the national schema.
 */
import { composeServices } from "@theguild/federation-composition";
import type { DocumentNode } from "graphql";
import { subgraphProblems } from "./check-subgraphs.ts";
import { loadManifest } from "./manifest.ts";
import { supergraphInvalid } from "./problems.ts";
import { readSchemaFolder } from "./schema-folder.ts";
import { subgraphDocuments } from "./subgraph-documents.ts";

export interface Composition {
  /** Null when there are problems. */
  readonly sdl: string | null;
  readonly problems: readonly string[];
}

interface Part {
  readonly name: string;
  readonly complete: DocumentNode;
}

export function compose(documents: readonly Part[]): Composition {
  const result = composeServices(
    documents.map(({ name, complete }) => ({ name, url: `subgraph:${name}`, typeDefs: complete })),
  );
  const problems = result.errors?.map(({ message }) => `composition: ${message.replace(/\s+/g, " ")}`) ?? [];
  return { sdl: problems.length === 0 && result.supergraphSdl ? result.supergraphSdl : null, problems };
}

/** First line of a composed file: how `load.ts` knows whether the documents have changed since. */
export const sourceLine = (source: string): string => `# Composed by \`npm run compose\` from ${source}\n`;

/**
 * The text of `supergraph.graphql` for a schema folder. Throws SUPERGRAPH_INVALID with every problem of documents,
 * manifest and composition.
 */
export async function composeSubgraphs(schemaDir: string): Promise<string> {
  const folder = await readSchemaFolder(schemaDir);
  const parts = subgraphDocuments(folder);
  const before = [...parts.problems, ...subgraphProblems(parts, await loadManifest(schemaDir))];
  const { sdl, problems } = before.length > 0 ? { sdl: null, problems: [] } : compose(parts.documents);
  if (sdl === null) throw supergraphInvalid([...before, ...problems]);
  return `${sourceLine(folder.source)}${sdl}\n`;
}
