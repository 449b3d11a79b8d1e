/**
 * The decision procedure of the domain rules, written straight from its text and the tables of schema/domain.json.
 *
 * An independent oracle: it shares no code with `src/policy`, knows nothing of Cedar, and is read beside the rules,
 * step by step. Deliberately plain.
 */
import { readFileSync } from "node:fs";

type Tables = {
  fields: { type: string; field: string; cls: string; group: string }[];
  roles: { id: string; purposes: string[] }[];
  clearance: Record<string, { cls: string }>;
  masks: { group: string; agency: string; kind: string; fields: string[] }[];
  matrix: Record<string, Record<string, { effect: string; reason: string }>>;
  order: string[];
};

export interface OracleQuestion {
  agency: string;
  role: string;
  purpose: string;
  field: string;
  row: OracleRow;
}

export interface OracleRow {
  caseBound?: boolean;
  own?: boolean;
  owner?: boolean;
  assigned?: boolean;
  referrals?: { status: string; expiresAt: number; purpose: string; groups: string[] }[];
  consents?: { status: string; validUntil: number; recipients: string[]; groups: string[] }[];
  basis?: string;
  charged?: boolean;
  courtGroups?: string[];
  child?: boolean;
  sealed?: boolean;
  officialSuspect?: boolean;
  staffConflict?: boolean;
  certificates?: string[];
  breakGlass?: { until: number };
}

export interface OracleAnswer {
  effect: string;
  reason: string | null;
}

const tables: Tables = JSON.parse(readFileSync(new URL("../../schema/domain.json", import.meta.url), "utf8"));
const fields = new Map(tables.fields.map((f) => [`${f.type}.${f.field}`, { group: f.group, cls: f.cls }]));
/** Fields that the schema has beyond the domain's table, with the same columns. */
type Extra = { fields: Record<string, { group: string | null; class: string | null }> };
const extra: Extra = JSON.parse(
  readFileSync(new URL("../../schema/manifest.extra.json", import.meta.url), "utf8"),
);
for (const [where, { group, class: cls }] of Object.entries(extra.fields)) {
  if (group !== null && cls !== null) fields.set(where, { group, cls });
}
const roles = new Map(tables.roles.map((r) => [r.id, r.purposes]));

export const oracleTables = tables;

const PERSON =
  "IDENTITY_CORE DEMOGRAPHICS IDENTIFIERS CONTACT EMPLOYMENT WAGES_COMPLAINTS IMMIGRATION RISK_SIGNALS".split(
    " ",
  );
const COMMON = "AUDIT_TRAIL AGGREGATES COMMITTEE TRAINING POLICIES".split(" ");
const NOT_BY_GLASS =
  "REPORT_SOURCE SHELTER_PLACEMENT HEALTH_PSYCH SUSPECT INVESTIGATION_FILE PROSECUTION_FILE".split(" ");
const NOW = 1000;

