/**
 * Where things are in SDL, so that a problem can be jumped to.
 *
 * In      documents parsed with locations, each from a `Source` named after its file; problems that name coordinates
 *         as ours and the composer's do.
 * Out     `ppo.graphql:12:3: …` before a problem: file, line and column, both from 1, of the name of the first thing it
 *         mentions that the documents hold; where else that is, behind it. A problem without a place stays as it is.
 * Source  coordinates as in the GraphQL specification: `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`.
 */
import { type ASTNode, type DocumentNode, GraphQLError, getLocation, Kind } from "graphql";

type Nodes = ReadonlyMap<string, readonly ASTNode[]>;
/** Places beside the first that are written out. */
const MAX_ALSO = 4;
/** A coordinate in quotes, one with a dot anywhere, or the name after `type`. */
const MENTIONED =
  /(["`])([A-Za-z_]\w*(?:\.\w+(?:\(\w+:\))?)?)\1|\b([A-Za-z_]\w*\.\w+(?:\(\w+:\))?)|\btype ([A-Za-z_]\w*)/g;

/** Every definition and extension of every coordinate, in the order of the document. */
export function coordinateNodes(document: DocumentNode): Nodes {
  const found = new Map<string, ASTNode[]>();
  const add = (at: string, node: ASTNode): void => {
    const nodes = found.get(at);
    if (nodes) nodes.push(node);
    else found.set(at, [node]);
  };
  for (const definition of document.definitions) {
    if (!("name" in definition && definition.name) || definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const type = definition.name.value;
    add(type, definition);
    if ("values" in definition)
      for (const value of definition.values ?? []) add(`${type}.${value.name.value}`, value);
    if (!("fields" in definition)) continue;
    for (const field of definition.fields ?? []) {
      const at = `${type}.${field.name.value}`;
      add(at, field);
      if ("arguments" in field)
        for (const argument of field.arguments ?? []) add(`${at}(${argument.name.value}:)`, argument);
    }
  }
  return found;
}

/** Null for a node that was parsed without location, or made by code. */
export function placeOf(node: ASTNode): string | null {
  const name = "name" in node && typeof node.name === "object" && node.kind !== Kind.DIRECTIVE && node.name;
  const loc = (name ? name.loc : null) ?? node.loc;
  if (!loc) return null;
  const { line, column } = getLocation(loc.source, loc.start);
  return `${loc.source.name}:${line}:${column}`;
}

/**
 * Puts places before problems; what has none gets the other prefix, if any. The documents are read and walked once, at
 * the first problem.
 */
export function placer(
  documents: () => readonly DocumentNode[],
  otherwise: string | null = null,
): (problem: string) => string {
  let nodes: readonly Nodes[] | null = null;
  return (problem) => {
    nodes ??= documents().map(coordinateNodes);
    for (const [, , quoted, dotted, type] of problem.matchAll(MENTIONED)) {
      const mentioned = quoted ?? dotted ?? type ?? "";
      const places = nodes.flatMap((index) =>
        (index.get(mentioned) ?? []).flatMap((node) => placeOf(node) ?? []),
      );
      if (places.length > 0) return withPlaces(problem, places);
    }
    return otherwise === null ? problem : `${otherwise}: ${problem}`;
  };
}

export function withPlaces(problem: string, places: readonly string[]): string {
  const [first, ...others] = new Set(places);
  if (first === undefined) return problem;
  const more = others.length > MAX_ALSO ? ` and ${others.length - MAX_ALSO} more` : "";
  const also = others.length === 0 ? "" : ` (also ${others.slice(0, MAX_ALSO).join(", ")}${more})`;
  return `${first}: ${problem}${also}`;
}

/** What a parser says, with the place: the position is in the error, not in a node. */
export function syntaxProblem(file: string, error: unknown): string {
  if (!(error instanceof GraphQLError)) return `${file}: ${String(error)}`;
  const at = error.locations?.[0];
  return `${file}${at ? `:${at.line}:${at.column}` : ""}: ${error.message}`;
}
