/** The schema of a subgraph as its service would execute it: `_entities` beside what its SDL says. */
import { buildASTSchema, type DefinitionNode, type GraphQLSchema, Kind, parse } from "graphql";

export function executableSubgraph(sdl: string): GraphQLSchema {
  const { definitions } = parse(sdl);
  const types = definitions.filter(
    ({ kind }) => kind !== Kind.SCHEMA_EXTENSION && kind !== Kind.DIRECTIVE_DEFINITION,
  );
  const entities = [...new Set(types.flatMap(entityName))];
  const machinery = parse(`
    extend type Query { _service: String ${entities.length > 0 ? "_entities(representations: [_Any!]!): [_Entity]!" : ""} }
    ${entities.length > 0 ? `scalar _Any union _Entity = ${entities.join(" | ")}` : ""}`);
  const all = merged([...parse("type Query").definitions, ...types, ...machinery.definitions]);
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions: [...all] }, { assumeValid: true });
}

const entityName = (node: DefinitionNode): readonly string[] =>
  (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) &&
  node.directives?.some(({ name }) => name.value === "key")
    ? [node.name.value]
    : [];

/** Extensions become the definitions that they extend, or definitions where there are none (Federation 1). */
function merged(definitions: readonly DefinitionNode[]): Iterable<DefinitionNode> {
  const types = new Map<string, DefinitionNode>();
  for (const node of definitions) {
    if (!("name" in node) || node.name === undefined) continue;
    const { value } = node.name;
    const known = types.get(value);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      types.set(value, node);
      continue;
    }
    const before = known?.kind === Kind.OBJECT_TYPE_DEFINITION ? known : { fields: [], interfaces: [] };
    types.set(value, {
      ...node,
      kind: Kind.OBJECT_TYPE_DEFINITION,
      fields: [...(before.fields ?? []), ...(node.fields ?? [])],
      interfaces: [...(before.interfaces ?? []), ...(node.interfaces ?? [])],
    });
  }
  return types.values();
}
