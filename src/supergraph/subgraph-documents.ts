/**
 * Completes an agency's document: its own types, the directives and link header, and what it uses of the vocabulary.
 *
 * In      the schema folder. An agency's file holds its own types only.
 * Out     one document per subgraph that composes and runs by itself; definitions in the order own, header, vocabulary.
 * Rule    the vocabulary is appended, not repeated, so that no agency can shrink an input or reword a code list
 *         (docs/decisions/0003-federated-schema.md).
 * Errors  problems name file, line, column and what to do: syntax, a name nobody defines.
 */
import {
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type NamedTypeNode,
  parse,
  print,
  Source,
  visit,
} from "graphql";
import { BUILT_IN_SCALARS, nameOf } from "./ast.ts";
import { placeOf, syntaxProblem } from "./positions.ts";
import { supergraphInvalid } from "./problems.ts";
import { readSchemaFolder, type SchemaFolder, type SubgraphFile } from "./schema-folder.ts";

export interface SubgraphDocument {
  readonly file: string;
  readonly name: string;
  readonly agency: string;
  /** What the agency's file says. */
  readonly own: DocumentNode;
  /** The same with header and vocabulary. */
  readonly complete: DocumentNode;
}

export interface SubgraphDocuments {
  readonly documents: readonly SubgraphDocument[];
  readonly vocabulary: DocumentNode;
  readonly directives: DocumentNode;
  readonly problems: readonly string[];
}

const EMPTY: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

export function subgraphDocuments(folder: SchemaFolder): SubgraphDocuments {
  const problems: string[] = [];
  const read = (file: string, text: string): DocumentNode => {
    if (text.trim() === "") return EMPTY;
    try {
      return parse(new Source(text, file));
    } catch (error) {
      problems.push(syntaxProblem(file, error));
      return EMPTY;
    }
  };
  const vocabulary = read("vocabulary.graphql", folder.vocabulary);
  const directives = read("directives.graphql", folder.directives);
  const shared = { directives, vocabulary: byName(vocabulary) };
  const documents = folder.subgraphs.map((file) =>
    complete(file, read(file.file, file.text), shared, problems),
  );
  return { documents, vocabulary, directives, problems };
}

/** Complete SDL of one subgraph: what the ledger, the sandbox and tests serve. */
export async function subgraphSdl(schemaDir: string, name: string): Promise<string> {
  const { documents, problems } = subgraphDocuments(await readSchemaFolder(schemaDir));
  const document = documents.find((candidate) => candidate.name === name);
  if (problems.length > 0 || !document)
    throw supergraphInvalid(
      problems.length > 0 ? problems : [`${schemaDir}: no document of subgraph \`${name}\``],
    );
  return print(document.complete);
}

interface Shared {
  readonly directives: DocumentNode;
  readonly vocabulary: ReadonlyMap<string, DefinitionNode>;
}

function complete(
  { file, name, agency }: SubgraphFile,
  own: DocumentNode,
  { directives, vocabulary }: Shared,
  problems: string[],
): SubgraphDocument {
  const definitions = [...own.definitions, ...directives.definitions];
  const defined = new Set(definitions.map(nameOf));
  // `definitions` grows while it is walked: what is appended may use more of the vocabulary.
  for (const definition of definitions) {
    for (const [used, node] of typeNames(definition)) {
      if (defined.has(used) || BUILT_IN_SCALARS.has(used)) continue;
      defined.add(used);
      const shared = vocabulary.get(used);
      if (shared) definitions.push(shared);
      else
        problems.push(
          `${placeOf(node) ?? file}: \`${used}\` is used and defined nowhere; define it here or in vocabulary.graphql`,
        );
    }
  }
  return { file, name, agency, own, complete: { kind: Kind.DOCUMENT, definitions } };
}

/** Types that a definition uses, and where first. */
function typeNames(definition: DefinitionNode): ReadonlyMap<string, NamedTypeNode> {
  const names = new Map<string, NamedTypeNode>();
  visit(definition, {
    NamedType: (node) => void (names.has(node.name.value) || names.set(node.name.value, node)),
  });
  return names;
}

const byName = (document: DocumentNode): ReadonlyMap<string, DefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) => {
      const name = nameOf(definition);
      return name === null ? [] : [[name, definition] as const];
    }),
  );
