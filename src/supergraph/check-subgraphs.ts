/**
 * Holds every agency's document to the ownership manifest, before anything is composed.
 *
 * In      the documents as the agencies wrote them, the vocabulary, the manifest.
 * Out     problems, all at once: file, line and column, coordinate, what to do. None: the documents may be composed.
 * Rule    only listed directives (a composed `@override` on `Person.cpr` would take over every personal number), others by an
 *         explicit allowance;
 *         no foreign field, root or type; labels as in the manifest; a grouped field is nullable, so that policy can
 *         withhold it; `uid` is the one key (docs/decisions/0003-federated-schema.md).
 */
import { type DefinitionNode, type DirectiveNode, Kind } from "graphql";
import { allowanceProblem, type FieldTypes, fieldTypes, isAllowable } from "./allowances.ts";
import {
  directivesOf,
  fieldsOf,
  hasDirective,
  isObject,
  nameOf,
  type ObjectNode,
  ROOT_TYPES,
  textArgument,
} from "./ast.ts";
import {
  externalFieldProblems,
  fieldProblems,
  isKeyField,
  keyProblems,
  valueFieldProblems,
} from "./check-fields.ts";
import type { Manifest } from "./manifest.ts";
import { coordinateNodes, placeOf, placer } from "./positions.ts";
import type { SubgraphDocument, SubgraphDocuments } from "./subgraph-documents.ts";

const ALLOWED_DIRECTIVES: ReadonlySet<string> = new Set([
  "key",
  "shareable",
  "inaccessible",
  "group",
  "class",
  "owner",
  "label",
  "policyInput",
  "computed",
  "filters",
  "deprecated",
  "specifiedBy",
]);

interface Context {
  readonly vocabulary: ReadonlyMap<string | null, DefinitionNode>;
  readonly types: FieldTypes;
}

type Parts = Pick<SubgraphDocuments, "documents" | "vocabulary">;

export function subgraphProblems(parts: Parts, manifest: Manifest): readonly string[] {
  const vocabulary = new Map(
    parts.vocabulary.definitions.map((definition) => [nameOf(definition), definition]),
  );
  const types = fieldTypes(parts.documents.map(({ complete }) => complete));
  return [
    ...parts.documents.flatMap((document) => [
      ...headerProblems(document),
      ...documentProblems(document, manifest, { vocabulary, types }).map(
        placer(() => [document.own], document.file),
      ),
    ]),
    ...missing(parts.documents, manifest),
  ];
}

function documentProblems(
  document: SubgraphDocument,
  manifest: Manifest,
  { vocabulary, types }: Context,
): readonly string[] {
  const { agency, own } = document;
  return [
    ...new Set([
      ...directiveProblems(document, manifest, types),
      ...own.definitions.flatMap((definition) => {
        if (isHeader(definition)) return [];
        const name = nameOf(definition) ?? "";
        if (isObject(definition) && ROOT_TYPES.has(name)) return rootProblems(definition, agency, manifest);
        if (isObject(definition) && manifest.owned.has(name))
          return ownedTypeProblems(definition, agency, manifest);
        return valueTypeProblems(definition, agency, manifest, vocabulary);
      }),
    ]),
  ];
}

const isHeader = ({ kind }: DefinitionNode): boolean =>
  kind === Kind.SCHEMA_DEFINITION || kind === Kind.SCHEMA_EXTENSION || kind === Kind.DIRECTIVE_DEFINITION;

const headerProblems = ({ file, own }: SubgraphDocument): readonly string[] =>
  own.definitions
    .filter(isHeader)
    .map(
      (definition) =>
        `${placeOf(definition) ?? file}: holds a header or a directive definition; remove it, the loader adds them`,
    );

function directiveProblems(
  { own, agency }: SubgraphDocument,
  { allowances }: Manifest,
  types: FieldTypes,
): readonly string[] {
  const problemOf = (coordinate: string, use: DirectiveNode): string | null => {
    const directive = use.name.value;
    if (ALLOWED_DIRECTIVES.has(directive)) return null;
    if (!isAllowable(directive)) return `\`@${directive}\` is not allowed on \`${coordinate}\`; remove it`;
    const fields = textArgument(use, "fields");
    return allowanceProblem({ agency, coordinate, directive, fields }, allowances, types);
  };
  return [...coordinateNodes(own)].flatMap(([at, nodes]) =>
    nodes.flatMap(directivesOf).flatMap((use) => problemOf(at, use) ?? []),
  );
}

function rootProblems(node: ObjectNode, agency: string, manifest: Manifest): readonly string[] {
  return (node.fields ?? []).flatMap(({ name }) => {
    const at = `${node.name.value}.${name.value}`;
    const owner = manifest.roots.get(at);
    return owner === agency ? [] : [foreign(at, owner)];
  });
}

function ownedTypeProblems(node: ObjectNode, agency: string, manifest: Manifest): readonly string[] {
  const type = node.name.value;
  const fields = (node.fields ?? []).flatMap((field) => {
    if (isKeyField(type, field.name.value)) return [];
    const at = `${type}.${field.name.value}`;
    const entry = manifest.fields.get(at);
    // Declared to be read; whether it may be is decided by the allowances.
    if (hasDirective(field, "external")) return externalFieldProblems(at, field);
    if (!entry?.servedBy.includes(agency)) return [foreign(at, entry?.servedBy[0])];
    return fieldProblems(field, entry, agency);
  });
  return [...keyProblems(node), ...fields];
}

function valueTypeProblems(
  definition: DefinitionNode,
  agency: string,
  manifest: Manifest,
  vocabulary: ReadonlyMap<string | null, DefinitionNode>,
): readonly string[] {
  const name = nameOf(definition) ?? "";
  if (vocabulary.has(name))
    return [`\`${name}\` belongs to vocabulary.graphql; remove it here, the loader adds it`];
  const owner = manifest.types.get(name);
  if (owner !== agency) return [foreign(name, owner)];
  return isObject(definition)
    ? (definition.fields ?? []).flatMap((field) => valueFieldProblems(name, field))
    : [];
}

const foreign = (name: string, owner: string | undefined): string =>
  owner === undefined
    ? `\`${name}\` is not in the ownership manifest; remove it, or list it in manifest.extra.json`
    : `\`${name}\` belongs to ${owner}; remove it`;

/** What the manifest promises and nobody declares: readers of the catalogue and policies would meet a hole. */
function missing(documents: readonly SubgraphDocument[], manifest: Manifest): readonly string[] {
  const declared = new Set(
    documents.flatMap(({ agency, own }) =>
      fieldsOf(own).map(({ type, field }) => `${agency} ${type}.${field.name.value}`),
    ),
  );
  const expected = [
    ...[...manifest.fields.values()].map((entry) => [entry.coordinate, entry.servedBy[0] ?? ""] as const),
    ...manifest.roots,
  ];
  return expected.flatMap(([at, agency]) =>
    declared.has(`${agency} ${at}`) ? [] : [`\`${at}\`: no document of ${agency} declares it; add it there`],
  );
}
