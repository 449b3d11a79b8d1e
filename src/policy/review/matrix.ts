/**
 * The access review: what every agency, role and purpose can see, as tables.
 *
 * Out     `groups`: agency × field group, the clearest effect that any of its staff can get on any field of the group, and
 *         how often; `roles`: the same for each role; `fields`: role, purpose and certificate × field, by a case and without one.
 * Rule    complete over all situations (`visibility.ts`). Readers whom certificates do not change have one row.
 */
import type { DomainField } from "../domain.ts";
import type { PolicySet } from "../policy-set.ts";
import { REACHES } from "../prove/reach.ts";
import { readerKey } from "./merge-alike.ts";
import { type Clearest, clearest, type HowOften, type Visibility, visibilityOf } from "./visibility.ts";

export interface GroupCell {
  readonly agency: string;
  readonly group: string;
  readonly effect: Clearest["effect"];
  readonly when: HowOften;
  /** Who gets it; nobody when the group is closed. */
  readonly roles: readonly string[];
  /** How many fields of the group can be had at best in clear, masked, in tables, or not at all. */
  readonly fields: {
    readonly clear: number;
    readonly masked: number;
    readonly aggregate: number;
    readonly closed: number;
  };
}

/** The same for one role: what it can get for any of its purposes. */
export interface RoleCell extends Omit<GroupCell, "roles"> {
  readonly role: string;
}

export interface FieldCell {
  readonly agency: string;
  readonly role: string;
  readonly purpose: string;
  readonly certificates: readonly string[];
  readonly field: string;
  readonly group: string;
  readonly level: string;
  readonly inCase: Clearest;
  readonly withoutCase: Clearest;
}

export interface AccessMatrix {
  readonly version: string;
  readonly groups: readonly GroupCell[];
  readonly roles: readonly RoleCell[];
  readonly fields: readonly FieldCell[];
}

export async function accessMatrix(policySet: PolicySet): Promise<AccessMatrix> {
  const visibilities = await visibilityOf(policySet, policySet.domain.fields.values());
  const fields = fieldCells(policySet, visibilities);
  const groups = groupCells(policySet, fields);
  return { version: policySet.version, groups, roles: roleCells(policySet, fields), fields };
}

function fieldCells({ domain }: PolicySet, visibilities: readonly Visibility[]): readonly FieldCell[] {
  const cells = new Map<string, { about: Visibility; field: DomainField; ways: Map<boolean, Clearest> }>();
  for (const about of visibilities) {
    for (const field of about.fields) {
      const key = `${readerKey(about.reader)} ${field.coordinate}`;
      const cell = cells.get(key) ?? { about, field, ways: new Map() };
      cell.ways.set(about.caseBound, clearest(about.levels));
      cells.set(key, cell);
    }
  }
  const order = [...domain.fields.keys()];
  const rows = [...cells.values()].map(
    ({ about: { reader }, field, ways }): FieldCell => ({
      agency: reader.agency,
      role: reader.role,
      purpose: reader.purpose,
      certificates: [...reader.certificates],
      field: field.coordinate,
      group: field.group,
      level: field.level,
      inCase: ways.get(true)!,
      withoutCase: ways.get(false)!,
    }),
  );
  const uncertified = new Map(
    rows.filter(({ certificates }) => certificates.length === 0).map((row) => [rowKey(row), row]),
  );
  return rows
    .filter((row) => row.certificates.length === 0 || !isSame(row, uncertified.get(rowKey(row))))
    .toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}

const rowKey = ({ agency, role, purpose, field }: FieldCell) => [agency, role, purpose, field].join("|");

const isSame = (row: FieldCell, other: FieldCell | undefined): boolean =>
  JSON.stringify([row.inCase, row.withoutCase]) === JSON.stringify([other?.inCase, other?.withoutCase]);

const EFFECTS = [...REACHES, "HIDE"] as const;
const OFTEN = ["always", "sometimes", "never"] as const;
const rank = ({ effect, when }: Pick<Clearest, "effect" | "when">) =>
  EFFECTS.indexOf(effect) * OFTEN.length + OFTEN.indexOf(when);
