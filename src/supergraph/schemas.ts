/**
 * The two schemas of a supergraph: everything the gateway may plan, and what a document may name.
 *
 * In      supergraph SDL, parsed.
 * Out     `fullSchema`: every type and field, hidden ones included, without machinery and policy directives;
 *         `publicSchema`: the same without what is `@inaccessible` or `@policyInput`. Descriptions stay.
 * Why     the planner plans hidden fields for whoever asks: documents are validated against the public schema first.
 */
import { type ASTNode, buildASTSchema, type DocumentNode, type GraphQLSchema, Kind, visit } from "graphql";
import { hasDirective, nameOf } from "./ast.ts";
import { isMachinery } from "./join.ts";

/** Directives of GraphQL itself: the only ones a schema keeps. */
const KEPT: ReadonlySet<string> = new Set(["deprecated", "specifiedBy", "oneOf"]);
const HIDING = ["inaccessible", "policyInput"];

export interface Schemas {
  readonly fullSchema: GraphQLSchema;
  readonly publicSchema: GraphQLSchema;
}

export function schemasOf(supergraph: DocumentNode): Schemas {
  const types: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: supergraph.definitions.filter(
      (definition) =>
        definition.kind !== Kind.SCHEMA_DEFINITION &&
        definition.kind !== Kind.DIRECTIVE_DEFINITION &&
        !isMachinery(nameOf(definition) ?? ""),
    ),
  };
  return { fullSchema: build(types), publicSchema: build(withoutHidden(types)) };
}

const build = (types: DocumentNode): GraphQLSchema =>
  buildASTSchema(withoutDirectives(types), { assumeValidSDL: true });

/** Removes hidden types, fields, arguments, input fields and enum values alike. */
const withoutHidden = (document: DocumentNode): DocumentNode =>
  visit(document, { enter: (node) => (isHidden(node) ? null : undefined) });

const isHidden = (node: ASTNode): boolean =>
  "directives" in node && HIDING.some((directive) => hasDirective(node, directive));

const withoutDirectives = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Directive: (node) => (KEPT.has(node.name.value) ? undefined : null),
  });
