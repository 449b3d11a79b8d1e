/**
 * The two schemas of a supergraph: everything the gateway may plan, and what a document may name.
 *
 * In      supergraph SDL, parsed, with canonical directive names.
 * Out     `fullSchema`: every type and field, hidden ones included, without machinery and policy directives;
 *         `publicSchema`: the same without what is `@inaccessible` or `@policyInput`, and with `@defer`. Descriptions stay.
 * Why     the planner plans hidden fields for whoever asks: documents are validated against the public schema first.
 * Errors  SUPERGRAPH_INVALID when what is left visible is no valid schema.
 */
import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  validateSchema,
  visit,
} from "graphql";
import { nameOf } from "./ast.ts";
import { machineryOf } from "./join.ts";
import { supergraphInvalid } from "./problems.ts";
import { visibleDocument } from "./visible.ts";

/** Directives of GraphQL itself, and those that say what a question costs: the only ones a schema keeps. */
const KEPT: ReadonlySet<string> = new Set(["deprecated", "specifiedBy", "oneOf", "cost", "listSize"]);

export interface Schemas {
  readonly fullSchema: GraphQLSchema;
  readonly publicSchema: GraphQLSchema;
}

export function schemasOf(supergraph: DocumentNode, place: (problem: string) => string): Schemas {
  const invalid = (problems: readonly string[]) => supergraphInvalid(problems.map(place));
  const types = withoutMachinery(supergraph);
  const visible = visibleDocument(types);
  if (visible.problems.length > 0) throw invalid(visible.problems);
  const fullSchema = build(types);
  const publicSchema = build({ ...visible.document, definitions: [...visible.document.definitions, DEFER] });
  const problems = [
    ...validateSchema(publicSchema).map(({ message }) => `without what is hidden: ${message}`),
    ...lostDefaults(fullSchema, publicSchema),
  ];
  if (problems.length > 0) throw invalid(problems);
  return { fullSchema, publicSchema };
}

/** `@defer` as the draft of the specification has it; graphql-js 16 does not know it. */
const [DEFER] = parse(
  "directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT",
).definitions as [DefinitionNode];

/** Type definitions, and which of them are roots: a plain type may be called `Subscription`. */
function withoutMachinery(supergraph: DocumentNode): DocumentNode {
  const isMachinery = machineryOf(supergraph);
  return {
    kind: Kind.DOCUMENT,
    definitions: supergraph.definitions.filter(
      (definition) =>
        definition.kind !== Kind.SCHEMA_EXTENSION &&
        definition.kind !== Kind.DIRECTIVE_DEFINITION &&
        !isMachinery(nameOf(definition) ?? ""),
    ),
  };
}

const build = (types: DocumentNode): GraphQLSchema =>
  buildASTSchema(withoutDirectives(types), { assumeValidSDL: true });

const withoutDirectives = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Directive: (node) => (KEPT.has(node.name.value) ? undefined : null),
  });

/** Defaults that name something hidden would be dropped without a word, and the argument with another meaning left. */
function lostDefaults(full: GraphQLSchema, visible: GraphQLSchema): readonly string[] {
  const before = inputsOf(full);
  return [...inputsOf(visible)].flatMap(([at, { defaultValue }]) =>
    defaultValue === undefined && before.get(at)?.defaultValue !== undefined
      ? [`\`${at}\` is visible and its default is hidden; hide both or neither`]
      : [],
  );
}

function inputsOf(schema: GraphQLSchema): ReadonlyMap<string, GraphQLArgument | GraphQLInputField> {
  const inputs = new Map<string, GraphQLArgument | GraphQLInputField>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) inputs.set(`${type.name}.${field.name}`, field);
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields()))
        for (const argument of field.args)
          inputs.set(`${type.name}.${field.name}(${argument.name}:)`, argument);
  }
  return inputs;
}
