/**
 * Tells what composition changed without an error: agencies that say different things about the same.
 *
 * In      the documents that were composed, and the supergraph.
 * Out     one line for each difference, with its position: an argument, an input field or a code that not all declare and
 *         that is therefore gone; a type that came out wider; a description that lost to another.
 * Why     the composer gives errors only, and merges the rest silently.
 */
import { type ASTNode, type DocumentNode, Kind, print, type TypeNode } from "graphql";
import { coordinateNodes, placeOf, withPlaces } from "./positions.ts";

interface Part {
  readonly name: string;
  readonly complete: DocumentNode;
}

export function compositionHints(parts: readonly Part[], supergraph: DocumentNode): readonly string[] {
  const composed = coordinateNodes(supergraph);
  const declared = parts.map(({ name, complete }) => ({ name, nodes: coordinateNodes(complete) }));
  const hints = declared.flatMap(({ name, nodes }) =>
    [...nodes].flatMap(([at, [node]]) => {
      if (!node) return [];
      const [left] = composed.get(at) ?? [];
      const without = () => declared.filter((other) => other.nodes.has(parentOf(at)) && !other.nodes.has(at));
      const hint = left ? difference(at, node, left) : lost(at, node, without);
      return hint === null ? [] : [withPlaces(hint, [placeOf(node) ?? name])];
    }),
  );
  return [...new Set(hints)];
}

/** `Query.users` of `Query.users(sort:)`, `Way` of `Way.UP`. */
const parentOf = (at: string): string => at.replace(/\(.*$|\.[^.(]*$/, "");

function lost(at: string, node: ASTNode, without: () => readonly { readonly name: string }[]): string | null {
  if (node.kind !== Kind.INPUT_VALUE_DEFINITION && node.kind !== Kind.ENUM_VALUE_DEFINITION) return null;
  const names = without().map(({ name }) => name);
  const why = names.length > 0 ? `, because \`${parentOf(at)}\` is without it in ${names.join(", ")}` : "";
  return `\`${at}\` is not in the supergraph${why}`;
}

function difference(at: string, here: ASTNode, composed: ASTNode): string | null {
  const [type, became] = [typeText(here), typeText(composed)];
  if (type !== became) return `\`${at}\` is \`${type}\` here and \`${became}\` in the supergraph`;
  const [text, other] = [description(here), description(composed)];
  return text !== null && text !== other
    ? `\`${at}\` is described otherwise in the supergraph, by a document before`
    : null;
}

const typeText = (node: ASTNode): string | null =>
  node.kind === Kind.FIELD_DEFINITION || node.kind === Kind.INPUT_VALUE_DEFINITION
    ? print(node.type as TypeNode)
    : null;

const description = (node: ASTNode): string | null =>
  "description" in node ? (node.description?.value ?? null) : null;
