/**
 * Checks one field's labels and type, and a type's key, against the manifest. Used for agency documents and for the
 * composed supergraph alike.
 */
import { type FieldDefinitionNode, Kind, type TypeNode } from "graphql";
import { directivesNamed, hasDirective, labelsOf, type ObjectNode, textArgument } from "./ast.ts";
import type { ManifestField } from "./manifest.ts";

/** Only the gateway's own document may leave a field to be computed. */
const GATEWAY = "GW";

const AGENCY_KEY: ReadonlySet<string> = new Set(["address", "code"]);

/** Fields that identify a row and nothing else: `uid`; an agency's are its public address and code. */
export const isKeyField = (type: string, field: string): boolean =>
  field === "uid" || (type === "Agency" && AGENCY_KEY.has(field));

export function fieldProblems(
  field: FieldDefinitionNode,
  entry: ManifestField,
  agency: string,
): readonly string[] {
  const at = entry.coordinate;
  const problems = [...labelProblems(field, entry, agency), ...nullabilityProblems(field, entry)];
  if (hasDirective(field, "computed") && agency !== GATEWAY)
    problems.push(`\`${at}\`: only the gateway computes fields; remove \`@computed\``);
  return problems;
}

/** Group, class, owner and visibility, each exactly as the manifest has it: none missing, none twice. */
export function labelProblems(
  field: FieldDefinitionNode,
  entry: ManifestField,
  agency: string,
): readonly string[] {
  const foreignOwner = entry.owner !== agency && entry.owner !== GATEWAY ? entry.owner : null;
  const levels = labelsOf(field, "class", "level").map((level) => level.slice(0, 2));
  return [
    ...difference(entry, "group", labelsOf(field, "group", "name"), entry.group),
    ...difference(entry, "class", levels, entry.level),
    ...difference(entry, "owner", labelsOf(field, "owner", "agency"), foreignOwner),
    ...visibilityProblems(field, entry),
  ];
}

export function visibilityProblems(field: FieldDefinitionNode, entry: ManifestField): readonly string[] {
  const hidden = ["policyInput", "inaccessible"].filter(
    (directive) => hasDirective(field, directive) !== entry.policyInput,
  );
  return hidden.map((directive) =>
    entry.policyInput
      ? `\`${entry.coordinate}\` exists to decide others; add \`@${directive}\``
      : `\`${entry.coordinate}\` is for readers; remove \`@${directive}\``,
  );
}

export function difference(
  { coordinate }: ManifestField,
  directive: string,
  found: readonly string[],
  expected: string | null,
): readonly string[] {
  if (found.length <= 1 && (found[0] ?? null) === expected) return [];
  const written = found.length === 0 ? "none" : found.map((label) => `\`${label}\``).join(" and ");
  return [
    `\`${coordinate}\`: \`@${directive}\` is ${written}, the manifest says ${expected === null ? "none" : `\`${expected}\``}`,
  ];
}

/** A denied non-null would null its parent, and an agency that is down the whole case. */
export function nullabilityProblems({ type }: FieldDefinitionNode, entry: ManifestField): readonly string[] {
  if (entry.group === null) return [];
  if (type.kind === Kind.NON_NULL_TYPE)
    return [`\`${entry.coordinate}\` has a group and must be nullable; remove the \`!\``];
  return hasNullableItems(type)
    ? [`\`${entry.coordinate}\`: items of a list are never null; write \`[T!]\``]
    : [];
}

const hasNullableItems = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE && type.type.kind !== Kind.NON_NULL_TYPE;

/** Fields of a value are decided where the value is returned: a label there would be read by nobody. */
export const valueFieldProblems = (type: string, field: FieldDefinitionNode): readonly string[] =>
  labelsOn(field).map(
    (label) =>
      `\`${type}.${field.name.value}\` is part of a value, decided where it is returned; remove \`${label}\``,
  );

/** What an agency only reads is labelled by the agency that serves it. */
export const externalFieldProblems = (at: string, field: FieldDefinitionNode): readonly string[] =>
  labelsOn(field).map((label) => `\`${at}\` is another's; remove \`${label}\``);

const labelsOn = (field: FieldDefinitionNode): readonly string[] =>
  ["group", "class", "owner", "policyInput", "inaccessible", "computed"]
    .filter((directive) => hasDirective(field, directive))
    .map((directive) => `@${directive}`);

/** The one key of every identified type: known to the gateway and the ledger, and translated for everybody else. */
export const keyOf = (type: string): string => (type === "Agency" ? "address code" : "uid");

export function keyProblems(node: ObjectNode): readonly string[] {
  const type = node.name.value;
  const keys = directivesNamed(node, "key").map((key) => textArgument(key, "fields") ?? "");
  const uid = node.fields?.find(({ name }) => name.value === "uid");
  const expected = keyOf(type);
  const problems: string[] = [];
  if (keys.some((key) => key !== expected))
    problems.push(`\`${type}\`: the one key is \`${expected}\`; no number of an agency is a federation key`);
  if (uid && keys.length === 0)
    problems.push(`\`${type}\` has a \`uid\` and no \`@key(fields: "uid")\`; add it`);
  if (uid && !(hasDirective(uid, "inaccessible") && isNonNullId(uid.type)))
    problems.push(`\`${type}.uid\` must be \`ID! @inaccessible\``);
  return problems;
}

const isNonNullId = (type: TypeNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE && type.type.kind === Kind.NAMED_TYPE && type.type.name.value === "ID";
