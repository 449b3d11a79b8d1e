/**
 * What the stages know about each coordinate, from the composed document and the manifest.
 *
 * In      supergraph SDL, parsed and already held to the manifest.
 * Out     `FieldInfo` of every field of every object type; what each argument, input field or order filters by; entities.
 * Rule    labels come from the manifest, never from SDL; a field in neither table has no group and no owner.
 */
import { type DirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from "graphql";
import { type AgencyCode, type Coordinate, coordinate, type SubgraphName } from "../kernel/brands.ts";
import {
  directivesNamed,
  hasDirective,
  isListNode,
  namedType,
  type ObjectNode,
  objectsOf,
  textArgument,
  textListArgument,
} from "./ast.ts";
import { serversOf, subgraphNames } from "./join.ts";
import type { Manifest } from "./manifest.ts";
import { rowType } from "./row-type.ts";
import { agencyOfSubgraph } from "./schema-folder.ts";
import type { FieldInfo, SubgraphInfo } from "./supergraph.ts";

const GATEWAY = "GW";

export interface Coordinates {
  readonly fields: ReadonlyMap<Coordinate, FieldInfo>;
  readonly filters: ReadonlyMap<string, Coordinate>;
  readonly entities: ReadonlySet<string>;
  readonly subjects: ReadonlySet<string>;
  readonly subgraphs: ReadonlyMap<SubgraphName, SubgraphInfo>;
}

export function coordinatesOf(document: DocumentNode, manifest: Manifest): Coordinates {
  const names = subgraphNames(document);
  const objects = objectsOf(document);
  const composites = new Set([
    ...objects.map((node) => node.name.value),
    ...document.definitions.flatMap((node) =>
      node.kind === Kind.UNION_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? [node.name.value]
        : [],
    ),
  ]);
  const infos = objects.flatMap((node) =>
    (node.fields ?? []).map((field) => fieldInfo(node, field, { names, composites, manifest })),
  );
  return {
    fields: new Map(infos.map((info) => [info.coordinate, info])),
    filters: filtersOf(document),
    entities: new Set(objects.filter(hasUid).map((node) => node.name.value)),
    subjects: manifest.subjects,
    subgraphs: new Map([...names.values()].map((name) => [name, { name, agency: agencyOf(name) }])),
  };
}

interface Context {
  readonly names: ReadonlyMap<string, SubgraphName>;
  /** Names of types that are selected into. */
  readonly composites: ReadonlySet<string>;
  readonly manifest: Manifest;
}

function fieldInfo(node: ObjectNode, field: FieldDefinitionNode, context: Context): FieldInfo {
  const at = coordinate(node.name.value, field.name.value);
  const entry = context.manifest.fields.get(at);
  const computed = directivesNamed(field, "computed")[0];
  const returns = namedType(field.type);
  return {
    coordinate: at,
    group: entry?.group ?? null,
    level: entry?.level ?? null,
    owner: entry && entry.owner !== GATEWAY ? (entry.owner as AgencyCode) : null,
    servedBy: serversOf(node, field, context.names),
    computedFrom: computed ? textListArgument(computed, "from") : null,
    policyInput: hasDirective(field, "policyInput"),
    inaccessible: hasDirective(field, "inaccessible"),
    edge: context.composites.has(returns) ? edgeTo(at, returns, context.manifest) : null,
    isList: isListNode(field.type),
    returns,
  };
}

function edgeTo(at: Coordinate, type: string, manifest: Manifest): "entity" | "record" | "value" {
  if (manifest.recordEdges.has(at)) return "record";
  if (manifest.entities.has(type)) return "entity";
  return manifest.grouped.has(rowType(type)) && !at.startsWith("Query.") ? "record" : "value";
}

const hasUid = (node: ObjectNode): boolean => node.fields?.some(({ name }) => name.value === "uid") ?? false;

function agencyOf(subgraph: SubgraphName): AgencyCode | null {
  const agency = agencyOfSubgraph(subgraph);
  return agency === GATEWAY ? null : (agency as AgencyCode);
}

/** `Query.case(nrmNumber:)`, `CaseFilter.owner`, `CaseOrder.OPENED_AT_DESC` → the field that is read. */
function filtersOf(document: DocumentNode): ReadonlyMap<string, Coordinate> {
  const filters = new Map<string, Coordinate>();
  const add = (at: string, node: { readonly directives?: readonly DirectiveNode[] | undefined }) => {
    const by = directivesNamed(node, "filters")[0];
    const target = by && textArgument(by, "by");
    if (target) filters.set(at, target as Coordinate);
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION)
      for (const field of node.fields ?? [])
        for (const argument of field.arguments ?? [])
          add(`${node.name.value}.${field.name.value}(${argument.name.value}:)`, argument);
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const field of node.fields ?? []) add(`${node.name.value}.${field.name.value}`, field);
    if (node.kind === Kind.ENUM_TYPE_DEFINITION)
      for (const value of node.values ?? []) add(`${node.name.value}.${value.name.value}`, value);
  }
  return filters;
}

/** Filters that name no field: a misspelt one would let anybody filter. */
export const filterProblems = ({ filters, fields }: Coordinates): readonly string[] =>
  [...filters].flatMap(([at, by]) =>
    fields.has(by) ? [] : [`\`${at}\` filters by \`${by}\`, which is no field`],
  );
