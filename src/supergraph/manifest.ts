/**
 * The ownership manifest: which agency may declare and serve which coordinate, and under which labels.
 *
 * In      `domain.json` (251 fields) and `manifest.extra.json`: fields the model does not have, or has elsewhere
 *         (`fields`), fields that another agency serves for their owner (`served`) or beside it (`shared`), root fields,
 *         agency-own types, the masked forms of fields (`forms`), the words of decisions (`kinds`, `neverBroken`, `bases`, `certificates`), and
 *         what an agency may do in spite of the rule (`allowances`). What is in neither table is nobody's, and is refused.
 * Out     one entry per coordinate. Labels in SDL are untrusted until they equal it.
 * Edges   `entities` are the types with rights of their own: an edge to one is decided by itself. Any other type with a
 *         grouped field is a record: an edge to it opens when any field of it does. A record may have a `uid` all the
 *         same (several cases share one trial); what makes an entity is that reaching it discloses something by itself:
 *         who a person is, that there is a case, who is suspected.
 */
import { join } from "node:path";
import { z } from "zod";
import { type Coordinate, coordinate } from "../kernel/brands.ts";
import { type Allowance, allowanceSchema } from "./allowances.ts";
import { type Domain, loadDomain, readTable } from "./domain.ts";
import { manifestProblems, movedFields } from "./manifest-problems.ts";
import { supergraphInvalid } from "./problems.ts";
import type { Sensitivity } from "./supergraph.ts";

export interface ManifestField {
  readonly coordinate: Coordinate;
  /** Agency whose policies decide; `GW` for what the gateway computes. */
  readonly owner: string;
  readonly group: string | null;
  readonly level: Sensitivity | null;
  readonly policyInput: boolean;
  /** Its name in `domain.json`, by which policies and `policy decide` know it; null for fields the schema adds. */
  readonly domainName: Coordinate | null;
  /** Agencies that may declare it; the first must. */
  readonly servedBy: readonly string[];
}

export interface Manifest {
  readonly fields: ReadonlyMap<string, ManifestField>;
  /** `Query.case` → `EPC` */
  readonly roots: ReadonlyMap<string, string>;
  /** Types, inputs and code lists that one agency uses alone: `TransnationalReferral` → `EXT`. */
  readonly types: ReadonlyMap<string, string>;
  readonly entities: ReadonlySet<string>;
  /** Edges to an entity that open like an edge to a record: `Case.victim`, by which granted identity is reached. */
  readonly recordEdges: ReadonlySet<string>;
  /** Entities of registers that disclosures are about when no case is around them: a person, an employer. */
  readonly subjects: ReadonlySet<string>;
  /** Types that have fields in the manifest; all others are values. */
  readonly owned: ReadonlySet<string>;
  /** Types that have a grouped field. */
  readonly grouped: ReadonlySet<string>;
  /** Masked forms of fields, clearest first: `Person.birthDate` → `year`, `ageBand` (`kernel/mask-forms.ts`). */
  readonly forms: ReadonlyMap<string, readonly string[]>;
  /** Uses of federation directives that are refused unless they are listed. */
  readonly allowances: readonly Allowance[];
}

/** Of a supergraph in which nothing is owned and nothing is decided. */
export const NO_MANIFEST: Manifest = {
  fields: new Map(),
  roots: new Map(),
  types: new Map(),
  entities: new Set(),
  recordEdges: new Set(),
  subjects: new Set(),
  owned: new Set(),
  grouped: new Set(),
  forms: new Map(),
  allowances: [],
};

const name = z.string().min(1);
const level = z.enum(["S0", "S1", "S2", "S3", "S4", "S5"]);
const names = z.array(name);
const byAgency = z.record(name, names);

const extraSchema = z.strictObject({
  entities: names,
  recordEdges: names,
  subjects: names,
  /** Every group of the model, once. */
  kinds: z.strictObject({ personData: names, commonData: names, caseData: names }),
  neverBroken: names,
  bases: names,
  certificates: names,
  fields: z.record(
    name,
    z.strictObject({
      owner: name,
      group: name.nullable(),
      class: level.nullable(),
      policyInput: z.boolean().optional(),
      domain: name.optional(),
    }),
  ),
  served: z.record(name, z.strictObject({ by: name, owner: name })),
  shared: byAgency,
  roots: byAgency,
  types: byAgency,
  forms: z.record(name, z.array(name).min(1)).default({}),
  allowances: z.array(allowanceSchema).default([]),
});
export type Extra = z.infer<typeof extraSchema>;

export async function loadManifest(schemaDir: string): Promise<Manifest> {
  const [domain, extra] = await Promise.all([
    loadDomain(schemaDir),
    readTable(join(schemaDir, "manifest.extra.json"), extraSchema),
  ]);
  const manifest = buildManifest(domain, extra);
  const problems = manifestProblems(domain, extra, manifest);
  if (problems.length > 0) throw supergraphInvalid(problems);
  return manifest;
}

function buildManifest(domain: Domain, extra: Extra): Manifest {
  const moved = movedFields(extra);
  const entries = [
    ...domain.fields
      .filter(({ type, field }) => !moved.has(`${type}.${field}`))
      .map((field) => domainEntry(field, extra)),
    ...Object.entries(extra.fields).map(([at, field]) => extraEntry(at, field, extra)),
  ];
  return {
    fields: new Map(entries.map((entry) => [entry.coordinate, entry])),
    roots: inverted(extra.roots),
    types: inverted(extra.types),
    entities: new Set(extra.entities),
    recordEdges: new Set(extra.recordEdges),
    subjects: new Set(extra.subjects),
    owned: new Set(entries.map(typeOf)),
    grouped: new Set(entries.filter(({ group }) => group !== null).map(typeOf)),
    forms: new Map(Object.entries(extra.forms)),
    allowances: extra.allowances,
  };
}

/** An id follows its object, whatever group the model prints: it is computed, never decided by itself. */
const followsObject = (field: string): boolean => field === "id";

function domainEntry(row: Domain["fields"][number], extra: Extra): ManifestField {
  const at = coordinate(row.type, row.field);
  const served = extra.served[at];
  const plain = followsObject(row.field);
  return {
    coordinate: at,
    owner: served?.owner ?? row.owner,
    group: plain ? null : row.group,
    level: plain ? null : row.cls,
    policyInput: false,
    domainName: at,
    servedBy: [served?.by ?? row.owner, ...besides(at, extra)],
  };
}

function extraEntry(at: string, row: Extra["fields"][string], extra: Extra): ManifestField {
  return {
    coordinate: at as Coordinate,
    owner: row.owner,
    group: row.group,
    level: row.class,
    policyInput: row.policyInput ?? false,
    domainName: (row.domain as Coordinate | undefined) ?? null,
    servedBy: [extra.served[at]?.by ?? row.owner, ...besides(at, extra)],
  };
}

/** Who serves a field beside the first: those it is shared with, and those who may take it over. */
const besides = (at: string, { shared, allowances }: Extra): readonly string[] => [
  ...(shared[at] ?? []),
  ...allowances
    .filter(({ allows, coordinate: one }) => allows === "override" && one === at)
    .map(({ agency }) => agency),
];

const typeOf = ({ coordinate: at }: ManifestField): string => at.slice(0, at.indexOf("."));

const inverted = (lists: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(lists).flatMap(([agency, names]) => names.map((item) => [item, agency] as const)));
