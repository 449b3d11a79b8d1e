/**
 * Takes out of a document what no reader may name: everything `@inaccessible` or `@policyInput`.
 *
 * In      type definitions with canonical directive names.
 * Out     the same without hidden types, fields, arguments, input fields and enum values, and without the mentions of
 *         hidden types in `implements` and unions; and problems where something visible needs something hidden.
 * Rule    a type is hidden when any definition or extension of it is.
 * Source  https://specs.apollo.dev/inaccessible/v0.2
 */
import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NamedTypeNode,
  visit,
} from "graphql";
import { BUILT_IN_SCALARS, hasDirective, namedType } from "./ast.ts";
import { coordinateNodes } from "./positions.ts";

const HIDING = ["inaccessible", "policyInput"];

export interface Visible {
  readonly document: DocumentNode;
  readonly problems: readonly string[];
}

export function visibleDocument(document: DocumentNode): Visible {
  const hidden = new Set(
    document.definitions.filter(isHidden).flatMap((definition) => typeName(definition) ?? []),
  );
  const visible: DocumentNode = visit(document, {
    enter(node) {
      if (isHidden(node) || hidden.has(typeName(node) ?? "")) return null;
      if ("interfaces" in node || node.kind === Kind.UNION_TYPE_DEFINITION) return withoutTypes(node, hidden);
      if (node.kind === Kind.SCHEMA_DEFINITION)
        return {
          ...node,
          operationTypes: node.operationTypes.filter(({ type }) => !hidden.has(type.name.value)),
        };
      return undefined;
    },
  });
  return {
    document: visible,
    problems: [...danglingProblems(visible, hidden), ...requiredProblems(document)],
  };
}

const isHidden = (node: ASTNode): boolean =>
  "directives" in node && HIDING.some((directive) => hasDirective(node, directive));

const typeName = (node: ASTNode): string | null =>
  isTypeDefinitionNode(node as DefinitionNode) || isTypeExtensionNode(node as DefinitionNode)
    ? (node as { readonly name: { readonly value: string } }).name.value
    : null;

function withoutTypes<Node extends ASTNode>(node: Node, hidden: ReadonlySet<string>): Node {
  const left = (types: readonly NamedTypeNode[] | undefined) =>
    types?.filter(({ name }) => !hidden.has(name.value)) ?? [];
  return {
    ...node,
    ...("interfaces" in node && { interfaces: left(node.interfaces) }),
    ...("types" in node && { types: left(node.types) }),
  };
}

/** References to types that are not there: hidden ones, or such as nobody defines. */
function danglingProblems(visible: DocumentNode, hidden: ReadonlySet<string>): readonly string[] {
  const defined = new Set(visible.definitions.map(typeName));
  return [...coordinateNodes(visible)].flatMap(([at, nodes]) =>
    nodes.flatMap((node) => {
      if (!("type" in node) || !node.type || Array.isArray(node.type)) return [];
      const type = namedType(node.type as NamedTypeNode);
      if (defined.has(type) || BUILT_IN_SCALARS.has(type)) return [];
      return [
        hidden.has(type)
          ? `\`${at}\` is visible and its type \`${type}\` is hidden; hide both or neither`
          : `\`${at}\`: its type \`${type}\` is defined nowhere`,
      ];
    }),
  );
}

/** A hidden argument or input field that must be given: nobody could ask. */
function requiredProblems(document: DocumentNode): readonly string[] {
  const nodes = coordinateNodes(document);
  const hiddenWith = (at: string): boolean => nodes.get(at)?.some(isHidden) ?? false;
  return [...nodes].flatMap(([at, [node]]) => {
    if (node?.kind !== Kind.INPUT_VALUE_DEFINITION || !isHidden(node) || !isRequired(node)) return [];
    const [type = "", field = ""] = at.split("(")[0]?.split(".") ?? [];
    if (hiddenWith(type) || (at.includes("(") && hiddenWith(`${type}.${field}`))) return [];
    return [`\`${at}\` is hidden and must be given; make it nullable, or give it a default`];
  });
}

const isRequired = ({ type, defaultValue }: InputValueDefinitionNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined;
