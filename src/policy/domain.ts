/**
 * The tables that policies and the decision procedure share, typed: fields, groups, matrix, masks, roles, clearance.
 *
 * In      `domain.json` (the national model) and `manifest.extra.json` (coordinates that the schema adds; masked forms; which kind each
 *         group is of, which ones break-glass never opens, legal bases and certificates) of a deployment's schema folder.
 * Out     a frozen `Domain`, the same for the same tables; names of domain.json stay valid for `policy decide`.
 * Errors  SUPERGRAPH_INVALID for what the second file lacks; a missing or malformed file throws at start-up, never during a request.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { GatewayError } from "../kernel/errors.ts";
import { type MaskedForm, maskedForms } from "./masked-forms.ts";

/** A allow, O own, P party, C party and consent, S stage, M masked, G generalised, K aggregates, D denied, H hidden. */
type CellEffect = "A" | "O" | "P" | "C" | "S" | "M" | "G" | "K" | "D" | "H";
type ClassCode = "S0" | "S1" | "S2" | "S3" | "S4" | "S5";
const GROUP_KINDS = ["personData", "commonData", "caseData"] as const;
type GroupKind = (typeof GROUP_KINDS)[number];

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
  /** Groups that break-glass never opens (rules §3, glass). */
  readonly neverBroken: ReadonlySet<string>;
  /** Legal bases that a referral may be written on, beside none. */
  readonly bases: readonly string[];
  /** Certificates that policies may ask for. */
  readonly certificates: readonly string[];
  /** Kinds of group (rules §2). What the tables do not list is as closed as a case; a deployment does not start with it. */
  kindOf(group: string): GroupKind;
  /** What the matrix does not list is closed. Throws on an unknown agency: they come from a closed list. */
  cell(group: string, agency: string): Cell;
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

const names = z.array(z.string());
/** What decisions need of `manifest.extra.json`; `supergraph/manifest.ts` holds all of it to the model. */
const extraSchema = z.object({
  fields: z.record(z.string(), z.object({ group: z.string().nullish(), class: z.string().nullish() })),
  kinds: z.object({ personData: names, commonData: names, caseData: names }),
  neverBroken: names,
  bases: names,
  certificates: names,
  forms: z.record(z.string(), names).default({}),
});
type Extra = z.infer<typeof extraSchema>;

/** A cell that the matrix does not list: denied, for want of a purpose. */
const CLOSED: Cell = { effect: "D", reason: "R7" };

const EXTRA_FILE = "manifest.extra.json";

const kept = new LRUCache<string, Domain>({ max: 8 });

/** Reads the folder as it is now; tables that did not change are the same object. */
export function loadDomain(schemaDir: string): Domain {
  const texts = ["domain.json", EXTRA_FILE].map((file) => readFileSync(join(schemaDir, file), "utf8"));
  const key = hash("sha256", texts.join("\0"));
  const [tables = "", extra = ""] = texts;
  const domain = kept.get(key) ?? buildDomain(JSON.parse(tables), extraOf(schemaDir, JSON.parse(extra)));
  kept.set(key, domain);
  return domain;
}

function extraOf(schemaDir: string, tables: unknown): Extra {
  const parsed = extraSchema.safeParse(tables);
  if (parsed.success) return parsed.data;
  const file = join(schemaDir, EXTRA_FILE);
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${file}: \`${path.join(".")}\`: ${message}`,
  );
  throw new GatewayError("SUPERGRAPH_INVALID", "the supergraph cannot be used", { problems });
}

function buildDomain(raw: RawDomain, extra: Extra): Domain {
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
  const kinds = new Map(
    GROUP_KINDS.flatMap((kind) => extra.kinds[kind].map((group) => [group, kind] as const)),
  );
  return Object.freeze({
    agencies: raw.order,
    groups: new Map(raw.groups.map(({ code, en }) => [code, en])),
    fields,
    roles: new Map(raw.roles.map(({ id, purposes }) => [id, new Set(purposes)])),
    purposes: Object.keys(raw.clearance),
    clearance: new Map(Object.entries(raw.clearance).map(([purpose, { cls }]) => [purpose, cls])),
    masks: raw.masks,
    reasons: raw.reasons.map(({ code }) => code),
    neverBroken: new Set(extra.neverBroken),
    bases: extra.bases,
    certificates: extra.certificates,
    kindOf: (group: string) => kinds.get(group) ?? "caseData",
    cell: (group: string, agency: string) => {
      if (!raw.order.includes(agency)) throw new Error(`the matrix has no agency \`${agency}\``);
      return raw.matrix[group]?.[agency] ?? CLOSED;
    },
  });
}
