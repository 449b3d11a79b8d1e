/**
 * Compares the SDL that decorated classes print with a document of `schema/`: definitions, fields, arguments, defaults,
 * nullability and directives. Fields come in any order. Descriptions are the document's alone, and so is `@filters`, which
 * concerns the gateway and no resolver.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import {
  type ASTNode,
  type DefinitionNode,
  type DirectiveNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from "graphql";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

type Definitions = Readonly<Record<string, string>>;

/** Own definitions of a subgraph's document by name, in normal form. */
export const documentSdl = (file: string): Definitions =>
  normal(parse(readFileSync(join(PACKAGE_ROOT, "schema", file), "utf8")).definitions);

export const printedSdl = (schema: GraphQLSchema): Definitions =>
  normal(parse(printSchemaWithDirectives(schema)).definitions);

export function only(definitions: Definitions, names: readonly string[]): Definitions {
  return Object.fromEntries(names.flatMap((name) => (definitions[name] ? [[name, definitions[name]]] : [])));
}

function normal(definitions: readonly DefinitionNode[]): Definitions {
  return Object.fromEntries(
    definitions.flatMap((node) => ("name" in node && node.name ? [[node.name.value, text(node)]] : [])),
  );
}

function text(node: DefinitionNode): string {
  return print(
    visit(node, {
      enter(inner: ASTNode) {
        return {
          ...inner,
          ...("description" in inner ? { description: undefined } : {}),
          ...("directives" in inner ? { directives: sorted(comparedOf(inner)) } : {}),
          ...(hasFields(inner) ? { fields: byName(inner.fields) } : {}),
          ...(inner.kind === Kind.FIELD_DEFINITION ? { arguments: sorted(inner.arguments) } : {}),
        };
      },
    }),
  );
}

/** Classes carry no directive of a code. */
const comparedOf = (node: ASTNode & { readonly directives?: readonly DirectiveNode[] }) =>
  node.kind === Kind.ENUM_VALUE_DEFINITION
    ? []
    : node.directives?.filter(({ name }) => name.value !== "filters");

const hasFields = (node: ASTNode): node is ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION;

const byName = (nodes: readonly (FieldDefinitionNode | InputValueDefinitionNode)[] | undefined) =>
  nodes?.toSorted((a, b) => a.name.value.localeCompare(b.name.value));

const sorted = <Node extends ASTNode>(nodes: readonly Node[] | undefined) =>
  nodes?.toSorted((a, b) => print(a).localeCompare(print(b)));
