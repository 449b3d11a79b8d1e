/** Small readers of SDL syntax trees: directives, their arguments, and type references. */
import {
  type ASTNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parseType,
  type TypeNode,
  type ValueNode,
} from "graphql";

interface WithDirectives {
  readonly directives?: readonly DirectiveNode[] | undefined;
}
export type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

export const ROOT_TYPES: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);
export const BUILT_IN_SCALARS: ReadonlySet<string> = new Set(["ID", "String", "Int", "Float", "Boolean"]);

/** Directives of a node of any kind. */
export const directivesOf = (node: ASTNode): readonly DirectiveNode[] =>
  "directives" in node ? (node.directives ?? []) : [];

export const directivesNamed = (node: WithDirectives, name: string): readonly DirectiveNode[] =>
  node.directives?.filter((directive) => directive.name.value === name) ?? [];

export const hasDirective = (node: WithDirectives, name: string): boolean =>
  directivesNamed(node, name).length > 0;

/** Value of a directive's argument when it is a name or a text; null when it is absent or something else. */
export function textArgument(directive: DirectiveNode, name: string): string | null {
  const value = argumentValue(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : null;
}

export function textListArgument(directive: DirectiveNode, name: string): readonly string[] {
  const value = argumentValue(directive, name);
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []));
}

/** The text argument of every use of a directive on a node: more than one use means that agencies disagree. */
export const labelsOf = (node: WithDirectives, directive: string, argument: string): readonly string[] =>
  directivesNamed(node, directive).flatMap((use) => textArgument(use, argument) ?? []);

export function isTrue(directive: DirectiveNode, name: string): boolean {
  const value = argumentValue(directive, name);
  return value?.kind === Kind.BOOLEAN && value.value;
}

export function argumentValue(directive: DirectiveNode, name: string): ValueNode | null {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value ?? null;
}

export const isObject = (node: DefinitionNode): node is ObjectNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;

export const objectsOf = (document: DocumentNode): readonly ObjectNode[] =>
  document.definitions.filter(isObject);

export const nameOf = (node: DefinitionNode): string | null =>
  "name" in node && node.name ? node.name.value : null;

export const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);

/** `[Shelter!]!` → `Shelter` */
export const namedTypeOf = (reference: string): string => namedType(parseType(reference));

export const isListNode = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isListNode(type.type));

/** Every field of a document's object types, with the name of its type. */
export const fieldsOf = (
  document: DocumentNode,
): readonly { readonly type: string; readonly field: FieldDefinitionNode }[] =>
  objectsOf(document).flatMap((node) =>
    (node.fields ?? []).map((field) => ({ type: node.name.value, field })),
  );
