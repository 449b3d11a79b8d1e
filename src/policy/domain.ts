/**
 * The tables that policies and the decision procedure share, typed: fields, groups, matrix, masks, roles, clearance.
 *
 * In      `schema/domain.json` (the national model) and `schema/manifest.extra.json` (coordinates that the schema adds, masked forms).
 * Out     a frozen `Domain`, the same for the same tables; names of domain.json stay valid for `policy decide`.
 * Errors  a missing or malformed file throws at start-up, never during a request.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { PACKAGE_ROOT } from "../config/package-root.ts";
import { type MaskedForm, maskedForms } from "./masked-forms.ts";

/** A allow, O own, P party, C party and consent, S stage, M masked, G generalised, K aggregates, D denied, H hidden. */
type CellEffect = "A" | "O" | "P" | "C" | "S" | "M" | "G" | "K" | "D" | "H";
type ClassCode = "S0" | "S1" | "S2" | "S3" | "S4" | "S5";
export type GroupKind = "personData" | "commonData" | "caseData";

export interface Cell {
  readonly effect: CellEffect;
  readonly reason: string;
}

export interface DomainField {
  readonly coordinate: string;
  readonly type: string;
  readonly field: string;
  readonly group: string;
  readonly level: ClassCode;
  /** Clearest first. */
  readonly forms: readonly MaskedForm[];
}

export interface MaskRow {
  readonly group: string;
  readonly agency: string;
  readonly kind: "fields" | "rows" | "transform";
  readonly fields: readonly string[];
}

export interface Domain {
  /** Agency codes, in the order of the matrix. */
  readonly agencies: readonly string[];
  /** Field groups, with what they hold. */
  readonly groups: ReadonlyMap<string, string>;
  /** Coordinates that carry a group: those of domain.json first, then those that the schema adds. */
  readonly fields: ReadonlyMap<string, DomainField>;
  /** Role → purposes that it may claim. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>;
  readonly purposes: readonly string[];
  /** Purpose → the highest class that it may read. */
  readonly clearance: ReadonlyMap<string, ClassCode>;
  readonly masks: readonly MaskRow[];
  readonly reasons: readonly string[];
  /** What the matrix does not list is closed. Throws on an unknown agency: they come from a closed list. */
  cell(group: string, agency: string): Cell;
}

const PERSON_GROUPS = new Set([
  "IDENTITY_CORE",
  "DEMOGRAPHICS",
  "IDENTIFIERS",
  "CONTACT",
  "EMPLOYMENT",
  "WAGES_COMPLAINTS",
  "IMMIGRATION",
  "RISK_SIGNALS",
]);
const COMMON_GROUPS = new Set(["AUDIT_TRAIL", "AGGREGATES", "COMMITTEE", "TRAINING", "POLICIES"]);

/** Groups that break-glass never opens (rules §3, glass). */
export const NEVER_BROKEN: ReadonlySet<string> = new Set([
  "REPORT_SOURCE",
  "SHELTER_PLACEMENT",
  "HEALTH_PSYCH",
  "SUSPECT",
  "INVESTIGATION_FILE",
  "PROSECUTION_FILE",
]);

/** Kinds of group (rules §2): what is neither the person's nor common is the case's. */
export function kindOf(group: string): GroupKind {
  if (PERSON_GROUPS.has(group)) return "personData";
  return COMMON_GROUPS.has(group) ? "commonData" : "caseData";
}

/** What an agency keeps itself (rules §3, register). */
export const isRegister = (cell: Cell): boolean => cell.effect === "O" || cell.reason === "R12";

interface RawDomain {
  readonly order: readonly string[];
  readonly groups: readonly { readonly code: string; readonly en: string }[];
  readonly fields: readonly {
    readonly type: string;
    readonly field: string;
    readonly group: string | null;
    readonly cls: ClassCode;
  }[];
  readonly roles: readonly { readonly id: string; readonly purposes: readonly string[] }[];
  readonly clearance: Readonly<Record<string, { readonly cls: ClassCode }>>;
  readonly masks: readonly MaskRow[];
  readonly reasons: readonly { readonly code: string }[];
  readonly matrix: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
}

interface RawExtra {
  readonly fields: Readonly<
    Record<string, { readonly group?: string | null; readonly class?: string | null }>
  >;
  readonly forms?: Readonly<Record<string, readonly string[]>>;
}

/** A cell that the matrix does not list: denied, for want of a purpose. */
const CLOSED: Cell = { effect: "D", reason: "R7" };

const kept = new LRUCache<string, Domain>({ max: 8 });

/** Reads the folder as it is now; tables that did not change are the same object. */
export function loadDomain(schemaDir = join(PACKAGE_ROOT, "schema")): Domain {
  const texts = ["domain.json", "manifest.extra.json"].map((file) =>
    readFileSync(join(schemaDir, file), "utf8"),
  );
  const key = hash("sha256", texts.join("\0"));
  const [tables = "", extra = ""] = texts;
  const domain = kept.get(key) ?? buildDomain(JSON.parse(tables), JSON.parse(extra));
  kept.set(key, domain);
  return domain;
}

let shipped: Domain | undefined;

/** What ships, read once: for rows, which are many. */
export function shippedDomain(): Domain {
  shipped ??= loadDomain();
  return shipped;
}

function buildDomain(raw: RawDomain, extra: RawExtra): Domain {
  const fields = new Map<string, DomainField>();
  const add = (coordinate: string, group: string | null | undefined, level: string) => {
    const [type = "", field = ""] = coordinate.split(".");
    if (!group || fields.has(coordinate)) return;
    const forms = maskedForms({ coordinate, field, group }, raw.masks, extra.forms?.[coordinate] ?? []);
    fields.set(coordinate, { coordinate, type, field, group, level: level.slice(0, 2) as ClassCode, forms });
  };
  for (const { type, field, group, cls } of raw.fields) add(`${type}.${field}`, group, cls);
  for (const [coordinate, { group, class: level }] of Object.entries(extra.fields))
    add(coordinate, group, level ?? "S5");
  return Object.freeze({
    agencies: raw.order,
    groups: new Map(raw.groups.map(({ code, en }) => [code, en])),
    fields,
    roles: new Map(raw.roles.map(({ id, purposes }) => [id, new Set(purposes)])),
    purposes: Object.keys(raw.clearance),
    clearance: new Map(Object.entries(raw.clearance).map(([purpose, { cls }]) => [purpose, cls])),
    masks: raw.masks,
    reasons: raw.reasons.map(({ code }) => code),
    cell: (group: string, agency: string) => {
      if (!raw.order.includes(agency)) throw new Error(`the matrix has no agency \`${agency}\``);
      return raw.matrix[group]?.[agency] ?? CLOSED;
    },
  });
}
