/**
 * Checks the tables of the ownership manifest against each other.
 *
 * In      `domain.json` and `manifest.extra.json`, and the manifest that was built of them.
 * Out     problems, all at once: what has two owners, entries about fields that are not there, masked forms that no field can
 *         have, allowances that none may have.
 * Why     tables become maps, in which a second owner would silently replace the first.
 */
import type { Domain } from "./domain.ts";
import type { Extra, Manifest } from "./manifest.ts";

const FILE = "manifest.extra.json";

export function manifestProblems(domain: Domain, extra: Extra, manifest: Manifest): readonly string[] {
  return [
    ...ownerProblems(domain, extra),
    ...Object.keys({ ...extra.served, ...extra.shared })
      .filter((at) => !manifest.fields.has(at))
      .map((at) => `\`${at}\` is served or shared and is no field of the manifest; remove it`),
    ...groupProblems(domain, extra),
    ...subjectProblems(extra),
    ...repeatedWords(extra),
    ...formProblems(domain, manifest),
    ...allowanceProblems(manifest),
  ].map((problem) => `${FILE}: ${problem}`);
}

/** Fields of the model that the schema has elsewhere. */
export const movedFields = ({ fields }: Pick<Extra, "fields">): ReadonlySet<string> =>
  new Set(Object.values(fields).flatMap(({ domain: from }) => from ?? []));

function ownerProblems(domain: Domain, extra: Extra): readonly string[] {
  const moved = movedFields(extra);
  const model = domain.fields
    .map(({ type, field, owner }) => [`${type}.${field}`, owner] as const)
    .filter(([at]) => !moved.has(at));
  const added = Object.entries(extra.fields).map(([at, { owner }]) => [at, owner] as const);
  return [...twice([...model, ...added]), ...twice(listed(extra.roots)), ...twice(listed(extra.types))].map(
    ([at, owners]) => `\`${at}\` is listed for ${owners.join(" and ")}; it has one owner`,
  );
}

type Owned = readonly (readonly [name: string, owner: string])[];

const listed = (lists: Readonly<Record<string, readonly string[]>>): Owned =>
  Object.entries(lists).flatMap(([agency, names]) => names.map((name) => [name, agency] as const));

const twice = (owned: Owned): readonly (readonly [string, readonly string[]])[] =>
  [...Map.groupBy(owned, ([name]) => name)].flatMap(([name, all]) =>
    all.length > 1 ? [[name, all.map(([, owner]) => owner)] as const] : [],
  );

/** By its cell for this group an agency knows of a case, and the group's fields are its header (rules §3, known). */
const HEADER = "CASE_HEADER";

/** A group of no kind would be decided like none (rules §2). */
function groupProblems({ groups }: Domain, { kinds, neverBroken }: Extra): readonly string[] {
  const known = new Set(groups.map(({ code }) => code));
  const listed = Object.entries(kinds).flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const));
  const kindsOf = (group: string) => listed.flatMap(([code, kind]) => (code === group ? [kind] : []));
  const unknown = [...listed.map(([code]) => code), ...neverBroken].filter((code) => !known.has(code));
  return [
    ...[...known]
      .filter((group) => kindsOf(group).length !== 1)
      .map((group) => `the group \`${group}\` is in ${andOf(kindsOf(group))} of \`kinds\`; list it once`),
    ...[...new Set(unknown)].map((code) => `\`${code}\` is no group of domain.json; remove it`),
    ...(kinds.caseData.includes(HEADER)
      ? []
      : [`\`kinds.caseData\` must list \`${HEADER}\`, by which a case exists`]),
  ];
}

const andOf = (kinds: readonly string[]): string => (kinds.length === 0 ? "none" : kinds.join(" and "));

/** A case is what its rows are about anyway. */
const subjectProblems = ({ subjects, entities }: Extra): readonly string[] =>
  subjects
    .filter((type) => !entities.includes(type) || type === "Case")
    .map((type) => `\`${type}\` cannot be a subject: it is no entity of a register; remove it`);

/** That there is no basis is a word of the procedure's. */
function repeatedWords({ bases, certificates }: Extra): readonly string[] {
  const repeated = (list: readonly string[]) => list.filter((word, at) => list.indexOf(word) !== at);
  return [...repeated(["NONE", ...bases]), ...repeated(certificates)].map(
    (word) => `\`${word}\` is listed twice; remove one`,
  );
}

/** Whether a form fits the type of its field is seen in the supergraph (`check-forms.ts`). */
function formProblems({ masks }: Domain, { forms, fields }: Manifest): readonly string[] {
  const byRows = new Set(masks.filter(({ kind }) => kind === "rows").map(({ group }) => group));
  return [...forms].flatMap(([at, names]) => {
    const group = fields.get(at)?.group;
    if (!group) return [`\`${at}\` has masked forms and is no field with a group; remove them`];
    if (byRows.has(group))
      return [`\`${at}\` has masked forms, and \`${group}\` is masked by rows; remove them`];
    return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
      (name) => `\`${at}\` has the form \`${name}\` twice; keep the first`,
    );
  });
}

function allowanceProblems({ allowances, fields, owned }: Manifest): readonly string[] {
  const isKnown = (at: string): boolean => fields.has(at) || owned.has(at);
  return allowances.flatMap(({ coordinate, inputs = [] }) => [
    ...[coordinate, ...inputs]
      .filter((at) => !isKnown(at) && !isUid(at))
      .map((at) => `\`${at}\` is in an allowance and is no field of the manifest; remove it`),
    ...[coordinate, ...inputs]
      .filter((at) => isUid(at) || fields.get(at)?.policyInput)
      .map((at) => `\`${at}\` may be told to no agency, so nothing can allow it; remove it`),
  ]);
}

/** Known to the gateway and the ledger alone. */
const isUid = (at: string): boolean => at.endsWith(".uid");
