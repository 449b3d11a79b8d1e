/**
 * What the classes print equals the documents of the schema folder, directives included. Descriptions are the
 * documents' own; types of the vocabulary are compared with the vocabulary.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { type ASTNode, type DefinitionNode, Kind, parse, print, visit } from "graphql";
import { describe, expect, it } from "vitest";
import { CONTENT_SUBGRAPH } from "../../ledger/content/subgraph.ts";
import { SPINE_SUBGRAPH } from "../../ledger/spine/subgraph.ts";
import { classSchema } from "../../ledger/subgraph.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

/** Not served yet: in the documents, in no class. */
const WORKFLOW = {
  spine: { Query: ["intakeQueue", "screeningWorklist", "outcomeReviews"] },
  content: {},
} as Record<string, Record<string, readonly string[]>>;

const definitionsOf = (file: string) =>
  parse(readFileSync(join(PACKAGE_ROOT, "schema", file), "utf8")).definitions;

describe.each([
  ["spine", "epc.spine.graphql", SPINE_SUBGRAPH],
  ["content", "epc.content.graphql", CONTENT_SUBGRAPH],
] as const)("the classes of the %s", (name, file, source) => {
  const printed = byName(parse(printSchemaWithDirectives(classSchema(source))).definitions);
  const own = byName(definitionsOf(file));
  const vocabulary = byName(definitionsOf("vocabulary.graphql"));

  it.each([...printed.keys()])("say of %s what the document says", (type) => {
    const stated = own.get(type) ?? vocabulary.get(type);
    expect(stated, `${type} is in no document`).toBeDefined();
    expect(plain(printed.get(type)!)).toEqual(plain(stated!, WORKFLOW[name]?.[type]));
  });

  it("leave out nothing but the workflow", () => {
    const missing = [...own.keys()].filter((type) => !printed.has(type));
    const workflow = reachedFrom(["Mutation", "Subscription"], own);
    expect(missing.filter((type) => !workflow.has(type))).toEqual([]);
  });
});

function byName(definitions: readonly DefinitionNode[]): Map<string, DefinitionNode> {
  return new Map(
    definitions.flatMap((node) =>
      "name" in node && node.name && node.kind !== Kind.DIRECTIVE_DEFINITION
        ? [[node.name.value, node] as const]
        : [],
    ),
  );
}

/** Without descriptions, with fields, values, arguments and directives in one order. Code lists are the vocabulary's. */
function plain(node: DefinitionNode, without: readonly string[] = []): string {
  const sorted = <Item extends ASTNode>(items: readonly Item[] = []) =>
    items.toSorted((a, b) => (print(a) < print(b) ? -1 : 1));
  const isCodeList = node.kind === Kind.ENUM_TYPE_DEFINITION;
  return print(
    visit(node, {
      enter: (child) => {
        if (child.kind === Kind.FIELD_DEFINITION && without.includes(child.name.value)) return null;
        if (isCodeList && child.kind === Kind.DIRECTIVE) return null;
        return "description" in child ? { ...child, description: undefined } : undefined;
      },
      leave: (child) => ({
        ...child,
        ...("fields" in child ? { fields: sorted<ASTNode>(child.fields) } : {}),
        ...("values" in child && isCodeList ? { values: sorted<ASTNode>(child.values) } : {}),
        ...("arguments" in child ? { arguments: sorted<ASTNode>(child.arguments) } : {}),
        ...("directives" in child ? { directives: sorted<ASTNode>(child.directives) } : {}),
      }),
    }) as ASTNode,
  );
}

function reachedFrom(
  roots: readonly string[],
  definitions: ReadonlyMap<string, DefinitionNode>,
): Set<string> {
  const reached = new Set(roots);
  for (const name of reached) {
    const node = definitions.get(name);
    if (node) visit(node, { NamedType: ({ name: { value } }) => void reached.add(value) });
  }
  return reached;
}