export function oracle({ agency, role, purpose, field, row }: OracleQuestion): OracleAnswer {
  // Step 1
  const f = fields.get(field);
  const purposes = roles.get(role);
  if (!f || !purposes || role.split(".")[0] !== agency || !purposes.includes(purpose)) {
    return { effect: "DENY", reason: null };
  }
  const { group } = f;
  // What the matrix does not list is closed.
  const cell = tables.matrix[group]?.[agency] ?? { effect: "D", reason: "R7" };
  const is = (letters: string) => letters.includes(cell.effect);
  const kind = PERSON.includes(group) ? "person" : COMMON.includes(group) ? "common" : "case";

  // Facts (§3)
  const caseBound = row.caseBound ?? true;
  const referrals = caseBound ? (row.referrals ?? []) : [];
  const consents = caseBound ? (row.consents ?? []) : [];
  const holder = caseBound && row.owner === true;
  const accepted = referrals.filter((r) => r.status === "ACCEPTED");
  const live = accepted.filter((r) => r.expiresAt > NOW && r.purpose === purpose);
  const party = holder || live.length > 0;
  const granted = holder || live.some((r) => r.groups.includes(group));
  const naming = consents.filter((c) => c.recipients.includes(agency) && c.groups.includes(group));
  const refused = naming.some((c) => c.status === "REFUSED" || c.status === "WITHDRAWN");
  const given = naming.some((c) => c.status === "GIVEN" && c.validUntil > NOW);
  const consented = given && !refused;
  const charged = caseBound && row.charged === true;
  const header = tables.matrix["CASE_HEADER"]![agency]!.effect;
  const knows: Record<string, boolean> = {
    A: true,
    M: true,
    P: holder || accepted.length > 0,
    S: charged,
    H: false,
  };
  const known = caseBound && knows[header] === true;
  const glass =
    caseBound &&
    (row.breakGlass?.until ?? 0) > NOW &&
    purpose === "EMERGENCY_PROTECTION" &&
    !NOT_BY_GLASS.includes(group);
  const basis = caseBound ? row.basis : undefined;
  const register = cell.effect === "O" || cell.reason === "R12";
  const inCase = kind === "case" || (kind === "person" && caseBound && !register);
  const assigned = row.assigned ?? true;
  const fail = (reason: string) => ({
    effect: kind === "case" && (group === "CASE_HEADER" || !known) ? "HIDE" : "DENY",
    reason,
  });

  // Step 2
  if (
    kind === "case" &&
    (purpose === "IMMIGRATION_ENFORCEMENT" || row.officialSuspect || row.staffConflict)
  ) {
    return { effect: "HIDE", reason: cell.reason };
  }
  // Step 3
  if (is("H")) return { effect: "HIDE", reason: cell.reason };
  if (is("D")) return { effect: "DENY", reason: cell.reason };
  if (is("K")) return { effect: "AGGREGATE", reason: cell.reason };
  // Step 4
  const lifted = ["LEGAL_DUTY", "COURT_ORDER", "VITAL_INTEREST"].includes(basis ?? "");
  if (is("APC") && kind !== "common" && refused && !register && !holder && !lifted) return fail("R3");
  // Step 5
  if (!relation()) return fail(cell.reason);
  // Step 6
  if (inCase && (row.officialSuspect || row.staffConflict)) return fail("R7");
  // Step 7
  if (is("APCOS") && (f.cls === "S4" || f.cls === "S5") && !assigned && !register && !holder && !glass) {
    return fail("R7");
  }
  // Step 8
  if (!register && classOf() > Number(tables.clearance[purpose]!.cls.slice(1))) return fail("R7");
  // Step 9
  if (row.sealed && field === "Verdict.defendant" && !["CRT", "PPO", "EPC"].includes(agency))
    return fail("R7");
  // Step 10
  if (
    row.child &&
    inCase &&
    group !== "CASE_HEADER" &&
    !["MOI", "PPO", "CRT", "EPC", "MOSD"].includes(agency) &&
    !(row.certificates ?? []).includes("INTERVIEW_CHILD")
  ) {
    return fail("R10");
  }
  if (purpose === "CONSULAR_ASSISTANCE" && row.child && inCase && basis !== "CHILD_INTEREST")
    return fail("R10");
  // Step 11
  return { effect: is("MG") ? "MASK" : "ALLOW", reason: cell.reason };

  function relation(): boolean {
    const existence = field === "Case.id";
    if (is("A")) return true;
    if (is("O")) return row.own === true;
    if (is("P")) return (existence ? party : granted) || glass;
    if (is("C")) return (granted && consented) || glass;
    if (is("S")) return charged && (existence || (row.courtGroups ?? []).includes(group));
    const mask = tables.masks.find((m) => m.group === group && m.agency === agency)!;
    return mask.kind !== "fields" || mask.fields.includes(field) || field.endsWith(".id");
  }

  function classOf(): number {
    let level = Number(f!.cls.slice(1));
    if (level === 3 && row.child && inCase) level = 4;
    if (group === "TRIAL_VERDICT" && row.sealed) level = Math.max(level, 4);
    return level;
  }
}
