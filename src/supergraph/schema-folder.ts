/**
 * Reads the schema folder.
 *
 * In      `<agency>.graphql` and `<agency>.<part>.graphql`, `vocabulary.graphql`, `directives.graphql`; a composed
 *         `supergraph.graphql` may be there, or be all there is.
 * Out     their texts; subgraph `epc_spine` of agency EPC comes from `epc.spine.graphql`, in the order of file names.
 * Errors  SUPERGRAPH_INVALID when the folder holds neither subgraphs nor a supergraph.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { supergraphInvalid } from "./problems.ts";

export interface SubgraphFile {
  /** File name, for messages: `epc.spine.graphql`. */
  readonly file: string;
  /** `epc_spine` */
  readonly name: string;
  /** `EPC`; `GW` for the gateway's own. */
  readonly agency: string;
  readonly text: string;
}

export interface SchemaFolder {
  readonly subgraphs: readonly SubgraphFile[];
  readonly vocabulary: string;
  readonly directives: string;
  readonly supergraph: string | null;
  /** SHA-256 over everything that is composed; what a supergraph says it was composed from. */
  readonly source: string;
}

const EXTENSION = ".graphql";
const SHARED: ReadonlySet<string> = new Set(["vocabulary", "directives", "supergraph"]);

export async function readSchemaFolder(schemaDir: string): Promise<SchemaFolder> {
  const files = (await readdir(schemaDir)).filter((file) => file.endsWith(EXTENSION)).toSorted();
  const texts = new Map(
    await Promise.all(
      files.map(
        async (file) =>
          [file.slice(0, -EXTENSION.length), await readFile(join(schemaDir, file), "utf8")] as const,
      ),
    ),
  );
  const subgraphs = [...texts].flatMap(([stem, text]) =>
    SHARED.has(stem) ? [] : [subgraphFile(stem, text)],
  );
  if (subgraphs.length === 0 && !texts.has("supergraph"))
    throw supergraphInvalid([`${schemaDir}: neither subgraph documents nor supergraph.graphql`]);
  return {
    subgraphs,
    vocabulary: texts.get("vocabulary") ?? "",
    directives: texts.get("directives") ?? "",
    supergraph: texts.get("supergraph") ?? null,
    source: sourceHash(texts),
  };
}

export const agencyOfSubgraph = (name: string): string => (name.split("_")[0] ?? name).toUpperCase();

function subgraphFile(stem: string, text: string): SubgraphFile {
  const name = stem.replaceAll(".", "_");
  return { file: `${stem}${EXTENSION}`, name, agency: agencyOfSubgraph(name), text };
}

function sourceHash(texts: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const [stem, text] of texts) if (stem !== "supergraph") hash.update(`${stem}\0${text}\0`);
  return hash.digest("hex");
}
