/**
 * Holds a composed supergraph to the ownership manifest: ours, or one that was composed elsewhere.
 *
 * In      supergraph SDL, parsed; the manifest; the vocabulary (empty when it is not at hand).
 * Out     problems, all at once: coordinate and what is wrong.
 * Why     composition merges without asking: labels can be lost or doubled, a shared input shrinks when one agency
 *         drops a field of it, and a field can be served by whoever declares it.
 */
import { type DefinitionNode, type DocumentNode, type FieldDefinitionNode, Kind } from "graphql";
import { hasDirective, labelsOf, nameOf, type ObjectNode, objectsOf, ROOT_TYPES } from "./ast.ts";
import { difference, isKeyField, nullabilityProblems, visibilityProblems } from "./check-fields.ts";
import { formProblems } from "./check-forms.ts";
import { joinProblems } from "./check-joins.ts";
import { serversOf, subgraphNames } from "./join.ts";
import type { Manifest, ManifestField } from "./manifest.ts";
import { agencyOfSubgraph } from "./schema-folder.ts";

export function supergraphProblems(
  document: DocumentNode,
  manifest: Manifest,
  vocabulary: DocumentNode,
): readonly string[] {
  const names = subgraphNames(document);
  const objects = objectsOf(document);
  const servers = (node: ObjectNode, field: FieldDefinitionNode): readonly string[] =>
    serversOf(node, field, names).map(agencyOfSubgraph);
  const problems = objects.flatMap((node) =>
    (node.fields ?? []).flatMap((field) => coordinateProblems(node, field, servers(node, field), manifest)),
  );
  const present = new Set(
    objects.flatMap((node) => (node.fields ?? []).map((field) => `${node.name.value}.${field.name.value}`)),
  );
  const lost = [...manifest.fields.keys(), ...manifest.roots.keys()].filter((at) => !present.has(at));
  return [
    ...joinProblems(document, manifest),
    ...problems,
    ...formProblems(document, manifest),
    ...lost.map((at) => `\`${at}\` is in the manifest and not in the supergraph`),
    ...vocabularyProblems(document, vocabulary, manifest),
  ];
}

function coordinateProblems(
  node: ObjectNode,
  field: FieldDefinitionNode,
  servers: readonly string[],
  manifest: Manifest,
): readonly string[] {
  const type = node.name.value;
  const at = `${type}.${field.name.value}`;
  if (ROOT_TYPES.has(type)) return foreignServers(at, servers, [manifest.roots.get(at) ?? "nobody"]);
  if (!manifest.owned.has(type)) return [];
  if (isKeyField(type, field.name.value))
    return field.name.value === "uid" && !hasDirective(field, "inaccessible")
      ? [`\`${at}\` must be \`@inaccessible\``]
      : [];
  const entry = manifest.fields.get(at);
  if (!entry) return [`\`${at}\` is not in the ownership manifest`];
  return [
    ...foreignServers(at, servers, entry.servedBy),
    ...composedLabelProblems(field, entry),
    ...visibilityProblems(field, entry),
    ...nullabilityProblems(field, entry),
  ];
}

const foreignServers = (
  at: string,
  servers: readonly string[],
  allowed: readonly string[],
): readonly string[] =>
  servers
    .filter((agency) => !allowed.includes(agency))
    .map((agency) => `\`${at}\` is served by ${agency}; the manifest says ${allowed.join(", ")}`);

/** The owner is written only by a server that is not the owner, so that none or one is right here. */
function composedLabelProblems(field: FieldDefinitionNode, entry: ManifestField): readonly string[] {
  const owners = labelsOf(field, "owner", "agency");
  const levels = labelsOf(field, "class", "level").map((level) => level.slice(0, 2));
  return [
    ...difference(entry, "group", labelsOf(field, "group", "name"), entry.group),
    ...difference(entry, "class", levels, entry.level),
    ...(owners.length === 0 ? [] : difference(entry, "owner", owners, entry.owner)),
  ];
}

/** Shared inputs, values and code lists must come out of composition as the vocabulary has them. */
function vocabularyProblems(
  document: DocumentNode,
  vocabulary: DocumentNode,
  manifest: Manifest,
): readonly string[] {
  const composed = new Map(document.definitions.map((definition) => [nameOf(definition), definition]));
  return vocabulary.definitions.flatMap((shared) => {
    const name = nameOf(shared) ?? "";
    const found = composed.get(name);
    if (!found || manifest.owned.has(name)) return [];
    const have = new Set(membersOf(found));
    const want = new Set(membersOf(shared));
    return [
      ...[...want.difference(have)].map((member) => `\`${name}.${member}\` of the vocabulary was lost`),
      ...[...have.difference(want)].map((member) => `\`${name}.${member}\` is not in the vocabulary`),
    ];
  });
}

function membersOf(definition: DefinitionNode): readonly string[] {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (definition.fields ?? []).map(({ name }) => name.value);
    case Kind.ENUM_TYPE_DEFINITION:
      return (definition.values ?? []).map(({ name }) => name.value);
    default:
      return [];
  }
}