const better = (a: Clearest, b: Clearest): Clearest => (rank(b) < rank(a) ? b : a);

function groupCells({ domain }: PolicySet, rows: readonly FieldCell[]): readonly GroupCell[] {
  // A person who reads her own data belongs to no agency.
  const staff = rows.filter(({ role }) => role !== "dataSubject");
  const byCell = Map.groupBy(staff, ({ agency, group }) => `${agency} ${group}`);
  return domain.agencies.flatMap((agency) =>
    [...domain.groups.keys()].flatMap((group): readonly GroupCell[] => {
      const cells = byCell.get(`${agency} ${group}`);
      if (!cells) return [];
      const { best, bests, fields } = bestOf(cells);
      const isOpen = best.effect !== "DENY" && best.effect !== "HIDE";
      const roles = cells
        .filter((_, index) => isOpen && rank(bests[index]!) === rank(best))
        .map(({ role }) => role);
      return [{ agency, group, ...best, roles: [...new Set(roles)].sort(), fields }];
    }),
  );
}

function roleCells({ domain }: PolicySet, rows: readonly FieldCell[]): readonly RoleCell[] {
  const byRole = Map.groupBy(rows, ({ agency, role }) => `${agency} ${role}`);
  return [...byRole.values()].flatMap((ofRole) => {
    const byGroup = Map.groupBy(ofRole, ({ group }) => group);
    return [...domain.groups.keys()].flatMap((group): readonly RoleCell[] => {
      const [first, ...others] = byGroup.get(group) ?? [];
      if (!first) return [];
      const { best, fields } = bestOf([first, ...others]);
      return [{ agency: first.agency, role: first.role, group, ...best, fields }];
    });
  });
}

/** The clearest that any of the cells gets, and what each of them gets at best. */
function bestOf(cells: readonly FieldCell[]) {
  const bests = cells.map(({ inCase, withoutCase }) => better(inCase, withoutCase));
  const { effect, when } = bests.reduce(better);
  return { best: { effect, when }, bests, fields: counts(cells, bests) };
}

function counts(cells: readonly FieldCell[], bests: readonly Clearest[]): GroupCell["fields"] {
  const byField = new Map<string, Clearest>();
  for (const [index, { field }] of cells.entries())
    byField.set(field, better(byField.get(field) ?? bests[index]!, bests[index]!));
  const of = (...effects: readonly Clearest["effect"][]) =>
    [...byField.values()].filter(({ effect }) => effects.includes(effect)).length;
  return { clear: of("ALLOW"), masked: of("MASK"), aggregate: of("AGGREGATE"), closed: of("DENY", "HIDE") };
}

/** RFC 4180, with a header. Codes only: nothing in it needs quoting, except a list. */
export function groupsCsv({ groups }: AccessMatrix): string {
  const rows = groups.map(({ agency, group, effect, when, roles, fields }) =>
    [
      agency,
      group,
      effect,
      when,
      fields.clear,
      fields.masked,
      fields.aggregate,
      fields.closed,
      roles.join(" "),
    ].join(","),
  );
  return csv("agency,group,effect,when,clear,masked,aggregate,closed,roles", rows);
}

export function fieldsCsv({ fields }: AccessMatrix): string {
  const rows = fields.map(
    ({ agency, role, purpose, certificates, field, group, level, inCase, withoutCase }) =>
      [
        ...[agency, role, purpose, certificates.join(" "), field, group, level],
        ...[inCase, withoutCase].flatMap((way) => [way.effect, way.level ?? "", way.when]),
      ].join(","),
  );
  const header =
    "agency,role,purpose,certificates,field,group,class,case,case_form,case_when,register,register_form,register_when";
  return csv(header, rows);
}

const csv = (header: string, rows: readonly string[]): string => `${[header, ...rows].join("\r\n")}\r\n`;
