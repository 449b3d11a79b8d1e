/**
 * Writes `policies/schema.cedarschema` from the domain tables, so that policy and schema cannot drift.
 *
 * In      the domain: fields with group and class, kinds of group, masked forms, roles, purposes, bases, certificates.
 * Out     Cedar schema text. One action per field (`Person.birthDate`) and one per masked form (`Person.birthDate:year`);
 *         action groups for group × form, class, kind of data, `told` and `neverBroken`; closed vocabularies are enum
 *         entities, so that a misspelt one is an error; every attribute is required, so that no forbid can err.
 * Source  docs/decisions/0004-cedar.md
 */
import type { Domain, DomainField } from "./domain.ts";

/** The gateway's own roles, outside the matrix: they have policy files of their own and read no case. */
export const EXTRA_ROLES: readonly string[] = ["securityOfficer", "dataSubject"];
/** The row has no basis (rules §3). */
const NO_BASIS = "NONE";

const LINE_WIDTH = 100;

export function cedarSchema(domain: Domain): string {
  const types = [...new Set([...domain.fields.values()].map(({ type }) => type))];
  const sections = [...domain.groups].map(([group, holds]) => groupSection(domain, group, holds));
  return `${[header(domain, types), ...sections].join("\n\n")}\n`;
}

const fieldsOf = (domain: Domain, group: string) =>
  [...domain.fields.values()].filter((field) => field.group === group);

function header(domain: Domain, types: readonly string[]): string {
  return [
    "// Generated from the ownership manifest: groups, classes and masks. Do not edit: `npm run compose`.",
    enumEntity("Agency", domain.agencies),
    enumEntity("Role", [...domain.roles.keys(), ...EXTRA_ROLES]),
    enumEntity("Purpose", domain.purposes),
    enumEntity("Basis", [NO_BASIS, ...domain.bases]),
    enumEntity("Certificate", domain.certificates),
    "",
    "entity Reader in [Agency, Role] = {",
    '  "certificates": Set<Certificate>,',
    '  "registers": Set<Action>,',
    "};",
    "type Access = {",
    '  "caseBound": Bool, "own": Bool, "holder": Bool, "assigned": Bool, "party": Bool, "known": Bool,',
    '  "granted": Set<Action>, "consented": Set<Action>, "refused": Set<Action>,',
    '  "charged": Bool, "court": Set<Action>, "basis": Basis, "breakGlassUntil": datetime,',
    '  "child": Bool, "sealed": Bool, "officialSuspect": Bool, "staffConflict": Bool,',
    "};",
    `entity ${types.join(", ")} = { "access": Access };`,
    'type Ask = { "purpose": Purpose, "now": datetime };',
    "",
    'action "claim" appliesTo { principal: [Reader], resource: [Purpose] };',
    'action "clear", "masked", "S0", "S1", "S2", "S3", "S4", "S5", "case", "personData", "commonData", "told", "neverBroken";',
    'action "caseData" in ["case"];',
  ].join("\n");
}

const enumEntity = (name: string, ids: readonly string[]) => `entity ${name} enum [${quoted(ids)}];`;

function groupSection(domain: Domain, group: string, holds: string): string {
  const kind = domain.kindOf(group);
  const fields = fieldsOf(domain, group);
  const types = [...new Set(fields.map(({ type }) => type))];
  const never = domain.neverBroken.has(group) ? ', "neverBroken"' : "";
  const told = group === "CASE_HEADER" ? "" : ', "told"';
  const lines = [
    `// ${group}, ${holds}`,
    `action "${group}" in ["${kind}"];`,
    `action "${group}:clear" in ["${group}", "clear"${never}];`,
    `action "${group}:masked" in ["${group}", "masked"];`,
  ];
  if (types.length === 0) return lines.join("\n");
  lines.push(`action "${group}:aggregate"${kind === "caseData" ? ' in ["case"]' : ""} ${appliesTo(types)};`);
  if (kind === "caseData") lines.push(`action "${group}:exists" in ["case"${told}] ${appliesTo(types)};`);
  const clear = fields.map((field): Action => ({ field, name: field.coordinate, within: `${group}:clear` }));
  lines.push(...actions(fields, clear), ...actions(fields, fields.flatMap(maskedActions)));
  return lines.join("\n");
}

interface Action {
  readonly field: DomainField;
  readonly name: string;
  /** The actions of its group that it is one of. */
  readonly within: string;
}

const maskedActions = (field: DomainField): Action[] =>
  field.forms.map(({ name, inGroup }) => ({
    field,
    name: `${field.coordinate}:${name}`,
    within: inGroup ? `${field.group}:masked` : field.group,
  }));

/** One declaration per type and class, so that a diff shows which fields changed class. */
function actions(fields: readonly DomainField[], wanted: readonly Action[]): string[] {
  const inOrder = wanted.toSorted(
    ({ field: a }, { field: b }) =>
      typeOrder(fields, a) - typeOrder(fields, b) || a.level.localeCompare(b.level),
  );
  const alike = Map.groupBy(inOrder, ({ field: { type, level }, within }) => `${type} ${level} ${within}`);
  return [...alike.values()].map((same) => {
    const { field, within } = same[0]!;
    const names = wrap(same.map(({ name }) => `"${name}"`));
    // What is no part of the group's masked form is masked all the same.
    const masked = within === field.group ? ', "masked"' : "";
    return `action ${names}\n  in ["${within}"${masked}, "${field.level}"] ${appliesTo([field.type])};`;
  });
}

const typeOrder = (fields: readonly DomainField[], { type }: DomainField) =>
  fields.findIndex((field) => field.type === type);

const appliesTo = (types: readonly string[]) =>
  `appliesTo { principal: [Reader], resource: [${types.join(", ")}], context: Ask }`;

const quoted = (ids: readonly string[]) => ids.map((id) => `"${id}"`).join(", ");

function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length + 2 < LINE_WIDTH - 8)
      lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines.join(",\n  ");
}
