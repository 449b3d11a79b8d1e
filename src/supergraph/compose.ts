/**
 * Composes subgraph documents into one Federation 2 supergraph.
 *
 * In      complete subgraph documents, parsed with locations.
 * Out     supergraph SDL, or the composer's errors, one line each, with the position in the agency's document. URLs in it
 *         are placeholders: where an agency is comes from the configuration only.
 * Cost    about 0.3 s for the national schema.
 */
import { type CompositionResult, composeServices } from "@theguild/federation-composition";
import { type DocumentNode, GraphQLError, parse } from "graphql";
import { subgraphProblems } from "./check-subgraphs.ts";
import { compositionHints } from "./hints.ts";
import { loadManifest } from "./manifest.ts";
import { placeOf, placer, withPlaces } from "./positions.ts";
import { supergraphInvalid } from "./problems.ts";
import { readSchemaFolder } from "./schema-folder.ts";
import { type SubgraphDocuments, subgraphDocuments } from "./subgraph-documents.ts";

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
  const result = composed(documents);
  const problems = result.errors?.map((error) => composerProblem(error, documents)) ?? [];
  return { sdl: problems.length === 0 && result.supergraphSdl ? result.supergraphSdl : null, problems };
}

function composed(documents: readonly Part[]): CompositionResult {
  try {
    return composeServices(
      documents.map(({ name, complete }) => ({ name, url: `subgraph:${name}`, typeDefs: complete })),
    );
  } catch (error) {
    // It throws at the first thing of another kind than it expects: `scalar Query`.
    if (!(error instanceof Error)) throw error;
    return { errors: [new GraphQLError(error.message, { originalError: error })] };
  }
}

/** The composer's nodes when it gives any; else what its message names, in the documents that it names. */
function composerProblem({ message, nodes, extensions }: GraphQLError, documents: readonly Part[]): string {
  const problem = `composition: ${message.replace(/\s+/g, " ")}`;
  const places = nodes?.flatMap((node) => placeOf(node) ?? []) ?? [];
  if (places.length > 0) return withPlaces(problem, places);
  const named = documents.filter(
    ({ name }) => extensions["subgraphName"] === name || message.includes(`"${name}"`),
  );
  return placer(() => (named.length > 0 ? named : documents).map(({ complete }) => complete))(problem);
}

/** First line of a composed file: how `load.ts` knows whether the documents have changed since. */
export const sourceLine = (source: string): string => `# Composed by \`npm run compose\` from ${source}\n`;

export interface ComposedFolder {
  /** The text of `supergraph.graphql`. */
  readonly text: string;
  readonly hints: readonly string[];
}

/** Composes a schema folder. SUPERGRAPH_INVALID with every problem of documents, manifest and composition. */
export async function composeSubgraphs(schemaDir: string): Promise<ComposedFolder> {
  const folder = await readSchemaFolder(schemaDir);
  const parts = subgraphDocuments(folder);
  const sdl = composedSdl(parts, subgraphProblems(parts, await loadManifest(schemaDir)));
  const hints = compositionHints(parts.documents, parse(sdl, { noLocation: true }));
  return { text: `${sourceLine(folder.source)}${sdl}\n`, hints };
}

/** SUPERGRAPH_INVALID with these problems and the composer's, if it can be asked: not of documents that are no GraphQL. */
export function composedSdl(
  { problems: unreadable, documents }: Pick<SubgraphDocuments, "problems" | "documents">,
  found: readonly string[],
): string {
  const { sdl, problems } = unreadable.length > 0 ? { sdl: null, problems: [] } : compose(documents);
  const all = [...unreadable, ...found, ...problems];
  if (sdl === null || all.length > 0) throw supergraphInvalid(all);
  return sdl;
}
